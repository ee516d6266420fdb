/** Rules of shape, as tests. */
@NullMarked
package dev.pando.acceptance.shape;

import org.jspecify.annotations.NullMarked;
