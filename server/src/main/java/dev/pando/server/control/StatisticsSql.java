package dev.pando.server.control;

/** The questions of {@link StatisticsCollector}. They run on PostgreSQL 15 and later, on primaries and standbys. */
final class StatisticsSql {
    private StatisticsSql() {}

    /** A standby has replayed all it received also when it received nothing since its start. */
    static final String SERVER = """
            SELECT in_recovery,
                   (CASE WHEN in_recovery THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)::text AS position,
                   CASE WHEN NOT in_recovery THEN NULL
                        WHEN coalesce(pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn(), true) THEN 0
                        ELSE (extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::bigint
                   END AS lag_millis
            FROM (SELECT pg_is_in_recovery() AS in_recovery) AS role""";

    static final String DATABASE = """
            SELECT pg_database_size(current_database()) AS bytes, d.blks_hit, d.blks_read,
                   (SELECT coalesce(sum(n_dead_tup), 0)::bigint FROM pg_stat_user_tables) AS dead_rows,
                   (SELECT sum(numbackends)::int FROM pg_stat_database) AS connections,
                   current_setting('max_connections')::int AS max_connections
            FROM pg_stat_database d WHERE d.datname = current_database()""";

    /**
     * Tables by schemas and names, in their order; what a table does not have on this server is left out. A partitioned table is the sum of
     * its partitions. Rows as the planner estimates them: the density found by the last ANALYZE times today's pages. A table that never was
     * analysed has the statistics system's count of its changes; without that (its statistics are lost in a crash) nothing is known.
     */
    static final String TABLES = """
            WITH RECURSIVE tree (place, relation) AS (
                SELECT wanted.place, c.oid
                FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS wanted (table_schema, table_name, place)
                JOIN pg_namespace n ON n.nspname = wanted.table_schema
                JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.table_name
                UNION ALL
                SELECT tree.place, i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.relation),
            parts AS (
                SELECT tree.place, c.reltuples, c.relpages, pg_stat_get_live_tuples(c.oid) AS live,
                       pg_total_relation_size(c.oid) AS bytes,
                       pg_relation_size(c.oid) / current_setting('block_size')::int AS pages
                FROM tree JOIN pg_class c ON c.oid = tree.relation
                WHERE c.relkind IN ('r', 'p'))
            SELECT place::int - 1 AS place, sum(bytes)::bigint AS bytes, bool_and(known IS NOT NULL) AS known,
                   round(sum(known))::bigint AS estimate
            FROM (SELECT place, bytes,
                         CASE WHEN pages = 0 THEN 0
                              WHEN reltuples >= 0 AND relpages > 0 THEN reltuples::float8 / relpages * pages
                              WHEN live > 0 THEN live END AS known
                  FROM parts) AS estimated
            GROUP BY place ORDER BY place""";

    /** Waiting for a lock would only make the numbers old. */
    static final String LIMITS = "SET lock_timeout = '1s'";

    static String count(String quotedTable) {
        return "SELECT count(*) AS n FROM " + quotedTable;
    }
}
