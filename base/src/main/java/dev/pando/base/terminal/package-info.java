/** What commands show on a terminal. */
@NullMarked
package dev.pando.base.terminal;

import org.jspecify.annotations.NullMarked;
