package dev.pando.lab.oracle;

/** A table that was there before and was read. */
public record TableRead(Relation relation, Kind kind) {
    public enum Kind {
        /** Sequential scans were begun: the table is read in full, unless the statement has a LIMIT. */
        SCAN,
        /** As many blocks were fetched as it has, without a sequential scan. A sample of a small table looks the same (ANALYZE). */
        ALL_BLOCKS
    }
}
