/** Pictures of figures, as SVG. */
@NullMarked
package dev.pando.base.plot;

import org.jspecify.annotations.NullMarked;
