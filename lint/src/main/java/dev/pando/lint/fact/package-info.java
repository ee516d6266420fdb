/** What is known of a statement, and what is found in it. */
@NullMarked
package dev.pando.lint.fact;

import org.jspecify.annotations.NullMarked;
