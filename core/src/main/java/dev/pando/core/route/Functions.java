package dev.pando.core.route;

import dev.pando.core.topology.Catalog;
import dev.pando.core.topology.Trace;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the planner must know of functions, by name; names as in PostgreSQL 18's pg_proc. */
final class Functions {
    private static final Set<String> AGGREGATES = Set.of(
            "any_value",
            "array_agg",
            "avg",
            "bit_and",
            "bit_or",
            "bit_xor",
            "bool_and",
            "bool_or",
            "corr",
            "count",
            "covar_pop",
            "covar_samp",
            "cume_dist",
            "dense_rank",
            "every",
            "grouping",
            "json_agg",
            "json_agg_strict",
            "json_object_agg",
            "json_object_agg_strict",
            "json_object_agg_unique",
            "json_object_agg_unique_strict",
            "jsonb_agg",
            "jsonb_agg_strict",
            "jsonb_object_agg",
            "jsonb_object_agg_strict",
            "jsonb_object_agg_unique",
            "jsonb_object_agg_unique_strict",
            "max",
            "min",
            "mode",
            "percent_rank",
            "percentile_cont",
            "percentile_disc",
            "range_agg",
            "range_intersect_agg",
            "rank",
            "regr_avgx",
            "regr_avgy",
            "regr_count",
            "regr_intercept",
            "regr_r2",
            "regr_slope",
            "regr_sxx",
            "regr_sxy",
            "regr_syy",
            "stddev",
            "stddev_pop",
            "stddev_samp",
            "string_agg",
            "sum",
            "var_pop",
            "var_samp",
            "variance",
            "xmlagg");

    /** The time of the transaction, the statement or the call: shards tell it a little differently. */
    private static final Set<String> CLOCK =
            Set.of("age", "clock_timestamp", "now", "statement_timestamp", "timeofday", "transaction_timestamp");

    /** Different on each server or at each call, besides the clock. */
    private static final Set<String> VOLATILE = Set.of(
            "currval",
            "gen_random_bytes",
            "gen_random_uuid",
            "gen_salt",
            "inet_server_addr",
            "inet_server_port",
            "lastval",
            "nextval",
            "pg_backend_pid",
            "pg_conf_load_time",
            "pg_current_snapshot",
            "pg_current_wal_lsn",
            "pg_current_xact_id",
            "pg_current_xact_id_if_assigned",
            "pg_postmaster_start_time",
            "random",
            "random_normal",
            "setval",
            "txid_current",
            "txid_current_if_assigned",
            "txid_current_snapshot",
            "uuid_generate_v1",
            "uuid_generate_v1mc",
            "uuid_generate_v4",
            "uuidv4",
            "uuidv7");

    /** Act on, or tell of, one server's own state, which must be home's: otherwise every call could meet another server. */
    private static final Set<String> HOME = Set.of(
            "txid_current",
            "pg_current_xact_id",
            "pg_backend_pid",
            "pg_cancel_backend",
            "pg_terminate_backend",
            "pg_reload_conf",
            "pg_rotate_logfile",
            "pg_switch_wal",
            "pg_create_restore_point",
            "pg_current_wal_lsn",
            "pg_export_snapshot",
            "pg_listening_channels",
            "pg_database_size",
            "pg_indexes_size",
            "pg_relation_filepath",
            "pg_relation_size",
            "pg_table_size",
            "pg_tablespace_size",
            "pg_total_relation_size",
            "pg_ls_dir",
            "pg_read_file",
            "pg_read_binary_file",
            "pg_stat_file",
            "pg_is_in_recovery",
            "pg_postmaster_start_time",
            "pg_conf_load_time",
            "inet_server_addr",
            "inet_server_port");

    /** Functions of one server's state, by the way their names begin. */
    private static final List<String> HOME_PREFIXES = List.of(
            "pg_stat_", "pg_replication_", "pg_logical_", "pg_create_", "pg_drop_", "pg_wal_", "pg_backup_", "pg_log_");

