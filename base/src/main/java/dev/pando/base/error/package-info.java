/** The catalogue of every error Pando itself can raise. */
@NullMarked
package dev.pando.base.error;

import org.jspecify.annotations.NullMarked;
