/** Shards, servers and the catalog of tables: immutable snapshots. */
@NullMarked
package dev.pando.core.topology;

import org.jspecify.annotations.NullMarked;