    /** As {@link #HOME}, and meaningless when called where some row happens to live. */
    private static final Set<String> ONLY_HOME = Set.of(
            "currval",
            "lastval",
            "nextval",
            "setval",
            "pg_notify",
            "pg_advisory_xact_lock",
            "pg_advisory_xact_lock_shared",
            "pg_try_advisory_xact_lock",
            "pg_try_advisory_xact_lock_shared");

    /** Run SQL that is given as text, or read a table given by name. */
    private static final Set<String> HIDDEN_SQL = Set.of(
            "query_to_xml",
            "query_to_xmlschema",
            "query_to_xml_and_xmlschema",
            "table_to_xml",
            "table_to_xmlschema",
            "table_to_xml_and_xmlschema",
            "schema_to_xml",
            "schema_to_xmlschema",
            "schema_to_xml_and_xmlschema",
            "database_to_xml",
            "database_to_xmlschema",
            "database_to_xml_and_xmlschema",
            "cursor_to_xml",
            "cursor_to_xmlschema",
            "ts_rewrite",
            "ts_stat",
            "dblink",
            "dblink_exec",
            "dblink_open",
            "dblink_send_query",
            "crosstab",
            "crosstab2",
            "crosstab3",
            "crosstab4",
            "crosstabn",
            "xpath_table",
            "connectby");

    /** Look at a type given by name, whose CHECK may call anything. */
    private static final Set<String> TYPE_BY_NAME = Set.of("pg_input_is_valid", "pg_input_error_info");

    /** Functions of extensions that set a parameter. */
    private static final Set<String> SET_PARAMETERS = Set.of("set_limit", "isn_weak");

    /** What no query shows: connections of the server's own, random numbers, a backup under way, variables and indexes of extensions. */
    private static final Set<String> UNSEEN =
            Set.of("setseed", "pg_backup_start", "pg_start_backup", "pg_replication_origin_session_setup");

    private static final List<String> UNSEEN_PREFIXES = List.of("dblink_connect", "hypopg_", "pgv_");

    private static final Set<String> SESSION_LOCKS = Set.of(
            "pg_advisory_lock",
            "pg_advisory_lock_shared",
            "pg_try_advisory_lock",
            "pg_try_advisory_lock_shared",
            "pg_advisory_unlock",
            "pg_advisory_unlock_shared",
            "pg_advisory_unlock_all");

    private Functions() {}

    /** The name without its schema. */
    static String name(Ast call) {
        List<String> names = call.strings("funcname");
        return names.isEmpty() ? "" : names.getLast();
    }

    static boolean builtIn(Ast call) {
        List<String> names = call.strings("funcname");
        return names.size() == 1 || (names.size() == 2 && names.getFirst().equals("pg_catalog"));
    }

    /** Aggregates and window calls; of the database's own functions, those the catalog tells. */
    static boolean aggregate(Ast node, Catalog catalog) {
        if (node.is("JsonArrayAgg") || node.is("JsonObjectAgg") || node.is("GroupingFunc")) {
            return true;
        }
        return node.is("FuncCall")
                && !node.has("over")
                && ((builtIn(node) && AGGREGATES.contains(name(node)))
                        || catalog.aggregates().contains(name(node))
                        || node.flag("agg_within_group")
                        || node.flag("agg_star")
                        || node.flag("agg_distinct")
                        || node.has("agg_filter")
                        || node.has("agg_order"));
    }

    /** Runs SQL given as text, or reads a table given by name. */
    static boolean hiddenSql(String name) {
        return HIDDEN_SQL.contains(name);
    }

    /** As {@link #hiddenSql}, or changes the session: nobody could tell what it does. */
    static boolean opaque(String name) {
        return HIDDEN_SQL.contains(name) || SESSION_LOCKS.contains(name) || name.equals("set_config");
    }

    /** Acts on, or tells of, one server's own state. */
    static boolean home(String name) {
        return HOME.contains(name) || HOME_PREFIXES.stream().anyMatch(name::startsWith) || onlyHome(name);
    }

    /** Its value differs between servers or calls. */
    static boolean varies(String name) {
        return VOLATILE.contains(name) || CLOCK.contains(name) || home(name);
    }

    /** Something whose value differs between servers or calls, null when there is nothing such in the node. */
    static @Nullable String varying(Ast node, Catalog catalog) {
        String call = random(node, catalog);
        return call != null ? call : clock(node, catalog);
    }

