/** Rewrites of statements as steps that block nobody for long. */
@NullMarked
package dev.pando.lint.recipe;

import org.jspecify.annotations.NullMarked;
