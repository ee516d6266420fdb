package dev.pando.lab.oracle;

/** What a statement waits for beyond the locks it takes, while it holds what it has. */
public enum Wait {
    /** Transactions that use the table in a way that matters to it. */
    TRANSACTIONS_USING_TABLE,
    /** Every transaction of the database whose snapshot is older, whatever it uses. */
    OLDER_SNAPSHOTS
}
