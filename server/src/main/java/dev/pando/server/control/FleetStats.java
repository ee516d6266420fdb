package dev.pando.server.control;

import dev.pando.core.topology.Address;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The fleet as its servers described it at one moment. What a server that is down would have told is absent, never zero.
 *
 * @param epoch of the shard map
 * @param took how long asking all servers lasted
 */
public record FleetStats(Instant at, Duration took, long epoch, List<ShardStats> shards, List<TableStats> tables) {
    public FleetStats {
        shards = List.copyOf(shards);
        tables = List.copyOf(tables);
    }

    /**
     * @param size of the database on the primary, null when it does not tell
     */
    public record ShardStats(
            ShardId id,
            String name,
            ServerStats primary,
            List<ServerStats> replicas,
            @Nullable DatabaseStats size) {
        public ShardStats {
            replicas = List.copyOf(replicas);
        }

        public OptionalLong databaseBytes() {
            DatabaseStats known = size;
            return known == null ? OptionalLong.empty() : OptionalLong.of(known.bytes());
        }
    }

    /**
     * A shard's database as its primary sees it.
     *
     * @param blocksHit found in shared buffers, since the server's statistics began
     * @param blocksRead asked of the operating system
     * @param deadRows of all user tables that no vacuum has removed yet
     * @param connections of the whole server
     */
    public record DatabaseStats(
            long bytes, long blocksHit, long blocksRead, long deadRows, int connections, int maxConnections) {}

    /**
     * One server.
     *
     * @param error why it is down, null when it is up
     * @param inRecovery whether it is a standby at the moment
     * @param walPosition primary: where it writes; standby: what it has replayed; as PostgreSQL prints an LSN; null when down
     * @param lagBytes standby: bytes of the primary's WAL not yet replayed
     * @param replayLag standby: age of the last replayed commit while it is behind, zero when it has replayed all it received
     */
    public record ServerStats(
            Address address,
            boolean up,
            @Nullable String error,
            boolean inRecovery,
            @Nullable String walPosition,
            OptionalLong lagBytes,
            @Nullable Duration replayLag) {}

    /**
     * A declared table.
     *
     * @param placement {@code sharded} or {@code reference}
     * @param group the co-location group of a sharded table, else null
     * @param function name of its sharding function, else null
     * @param parts one per shard, in their order
     */
    public record TableStats(
            TableName table,
            String placement,
            @Nullable String group,
            @Nullable String function,
            List<TablePart> parts) {
        public TableStats {
            parts = List.copyOf(parts);
        }
    }

    /**
     * What one shard holds of a table.
     *
     * @param rows absent when the shard is down
     * @param estimated whether {@code rows} is the planner's estimate instead of a count
     * @param bytes with indexes and TOAST
     * @param keyShare part of the key space the function gives to the shard, 0 to 1; absent when the function cannot tell
     * @param rowShare part of the table's rows, 0 to 1; absent for reference tables and while a shard is down
     */
    public record TablePart(
            ShardId shard,
            OptionalLong rows,
            boolean estimated,
            OptionalLong bytes,
            OptionalDouble keyShare,
            OptionalDouble rowShare) {}
}
