/** {@code pando rehearse}: a migration on a copy with rows, under traffic, and who waited for it. */
@NullMarked
package dev.pando.rehearse;

import org.jspecify.annotations.NullMarked;
