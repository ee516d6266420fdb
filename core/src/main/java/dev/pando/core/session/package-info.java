/** A client session as a state machine: events in, effects out. */
@NullMarked
package dev.pando.core.session;

import org.jspecify.annotations.NullMarked;
