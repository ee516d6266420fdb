/**
 * Facts without a server: a schema read from the statements that made it ({@code Schema}, {@code Definitions}), the form of a statement on it
 * ({@code Forms}), and what the oracle's tables say of that form ({@code KnownForms}). What any of them does not understand is unknown.
 */
@NullMarked
package dev.pando.lint.offline;

import org.jspecify.annotations.NullMarked;
