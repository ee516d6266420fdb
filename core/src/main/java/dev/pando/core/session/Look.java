package dev.pando.core.session;

import dev.pando.base.sql.Quote;
import dev.pando.core.link.SharedStatements;
import dev.pando.core.topology.Trace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One query that shows what a session has left on a connection, asked between transactions and only of what a statement may have left.
 * Each row is a kind, a name and a value. Names of functions and operators are given with their schema, since the path is the client's.
 */
final class Look {
    private static final String OF = " OPERATOR(pg_catalog.=) ";
    private static final String PATH = "path";
    private static final String AUTHORIZATION = "session_authorization";
    private static final String SHARED = "shared";
    /** What pg_settings shows besides parameters that somebody has set. */
    private static final Set<String> OF_TRANSACTIONS =
            Set.of("transaction_isolation", "transaction_read_only", "transaction_deferrable");

    private Look() {}

    /**
     * What was found: kinds that stay with the connection, and the parameters that differ from the server's own, null if not asked for.
     *
     * @param shared how many of the statements are there that all clients share; more than there can be if not asked for
     */
    record Seen(
            Set<Trace> left,
            @Nullable Map<String, String> settings,
            @Nullable String searchPath,
            int shared) {}

    /** Statements that all clients share, one a row, which code may have deallocated. */
    static final String STATEMENTS = "SELECT name" + SharedStatements.ON_SERVERS;

    /** {@code hidden}: parameters that pg_settings does not show, to be asked for by name. */
    static String sql(Set<Trace> kinds, Collection<String> hidden) {
        return kinds.stream()
                .filter(kind -> kind != Trace.UNSEEN)
                .map(kind -> "(" + part(kind, hidden) + ")")
                .collect(Collectors.joining(" UNION ALL "));
    }

    private static String part(Trace kind, Collection<String> hidden) {
        String row = "SELECT '" + kind + "' AS kind, NULL::pg_catalog.text AS name, NULL::pg_catalog.text AS value";
        return switch (kind) {
            case SETTINGS -> settings(hidden);
            case LOCKS ->
                row + " FROM pg_catalog.pg_locks WHERE locktype" + OF + "'advisory' AND pid" + OF
                        + "pg_catalog.pg_backend_pid() LIMIT 1";
            case TEMPORARY ->
                row + " FROM pg_catalog.pg_depend WHERE refclassid" + OF
                        + "'pg_catalog.pg_namespace'::pg_catalog.regclass AND refobjid" + OF
                        + "pg_catalog.pg_my_temp_schema() LIMIT 1";
            case LISTENING -> row + " FROM pg_catalog.pg_listening_channels() LIMIT 1";
            case PREPARED ->
                "(" + row + " FROM pg_catalog.pg_prepared_statements WHERE from_sql LIMIT 1) UNION ALL (SELECT '"
                        + SHARED + "', NULL, pg_catalog.count(*)::pg_catalog.text" + SharedStatements.ON_SERVERS + ")";
            case CURSORS -> row + " FROM pg_catalog.pg_cursors WHERE is_holdable LIMIT 1";
            case UNSEEN -> throw new IllegalArgumentException("nothing shows it");
        };
    }

    /** Who the session has become, empty when that is who logged in. */
    private static final String BECOME = "SELECT '" + Trace.SETTINGS + "', '" + AUTHORIZATION
            + "', CASE WHEN pg_catalog.pg_get_userbyid(a.usesysid)" + OF
            + "session_user THEN '' ELSE session_user::pg_catalog.text END"
            + " FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) a";

    private static String settings(Collection<String> hidden) {
        String names = hidden.stream().map(Quote::literal).collect(Collectors.joining(", "));
        return "SELECT '" + Trace.SETTINGS
                + "' AS kind, name, setting AS value FROM pg_catalog.pg_settings WHERE source" + OF
                + "'session' UNION ALL SELECT '" + Trace.SETTINGS + "', n, pg_catalog.current_setting(n, true)"
                + " FROM pg_catalog.unnest(ARRAY[" + names + "]::pg_catalog.text[]) n"
                + (hidden.contains(AUTHORIZATION) ? "" : " UNION ALL " + BECOME)
                + " UNION ALL SELECT '" + PATH + "', NULL, pg_catalog.current_setting('search_path')";
    }

    /** Among {@link #NAMES}: some function takes the name of a parameter from elsewhere, so that it may be any. */
    static final String ANY = "*";

    /** With so many they may not be all. */
    static final int MOST_NAMES = 1_000;

    /**
     * Literals in functions of users that could be names of parameters, one a row, and {@link #ANY} if there is one that sets a parameter
     * for the session whose name is no literal, and is not vouched for. Asked once per database and change of its schema.
     */
    static final String NAMES =
            "(SELECT DISTINCT found[1] FROM pg_catalog.pg_proc p, LATERAL pg_catalog.regexp_matches("
                    + "p.prosrc, '(?:''|\\mset\\s+(?:session\\s+)?)([a-z_][a-z0-9_$]*(?:\\.[a-z_][a-z0-9_$]*)+)', 'gi') found"
                    + " WHERE p.oid OPERATOR(pg_catalog.>=) 16384 AND p.prosrc OPERATOR(pg_catalog.~*) '\\mset(_config)?\\M' LIMIT "
                    + MOST_NAMES + ") UNION ALL (SELECT '"
                    + ANY + "' FROM pg_catalog.pg_proc p WHERE p.oid OPERATOR(pg_catalog.>=) 16384"
                    + " AND p.prosrc OPERATOR(pg_catalog.~*) "
                    + "'set_config\\s*\\(\\s*[^''\\s](?![^;]*,\\s*(true|''t(rue)?'')\\s*\\))|\\mset\\s+(session\\s+)?%'"
                    + " AND pg_catalog.strpos(coalesce(pg_catalog.obj_description(p.oid, 'pg_proc'), ''), 'pando.safe')"
                    + OF
                    + "0 LIMIT 1)";

    /** The values of these parameters as they are shown, a name and a value a row. */
    static String values(Collection<String> parameters) {
        String names = parameters.stream().map(Quote::literal).collect(Collectors.joining(", "));
        return "SELECT n, pg_catalog.current_setting(n) FROM pg_catalog.unnest(ARRAY[" + names
                + "]::pg_catalog.text[]) n";
    }

    static Seen read(List<? extends List<@Nullable String>> rows) {
        Set<Trace> left = EnumSet.noneOf(Trace.class);
        Map<String, String> settings = new LinkedHashMap<>();
        String path = null;
        int shared = Integer.MAX_VALUE;
        for (List<@Nullable String> row : rows) {
            String kind = String.valueOf(row.getFirst());
            String name = row.get(1);
            String value = row.get(2);
            if (kind.equals(PATH)) {
                path = value;
            } else if (kind.equals(SHARED)) {
                shared = Integer.parseInt(String.valueOf(value));
            } else if (kind.equals(Trace.SETTINGS.name())) {
                if (name != null && value != null && !OF_TRANSACTIONS.contains(name)) {
                    settings.put(name, value);
                }
            } else {
                left.add(Trace.valueOf(kind));
            }
        }
        return new Seen(left, path == null ? null : settings, path, shared);
    }

    /** What a session with these kinds is shown to be kept for. */
    static String reason(Set<Trace> kinds, @Nullable String unseen) {
        Map<Trace, String> words = new EnumMap<>(Trace.class);
        kinds.forEach(kind -> words.put(kind, kind == Trace.UNSEEN && unseen != null ? unseen : kind.words()));
        return String.join(", ", new ArrayList<>(words.values()));
    }
}
