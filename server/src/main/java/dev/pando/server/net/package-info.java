/** The only sockets of the data path. */
@NullMarked
package dev.pando.server.net;

import org.jspecify.annotations.NullMarked;
