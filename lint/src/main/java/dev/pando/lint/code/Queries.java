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
                    + "|available_extension.*|replication.*|prepared_.*|cursors|sequences|db_role_setting|shdescription|hba_file_rules|largeobject.*"
                    + "|subscription.*|backend_.*|shmem_.*|timezone_.*|config|ident_.*|aios)"
                    + "|(?:applicable|enabled|administrable)_roles|.*_privileges|role_.*_grants");

    /** PostgreSQL's functions that ask nothing but the schema, or their arguments, though they are not immutable. */
    private static final Pattern OF_SCHEMA = Pattern.compile(
            "to_reg.*|format_type|pg_get_(?:.*def|expr|serial_sequence|function_.*|object_address|partkeydef)|pg_.*_is_visible"
                    + "|(?:obj|col)_description|pg_index(?:am|_column)?_has_property|pg_partition_(?:tree|ancestors|root)|current_schemas?"
                    + "|pg_typeof|pg_options_to_table|enum_(?:first|last|range)|pg_relation_is_updatable|pg_identify_object.*"
                    + "|format|concat|concat_ws|quote_.*|array_to_string|length|to_(?:char|date|timestamp|jsonb?)|jsonb?_.*"
                    + "|(?:row|array)_to_json|date_trunc|date_part|extract|timezone|overlaps|generate_series"
                    + "|pg_sleep|pg_notify|set_config|pg_advisory_(?:xact_)?(?:un)?lock(?:_shared|_all)?");

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
            if (!name.isEmpty() && !ofSchema(name) && !versionOf(call)) {
                return Optional.of(name.getLast() + "()");
            }
        }
        return query.all("SQLValueFunction").stream()
                .map(value -> value.text("op").replaceFirst("^SVFOP_", ""))
                .findFirst();
    }

    private boolean ofSchema(List<String> name) throws SQLException {
        boolean immutable =
                surroundings.immutable(name).orElse(!surroundings.routines(name).isEmpty()); // which the caller reads
        return immutable || OF_SCHEMA.matcher(name.getLast()).matches();
    }

    /** A version is that of the server at hand, which is the target's. */
    private static boolean versionOf(Node call) {
        return call.names("funcname").getLast().equals("current_setting")
                && call.list("args").stream()
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
