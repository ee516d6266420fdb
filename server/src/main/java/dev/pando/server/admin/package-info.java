/** The admin database: SHOW commands over the wire protocol. */
@NullMarked
package dev.pando.server.admin;

import org.jspecify.annotations.NullMarked;
