package dev.pando.core.topology;

import java.util.List;

/**
 * The numbers that each shard's database gave to the types and tables of users. Clients know home's numbers, whatever shard answers them:
 * they look names up there.
 *
 * @param inside home's types whose binary values hold type OIDs, or may
 * @param shards by shard id; empty when all number alike
 */
public record Oids(Nested inside, List<OfShard> shards) {
    /** OIDs from here on are given by a database, and can be others on another shard. */
    private static final int FIRST_OWN = 16_384;

    public static final Oids ALIKE = new Oids(new Nested(IntMap.EMPTY, IntMap.EMPTY), List.of());

    public Oids {
        shards = List.copyOf(shards);
    }

    /**
     * Types that hold others, by home's OIDs.
     *
     * @param kinds the letter of its kind: {@code a} array, {@code c} composite, {@code d} domain, {@code r} range, {@code m} multirange
     * @param of the type that an array, domain, range or multirange is made of
     */
    public record Nested(IntMap kinds, IntMap of) {}

    /**
     * One shard's numbers.
     *
     * @param toHome types, from the shard's OIDs to home's
     * @param fromHome types, from home's OIDs to the shard's
     * @param tables from the shard's OIDs to home's, for tables whose columns have the same numbers
     */
    public record OfShard(IntMap toHome, IntMap fromHome, IntMap tables) {
        public static final OfShard NOTHING = new OfShard(IntMap.EMPTY, IntMap.EMPTY, IntMap.EMPTY);
    }

    /** Whether a database gave this number. */
    public static boolean own(int oid) {
        return Integer.compareUnsigned(oid, FIRST_OWN) >= 0;
    }

    /** Whether a shard's numbers are home's. */
    public boolean alike(ShardId shard) {
        return shards.isEmpty() || shard.equals(ShardId.HOME);
    }

    /** Home's number of a shard's type, {@link IntMap#NONE} when it is not known. */
    public int toHome(ShardId shard, int type) {
        return alike(shard) || !own(type)
                ? type
                : shards.get(shard.index()).toHome().get(type);
    }

    /** The shard's number of home's type, {@link IntMap#NONE} when it is not known. */
    public int fromHome(ShardId shard, int type) {
        return alike(shard) || !own(type)
                ? type
                : shards.get(shard.index()).fromHome().get(type);
    }

    /** Home's number of a shard's table; none for one that home does not have, or not with the same columns. */
    public int tableToHome(ShardId shard, int table) {
        return alike(shard) || !own(table)
                ? table
                : shards.get(shard.index()).tables().get(table);
    }

    /** Whether every shard has this type of home's. */
    public boolean everywhere(int type) {
        return !own(type)
                || shards.stream().skip(1).allMatch(shard -> shard.fromHome().get(type) != IntMap.NONE);
    }
}
