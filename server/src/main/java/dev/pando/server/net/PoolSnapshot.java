package dev.pando.server.net;

import dev.pando.core.pool.PoolStatistics;
import dev.pando.core.topology.ShardId;

/** A user's server connections to one shard of a database, at one moment. */
public record PoolSnapshot(String database, ShardId shard, String user, PoolStatistics counts) {}
