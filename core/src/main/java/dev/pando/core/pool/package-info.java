/** The pool of server connections: pure decisions on leases and queues. */
@NullMarked
package dev.pando.core.pool;

import org.jspecify.annotations.NullMarked;
