/** {@code pando lint}: migrations judged by what their statements lock, scan and rewrite. */
@NullMarked
package dev.pando.lint;

import org.jspecify.annotations.NullMarked;
