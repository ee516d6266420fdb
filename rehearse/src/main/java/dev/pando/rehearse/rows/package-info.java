/** Rows for a copy: what a table's rows have to satisfy, and the statements that make them on the server. */
@NullMarked
package dev.pando.rehearse.rows;

import org.jspecify.annotations.NullMarked;
