/**
 * The lock oracle: runs a statement on a server that can be thrown away and tells what it locked, rewrote, built and read there.
 *
 * <p>{@link dev.pando.lab.oracle.LockOracle} runs it, in a transaction where the statement allows one ({@code SchemaState} before and after
 * gives the facts), else step by step against transactions of its own ({@code PhasedRun}). {@link dev.pando.lab.oracle.Corpus} has the
 * statements whose observations are kept for each major, {@link dev.pando.lab.oracle.OracleTable} reads these.
 */
@NullMarked
package dev.pando.lab.oracle;

import org.jspecify.annotations.NullMarked;