    /** Something other than the clock whose value differs between servers or calls. */
    static @Nullable String random(Ast node, Catalog catalog) {
        String call = find(
                node,
                found -> VOLATILE.contains(name(found))
                        || largeObject(name(found))
                        || catalog.code().varying().contains(name(found)));
        return call == null ? null : call + "()";
    }

    /** The current time, in whatever way it is asked for; the database's own functions may ask for it too. */
    static @Nullable String clock(Ast node, Catalog catalog) {
        String call = find(
                node,
                found -> CLOCK.contains(name(found)) || catalog.code().varying().contains(name(found)));
        if (call != null) {
            return call + "()";
        }
        String[] clock = new String[1];
        node.walk(found -> {
            String operation = found.text("op");
            if (found.is("SQLValueFunction") && (operation.contains("TIME") || operation.contains("DATE"))) {
                clock[0] = "the current time";
            }
        });
        return clock[0];
    }

    static @Nullable String needsHome(Ast statement) {
        return find(statement, call -> home(name(call)));
    }

    /** A function that must not run on the shard of some row. */
    static @Nullable String onlyHome(Ast statement) {
        return find(statement, call -> onlyHome(name(call)));
    }

    static boolean onlyHome(String name) {
        return ONLY_HOME.contains(name) || SESSION_LOCKS.contains(name) || largeObject(name);
    }

    /** Large objects are on the server that made them. */
    private static boolean largeObject(String name) {
        return name.startsWith("lo_") || name.equals("loread") || name.equals("lowrite");
    }

    static @Nullable String sessionLock(Ast statement) {
        return find(statement, call -> SESSION_LOCKS.contains(name(call)));
    }

    /** Tells what the session did with a sequence before, unless the statement does so itself. */
    static @Nullable String lastValue(Ast statement) {
        Ast with = statement.child("withClause");
        boolean itself = find(statement, call -> name(call).equals("nextval")) != null
                || (with != null && with.contains("InsertStmt"));
        return itself
                ? null
                : find(
                        statement,
                        call -> name(call).equals("currval") || name(call).equals("lastval"));
    }

    /** Leaves something with the session that no query shows. */
    static @Nullable String unseen(Ast statement) {
        return find(statement, call -> unseen(name(call)));
    }

    private static boolean unseen(String name) {
        return UNSEEN.contains(name) || UNSEEN_PREFIXES.stream().anyMatch(name::startsWith) || makesSlot(name);
    }

    /** A replication slot may be a temporary one. */
    private static boolean makesSlot(String name) {
        return name.endsWith("_replication_slot") && (name.startsWith("pg_create_") || name.startsWith("pg_copy_"));
    }

    /** What has to be looked at after a call, though the catalog has nothing to say of the function. */
    static Set<Trace> looked(String name) {
        if (SET_PARAMETERS.contains(name)) {
            return Set.of(Trace.SETTINGS);
        }
        return TYPE_BY_NAME.contains(name) ? EnumSet.complementOf(EnumSet.of(Trace.UNSEEN)) : Set.of();
    }

    /** What a function of PostgreSQL's own, or of an extension, can leave behind. */
    static Set<Trace> traces(String name) {
        if (SESSION_LOCKS.contains(name)) {
            return Set.of(Trace.LOCKS);
        }
        if (name.equals("set_config")) {
            return Set.of(Trace.SETTINGS, Trace.UNSEEN);
        }
        if (hiddenSql(name)) {
            return EnumSet.allOf(Trace.class);
        }
        return unseen(name) ? Set.of(Trace.UNSEEN) : looked(name);
    }

    static @Nullable String setConfig(Ast statement) {
        return find(statement, call -> name(call).equals("set_config"));
    }

    static @Nullable String channels(Ast statement) {
        return find(statement, call -> name(call).equals(PandoCalls.CHANNELS));
    }

    private static @Nullable String find(Ast statement, java.util.function.Predicate<Ast> wanted) {
        String[] found = new String[1];
        statement.walk(node -> {
            if (found[0] == null && node.is("FuncCall") && wanted.test(node)) {
                found[0] = name(node);
            }
        });
        return found[0];
    }
}
