package dev.pando.server.control;

import dev.pando.base.sql.Quote;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.TableName;

/**
 * Deals the values of a serial or identity column out between shards: of n shards, shard s gives s + 1, s + 1 + n, s + 1 + 2n …
 *
 * <p>Interleaving rather than one block of values per shard, because it wastes nothing of a smallint's or integer's range, keeps ids
 * short and roughly in the order of time, and needs no knowledge of the column's type. The price: when shards are added, the sequences
 * have to be dealt out again above the highest value given so far, which is one short statement per sequence.
 */
final class Sequences {
    private Sequences() {}

    static String dealOut(TableFacts.SequenceFact sequence, ShardId shard, int shards) {
        return alter(sequence.name(), shards, first(sequence.last(), shard.index(), shards));
    }

    static String takeBack(TableName sequence, long last) {
        return alter(sequence, 1, last + 1);
    }

    /** The smallest value above {@code last} that is the shard's. */
    static long first(long last, int shard, int shards) {
        long next = Math.max(last, 0) + 1;
        return next + Math.floorMod(shard - (next - 1), (long) shards);
    }

    private static String alter(TableName sequence, int increment, long restart) {
        return "ALTER SEQUENCE "
                + Quote.qualified(sequence.schema(), sequence.name()) + " INCREMENT BY " + increment
                + " RESTART WITH " + restart;
    }
}
