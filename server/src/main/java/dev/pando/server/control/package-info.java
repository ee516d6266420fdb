/** The control plane: shard map, distribution of tables, statistics; blocking JDBC on virtual threads. */
@NullMarked
package dev.pando.server.control;

import org.jspecify.annotations.NullMarked;
