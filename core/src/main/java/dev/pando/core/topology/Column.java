package dev.pando.core.topology;

import org.jspecify.annotations.Nullable;

/**
 * A column as the router needs it.
 *
 * @param collation name of the column's collation, null for types without one
 * @param byteOrdered whether that collation orders by bytes of UTF-8 (C, POSIX, C.UTF-8, pg_c_utf8, or the database's default when it is one of them)
 * @param deterministic whether that collation calls texts equal only if their bytes are; true without one
 */
public record Column(
        String name,
        int typeOid,
        @Nullable String collation,
        boolean byteOrdered,
        boolean deterministic,
        Default defaultValue) {
    /** A column of a deterministic collation, or of none. */
    public Column(String name, int typeOid, @Nullable String collation, boolean byteOrdered, Default defaultValue) {
        this(name, typeOid, collation, byteOrdered, true, defaultValue);
    }

    /** What fills the column when an INSERT leaves it out. */
    public enum Default {
        /** NULL or an immutable expression: the same on every shard. */
        SAME_EVERYWHERE,
        /** A sequence, identity, now(), gen_random_uuid() and the like: different on each shard. */
        DIFFERS,
        /** GENERATED ALWAYS AS (…): computed from the row. */
        COMPUTED
    }
}
