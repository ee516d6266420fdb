/** Who a client is: which method it has to prove itself by, the proof, and with what servers are logged in to as that user. */
@NullMarked
package dev.pando.server.auth;

import org.jspecify.annotations.NullMarked;
