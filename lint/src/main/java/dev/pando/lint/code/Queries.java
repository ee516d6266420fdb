package dev.pando.lint.code;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Names;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What queries and expressions depend on besides the schema: rows, the server, the moment. */
final class Queries {
    /** Of the server or of the moment, so that production's say something else. */
    private static final Pattern OF_SERVER = Pattern.compile(
            "pg_(?:stat.*|locks|roles|authid|auth_members|user|shadow|group|database|tablespace|settings|file_settings"
                    + "|available_extension.*|replication.*|prepared_.*|cursors|sequences|db_role_setting|shdescription|hba_file_rules)"
                    + "|(?:applicable|enabled|administrable)_roles|.*_privileges|role_.*_grants");

    private static final Set<String> OF_MOMENT = Set.of(
            "now",
            "clock_timestamp",
            "statement_timestamp",
            "transaction_timestamp",
            "timeofday",
            "random",
            "current_database",
            "current_setting",
            "pg_is_in_recovery",
            "inet_client_addr",
            "inet_server_addr",
            "has_table_privilege",
            "pg_has_role",
            "has_schema_privilege",
            "pg_database_size",
            "pg_relation_size",
            "pg_table_size",
            "pg_total_relation_size",
            "pg_indexes_size",
            "nextval",
            "currval",
            "lastval",
            "gen_random_uuid");

    private static final Set<String> ROW_COUNTS = Set.of("reltuples", "relpages", "n_live_tup");

    private final Surroundings surroundings;

    Queries(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** What decides over what the query answers, besides the catalogs; empty when nothing does. */
    Optional<String> dependsOn(Node query) throws SQLException {
        Optional<String> table = table(query);
        if (table.isPresent()) {
            return table.map(name -> "the rows of " + name);
        }
        for (Node range : query.all("RangeVar")) {
            if (OF_SERVER.matcher(range.text("relname")).matches()) {
                return Optional.of(range.text("relname") + " of the server");
            }
        }
        for (Node column : query.all("ColumnRef")) {
            List<String> name = column.names("fields");
            if (!name.isEmpty() && ROW_COUNTS.contains(name.getLast())) {
                return Optional.of("how many rows there are");
            }
        }
        for (Node call : query.all("FuncCall")) {
            List<String> name = call.names("funcname");
            if (!name.isEmpty() && OF_MOMENT.contains(name.getLast()) && !versionOf(call)) {
                return Optional.of(name.getLast() + "()");
            }
        }
        return query.all("SQLValueFunction").stream()
                .map(value -> value.text("op").replaceFirst("^SVFOP_", ""))
                .findFirst();
    }

    /** A version is that of the server at hand, which is the target's. */
    private static boolean versionOf(Node call) {
        return call.list("args").stream()
                .map(Node::constant)
                .anyMatch(value -> value != null && value.startsWith("server_version"));
    }

    /** A table, outside of the catalogs, that the query reads. */
    Optional<String> table(Node query) throws SQLException {
        Set<String> with = query.all("CommonTableExpr").stream()
                .map(expression -> expression.text("ctename"))
                .collect(Collectors.toSet());
        for (Node range : query.all("RangeVar")) {
            boolean ofQuery = with.contains(range.text("relname")) && !range.has("schemaname");
            if (!ofQuery && !surroundings.ofCatalogs(Names.of(range))) {
                return Optional.of(Names.of(range));
            }
        }
        return Optional.empty();
    }

    /** The text that an expression makes of constants; empty when it needs anything else. */
    Optional<String> constant(Node query, String expression) throws SQLException {
        boolean fixed = query.all("ColumnRef").isEmpty()
                && query.all("RangeVar").isEmpty()
                && query.all("ParamRef").isEmpty()
                && dependsOn(query).isEmpty();
        if (!fixed) {
            return Optional.empty();
        }
        for (Node call : query.all("FuncCall")) {
            if (!surroundings.routines(call.names("funcname")).isEmpty()) {
                return Optional.empty();
            }
        }
        return surroundings.value(expression);
    }
}
