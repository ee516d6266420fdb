package dev.pando.server.admin;

/** What is counted of the traffic with one shard, or of all clients together, since the start. */
public enum Meter {
    /** Server connections handed to sessions. */
    LEASES,
    /** Ends of transactions that servers told. */
    TRANSACTIONS,
    STATEMENTS,
    ERRORS,
    /** From Pando to the server. */
    SENT_BYTES,
    /** From the server to Pando. */
    RECEIVED_BYTES,
    /** Statements prepared on servers. */
    PARSES,
    BINDS,
    /** Spent in the queues of the pools, by all sessions together. */
    WAIT_NANOS,
    /** In which sessions had server connections. */
    LEASE_NANOS,
    /** In which servers owed an answer. */
    BUSY_NANOS,
    /** Statements that clients had prepared; of all shards together only. */
    CLIENT_PARSES,
    /** Statements whose plan was kept; of all shards together only. */
    PLAN_HITS,
    /** Statements that had to be planned; of all shards together only. */
    PLAN_MISSES,
    /** Logins that succeeded; of all shards together only. */
    LOGINS
}
