/** What a rehearsal showed, for people and for programs. */
@NullMarked
package dev.pando.rehearse.output;

import org.jspecify.annotations.NullMarked;
