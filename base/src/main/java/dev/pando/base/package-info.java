/** What every part of Pando knows. */
@NullMarked
package dev.pando.base;

import org.jspecify.annotations.NullMarked;
