package dev.pando.lab.oracle;

/** A table, materialized view or index that has another file now, because every row was written again or the file was copied. */
public record FileChange(Relation relation, Kind kind) {
    public enum Kind {
        /** Written anew or copied: takes time and space in proportion to its size. */
        REPLACED,
        /** It had rows and the new file has none, as after TRUNCATE. */
        EMPTIED
    }
}
