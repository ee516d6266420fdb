/** What people and programs read of a report. */
@NullMarked
package dev.pando.lint.output;

import org.jspecify.annotations.NullMarked;
