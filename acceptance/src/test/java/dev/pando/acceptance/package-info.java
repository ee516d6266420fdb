/** The whole of Pando against real servers and real clients. */
@NullMarked
package dev.pando.acceptance;

import org.jspecify.annotations.NullMarked;
