package dev.pando.lab.oracle;

/** What a relation is to the statement that locked it. */
public enum Role {
    /** The first relation that the statement names. */
    TARGET,
    /** The default partition of a table that is locked. */
    DEFAULT_PARTITION,
    /** A partition of a table that is locked. */
    PARTITION,
    /** A table that inherits from one that is locked. */
    CHILD,
    /** The table that a locked one is a partition of, or inherits from. */
    PARENT,
    /** What a foreign key of a locked table refers to. */
    REFERENCED,
    /** A table with a foreign key to one that is locked. */
    REFERENCING,
    /** The table of an index that the statement names. */
    TABLE_OF_INDEX,
    INDEX,
    SEQUENCE,
    /** Another relation that the statement names. */
    NAMED,
    OTHER
}
