/**
 * A twin of a database: an embedded server with its schema, its statistics and files of its relations' lengths, but no row. The planner
 * there decides as it does on the target.
 *
 * <p>{@link dev.pando.lab.twin.SnapshotReader} reads a target's catalogs into a {@link dev.pando.lab.twin.Snapshot}, which is all that is
 * known of it, and {@link dev.pando.lab.twin.Twin} builds a server from that.
 */
@NullMarked
package dev.pando.lab.twin;

import org.jspecify.annotations.NullMarked;
