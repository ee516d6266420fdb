package dev.pando.server.http;

import java.util.List;

/** Every metric of {@code GET /metrics}, in the order of the page; docs/http.md is held to this list. */
enum Metric {
    BUILD_INFO("pando_build_info", Type.GAUGE, "Always 1; the labels tell what runs.", "version", "java"),
    UPTIME("pando_uptime_seconds", Type.GAUGE, "Time since Pando started."),
    READY("pando_ready", Type.GAUGE, "1 when clients are served, else 0."),
    CLIENTS("pando_clients", Type.GAUGE, "Clients that are logged in or logging in, by what they do.", "state"),
    CLIENTS_LIMIT("pando_clients_limit", Type.GAUGE, "Clients that may be logged in at once (listen.max_clients)."),
    LOGINS("pando_logins_total", Type.COUNTER, "Logins that succeeded, those to the admin database included."),
    POOL_SIZE("pando_pool_size", Type.GAUGE, "Server connections per user at most (pool.size).", "database", "shard"),
    POOL_CONNECTIONS(
            "pando_pool_connections",
            Type.GAUGE,
            "Server connections of all users, by state.",
            "database",
            "shard",
            "state"),
    POOL_WAITING("pando_pool_waiting", Type.GAUGE, "Sessions that wait for a server connection.", "database", "shard"),
    POOL_OLDEST_WAIT(
            "pando_pool_oldest_wait_seconds",
            Type.GAUGE,
            "How long the first of them has waited.",
            "database",
            "shard"),
    POOL_PAUSED(
            "pando_pool_paused",
            Type.GAUGE,
            "1 while an administrator has the shard paused, else 0.",
            "database",
            "shard"),
    LEASES("pando_shard_leases_total", Type.COUNTER, "Server connections handed to sessions.", "database", "shard"),
    TRANSACTIONS(
            "pando_shard_transactions_total",
            Type.COUNTER,
            "Transactions that ended on the shard.",
            "database",
            "shard"),
    STATEMENTS(
            "pando_shard_statements_total", Type.COUNTER, "Statements that the shard completed.", "database", "shard"),
    ERRORS("pando_shard_errors_total", Type.COUNTER, "Errors that the shard answered.", "database", "shard"),
    SENT("pando_shard_sent_bytes_total", Type.COUNTER, "Bytes from Pando to the shard.", "database", "shard"),
    RECEIVED("pando_shard_received_bytes_total", Type.COUNTER, "Bytes from the shard to Pando.", "database", "shard"),
    PARSES("pando_shard_parses_total", Type.COUNTER, "Statements prepared on the shard.", "database", "shard"),
    BINDS("pando_shard_binds_total", Type.COUNTER, "Portals bound on the shard.", "database", "shard"),
    WAIT(
            "pando_shard_wait_seconds_total",
            Type.COUNTER,
            "Time sessions waited for server connections.",
            "database",
            "shard"),
    LEASE_TIME(
            "pando_shard_lease_seconds_total",
            Type.COUNTER,
            "Time sessions had server connections.",
            "database",
            "shard"),
    BUSY(
            "pando_shard_busy_seconds_total",
            Type.COUNTER,
            "Time server connections owed an answer.",
            "database",
            "shard"),
    FLEET_ASKED(
            "pando_fleet_asked",
            Type.GAUGE,
            "1 when the servers could be asked; if 0, the metrics of servers are missing."),
    EPOCH("pando_shard_map_epoch", Type.GAUGE, "Version of the shard map."),
    DATABASE_BYTES("pando_shard_database_bytes", Type.GAUGE, "Size of the database on the primary.", "shard"),
    BLOCKS_HIT(
            "pando_shard_blocks_hit_total",
            Type.COUNTER,
            "Blocks that the primary found in its shared buffers, since its own statistics began.",
            "shard"),
    BLOCKS_READ(
            "pando_shard_blocks_read_total", Type.COUNTER, "Blocks that it asked the operating system for.", "shard"),
    DEAD_ROWS("pando_shard_dead_rows", Type.GAUGE, "Dead rows of all tables that wait for vacuum.", "shard"),
    SHARD_CONNECTIONS("pando_shard_connections", Type.GAUGE, "Connections to the primary, from whomever.", "shard"),
    SHARD_CONNECTIONS_LIMIT("pando_shard_connections_limit", Type.GAUGE, "Its max_connections.", "shard"),
    SERVER_UP(
            "pando_server_up", Type.GAUGE, "1 when the server answers in its role, else 0.", "shard", "server", "role"),
    SERVER_LAG(
            "pando_server_lag_bytes",
            Type.GAUGE,
            "WAL of the primary that the standby has not replayed.",
            "shard",
            "server"),
    SERVER_REPLAY_LAG(
            "pando_server_replay_lag_seconds",
            Type.GAUGE,
            "Age of the last replayed commit while the standby is behind, else 0.",
            "shard",
            "server"),
    STATEMENT_TIME(
            "pando_statement_seconds", Type.HISTOGRAM, "Time of statements as clients see it.", "database", "user"),
    STATEMENT_PART(
            "pando_statement_part_seconds",
            Type.HISTOGRAM,
            "Where it goes: queue, plan, backend, merge or client.",
            "database",
            "part"),
    SHARD_TIME(
            "pando_shard_statement_seconds",
            Type.HISTOGRAM,
            "How long shards took for statements, or for their part of one.",
            "database",
            "shard"),
    STATEMENT_ERRORS(
            "pando_statement_errors_total",
            Type.COUNTER,
            "Errors that clients got, of servers or of Pando.",
            "database",
            "user"),
    STATEMENT_ROWS("pando_statement_rows_total", Type.COUNTER, "Rows returned or changed.", "database", "user"),
    SHAPES("pando_statement_shapes", Type.GAUGE, "Statements that are counted apart."),
    SHAPES_DROPPED(
            "pando_statement_shapes_dropped",
            Type.GAUGE,
            "Statements that have made room for others since the last RESET STATEMENTS; the bound is statements.max."),
    REPEAT_RUNS(
            "pando_repeat_runs", Type.GAUGE, "Runs of one question asked many times (N+1) that are known.", "database"),
    REPEATED("pando_repeated_statements", Type.GAUGE, "Statements in these runs.", "database"),
    SPANS("pando_spans_total", Type.COUNTER, "Spans, by what became of them: sent, failed or dropped.", "outcome"),
    PLAN_ENTRIES("pando_plan_cache_entries", Type.GAUGE, "Plans kept at the moment."),
    PLAN_BYTES("pando_plan_cache_bytes", Type.GAUGE, "What they weigh; the bound is limits.plan_cache_bytes."),
    PLAN_HITS("pando_plan_cache_hits_total", Type.COUNTER, "Statements whose plan was kept."),
    PLAN_MISSES("pando_plan_cache_misses_total", Type.COUNTER, "Statements that had to be planned."),
    MEMORY_USED("pando_memory_used_bytes", Type.GAUGE, "Memory in use, by area.", "area"),
    HEAP_LIMIT("pando_memory_heap_limit_bytes", Type.GAUGE, "The most the heap may grow to.");

    enum Type {
        COUNTER("counter"),
        GAUGE("gauge"),
        HISTOGRAM("histogram");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    private final String title;
    private final Type type;
    private final String help;
    private final String labels;

    Metric(String title, Type type, String help, String... labels) {
        this.title = title;
        this.type = type;
        this.help = help;
        this.labels = String.join(" ", labels);
    }

    String title() {
        return title;
    }

    Type type() {
        return type;
    }

    String help() {
        return help;
    }

    List<String> labels() {
        return labels.isEmpty() ? List.of() : List.of(labels.split(" ", -1));
    }
}
