package dev.pando.lint;

import dev.pando.base.sql.Quote;
import dev.pando.grammar.Node;
import dev.pando.lab.oracle.LockOracle;
import dev.pando.lint.code.Routine;
import dev.pando.lint.code.Surroundings;
import dev.pando.lint.code.Trigger;
import dev.pando.lint.fact.Change;
import dev.pando.lint.fact.Meaning;
import dev.pando.lint.fact.Names;
import dev.pando.lint.fact.Reach;
import dev.pando.lint.fact.Sizes;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the judges of a statement ask about the schema that it meets. */
final class Schema implements Surroundings {
    private static final String MEANINGS = """
            SELECT n, c.oid::int8, s.nspname, c.relname,
                (WITH RECURSIVE up AS (
                        SELECT inhparent FROM pg_inherits WHERE inhrelid = c.oid
                        UNION SELECT i.inhparent FROM pg_inherits i JOIN up ON i.inhrelid = up.inhparent)
                 SELECT string_agg(concat_ws(E'\\x01', a.oid, nspname, relname), E'\\x02')
                 FROM up JOIN pg_class a ON a.oid = inhparent JOIN pg_namespace ON pg_namespace.oid = relnamespace),
                (SELECT string_agg(attname, E'\\x01') FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0),
                (SELECT string_agg(attname, E'\\x01') FROM pg_attribute
                 WHERE attrelid = c.oid AND atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)),
                (SELECT string_agg((SELECT string_agg(attname, E'\\x01') FROM pg_attribute
                        WHERE attrelid = c.oid AND attnum = ANY ((i.indkey::int2[])[0:indnkeyatts - 1])), E'\\x02')
                 FROM pg_index i WHERE indrelid = c.oid AND indisunique AND indisvalid AND indpred IS NULL AND indexprs IS NULL
                   AND NOT (c.relkind = 'r' AND c.relhassubclass))
            FROM unnest(?::text[]) n JOIN pg_class c ON c.oid = to_regclass(n) JOIN pg_namespace s ON s.oid = c.relnamespace""";

    private static final String ROUTINES = """
            SELECT p.oid::int8, proname, lanname, provolatile = 'v',
                CASE lanname WHEN 'plpgsql' THEN pg_get_functiondef(p.oid)
                    ELSE coalesce(pg_get_function_sqlbody(p.oid), prosrc) END
            FROM pg_proc p JOIN pg_language l ON l.oid = prolang JOIN pg_namespace n ON n.oid = pronamespace
            WHERE proname = ? AND ? IN ('', nspname) AND nspname NOT IN ('pg_catalog', 'information_schema')
              AND prokind IN ('f', 'p')""";

    /** Of a partitioned table an UPDATE may be a DELETE and an INSERT. */
    private static final String TRIGGERS = """
            WITH RECURSIVE members AS (
                SELECT to_regclass(?)::oid AS oid UNION SELECT inhrelid FROM pg_inherits JOIN members ON inhparent = members.oid)
            SELECT DISTINCT p.oid::int8, proname, lanname, true,
                CASE lanname WHEN 'plpgsql' THEN pg_get_functiondef(p.oid) ELSE prosrc END, tgtype & 1 = 1
            FROM members m JOIN pg_class c ON c.oid = m.oid JOIN pg_trigger ON tgrelid = m.oid JOIN pg_proc p ON p.oid = tgfoid
            JOIN pg_language l ON l.oid = prolang
            WHERE tgenabled IN ('A', CASE current_setting('session_replication_role') WHEN 'replica' THEN 'R' ELSE 'O' END::"char") AND pronamespace <> 'pg_catalog'::regnamespace
              AND tgtype & (CASE WHEN relkind = 'p' AND ? & 16 <> 0 THEN 28 ELSE ? END) <> 0
              AND (tgattr = '' OR ? = '{}' OR EXISTS (SELECT FROM pg_attribute a WHERE attrelid = m.oid AND attnum = ANY (tgattr) AND attname = ANY (?)))""";

    /** A domain has its own copy of the default of the domain it is made of. */
    private static final String OF_DOMAIN = """
            WITH RECURSIVE domains AS (
                SELECT oid, typbasetype, typdefault FROM pg_type WHERE oid = to_regtype(?) AND typtype = 'd'
                UNION ALL SELECT t.oid, t.typbasetype, NULL FROM domains d JOIN pg_type t ON t.oid = d.typbasetype AND t.typtype = 'd')
            SELECT typdefault FROM domains WHERE typdefault IS NOT NULL AND ?
            UNION ALL SELECT pg_get_expr(conbin, 0) FROM domains d JOIN pg_constraint c ON c.contypid = d.oid AND contype = 'c'""";

    private final Connection connection;
    private final Sizes sizes;
    private final ForeignKeys foreignKeys;
    /** By name: a statement may have thousands of calls. */
    private final Map<List<String>, List<Routine>> routines = new HashMap<>();

    private final Map<List<String>, Optional<Boolean>> immutable = new HashMap<>();

    Schema(Connection connection, Sizes sizes) {
        this.connection = connection;
        this.sizes = sizes;
        this.foreignKeys = new ForeignKeys(connection);
    }

    /** By the name that was asked for; those that mean nothing are left out. */
    Map<String, Meaning> meanings(Collection<String> names, Beginning beginning) throws SQLException {
        Map<String, Meaning> found = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(MEANINGS)) {
            statement.setArray(1, connection.createArrayOf("text", new HashSet<>(names).toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    long oid = rows.getLong(2);
                    String name = Quote.qualified(rows.getString(3), rows.getString(4));
                    found.put(
                            rows.getString(1),
                            new Meaning(
                                    oid,
                                    name,
                                    beginning.own(oid, name, ancestors(rows.getString(5))),
                                    sizes.of(name, rows.getString(4)),
                                    columns(rows.getString(6)),
                                    columns(rows.getString(7)),
                                    keys(rows.getString(8))));
                }
            }
        }
        return found;
    }

    /** OIDs with qualified names. */
    private static Map<Long, String> ancestors(@Nullable String text) {
        Map<Long, String> ancestors = new HashMap<>();
        for (String each : text == null ? List.<String>of() : List.of(text.split("\u0002", -1))) {
            String[] parts = each.split("\u0001", -1);
            ancestors.put(Long.parseLong(parts[0]), Quote.qualified(parts[1], parts[2]));
        }
        return ancestors;
    }

    private static Set<String> columns(@Nullable String text) {
        return text == null ? Set.of() : new HashSet<>(List.of(text.split("\u0001", -1)));
    }

    private static List<Set<String>> keys(@Nullable String text) {
        return text == null
                ? List.of()
                : Stream.of(text.split("\u0002", -1)).map(Schema::columns).toList();
    }

    /** Of the names in a DROP, or of the enum in an ALTER TYPE, those that mean what the migration has made itself. */
    Set<String> dropped(Node drop, Beginning beginning) throws SQLException {
        Set<String> own = new HashSet<>();
        for (List<String> name : Names.dropped(drop)) {
            String text = Names.of(name);
            String kind = drop.is("AlterEnumStmt") ? "OBJECT_TYPE" : drop.text("removeType");
            Optional<Long> object = object(kind, name, text);
            if (object.isPresent()
                    ? object.stream().anyMatch(oid -> beginning.own(oid, ""))
                    : meanings(List.of(text), beginning).values().stream().anyMatch(Meaning::own)) {
                own.add(text);
            }
        }
        return own;
    }

    /** The oldest object of a name, since others may use it; empty for relations. */
    private Optional<Long> object(String kind, List<String> name, String text) throws SQLException {
        return switch (kind) {
            case "OBJECT_TYPE", "OBJECT_DOMAIN" -> one("SELECT to_regtype(?)::oid::int8", text);
            case "OBJECT_SCHEMA" -> one("SELECT to_regnamespace(?)::oid::int8", text);
            case "OBJECT_EXTENSION" -> one("SELECT oid::int8 FROM pg_extension WHERE extname = ?", name.getLast());
            case "OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE" -> one("""
                        SELECT min(p.oid::int8) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
                        WHERE proname = ? AND ? IN ('', nspname)""", name.getLast(), schema(name));
            default -> Optional.empty();
        };
    }

    @Override
    public Optional<Boolean> immutable(List<String> name) throws SQLException {
        Optional<Boolean> found = immutable.get(name);
        if (found == null) {
            found = one("""
                            SELECT CASE WHEN bool_and(provolatile = 'i') THEN 1 ELSE 2 END FROM pg_proc
                            WHERE proname = ? AND ? IN ('', 'pg_catalog') AND pronamespace = 'pg_catalog'::regnamespace
                            HAVING count(*) > 0""", name.getLast(), schema(name)).map(answer -> answer == 1);
            immutable.put(name, found);
        }
        return found;
    }

    private static String schema(List<String> name) {
        return name.size() > 1 ? name.get(name.size() - 2) : "";
    }

    private Optional<Long> one(String sql, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                long found = rows.next() ? rows.getLong(1) : 0;
                return found == 0 ? Optional.empty() : Optional.of(found);
            }
        }
    }

    @Override
    public boolean ofCatalogs(String relation) throws SQLException {
        return one("""
                        SELECT 1 FROM pg_class WHERE oid = to_regclass(?)
                        AND relnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)""", relation).isPresent();
    }

    @Override
    public List<Routine> routines(List<String> name) throws SQLException {
        List<Routine> found = routines.get(name);
        if (found == null) {
            found = name.isEmpty() ? List.of() : asked(name);
            routines.put(name, found);
        }
        return found;
    }

    private List<Routine> asked(List<String> name) throws SQLException {
        List<Routine> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(ROUTINES)) {
            statement.setString(1, name.getLast());
            statement.setString(2, schema(name));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(routine(rows));
                }
            }
        }
        return found;
    }

    private static Routine routine(ResultSet row) throws SQLException {
        return new Routine(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getBoolean(4),
                statements(String.valueOf(row.getString(5))));
    }

    @Override
    public List<Trigger> triggers(Change change) throws SQLException {
        List<Trigger> found = new ArrayList<>(fired(change));
        for (Reach reach : reached(change, (oid, name) -> false)) {
            if (reach.triggered() && reach.follows(change) && reach.change() != null) {
                // Also those of a statement: there is one if there are rows that refer.
                fired(reach.change()).stream()
                        .map(trigger -> new Trigger(trigger.routine(), true))
                        .forEach(found::add);
            }
        }
        return found;
    }

    /** What changes of the relations do by way of foreign keys. */
    Map<String, List<Reach>> reached(Collection<Change> changes, Beginning beginning) throws SQLException {
        Map<String, List<Reach>> found = new HashMap<>();
        for (Change change : changes) {
            if (change.existing() && !found.containsKey(change.relation())) {
                found.put(change.relation(), reached(change, beginning::own));
            }
        }
        return found;
    }

    private List<Reach> reached(Change change, ForeignKeys.Ownership ownership) throws SQLException {
        return change.existing() ? foreignKeys.to(change.relation(), ownership, sizes) : List.of();
    }

    private List<Trigger> fired(Change change) throws SQLException {
        List<Trigger> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(TRIGGERS)) {
            Array columns = connection.createArrayOf("text", change.columns().toArray());
            statement.setString(1, change.relation());
            statement.setInt(2, change.kind().event());
            statement.setInt(3, change.kind().event());
            statement.setArray(4, columns);
            statement.setArray(5, columns);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(new Trigger(routine(rows), rows.getBoolean(6)));
                }
            }
        }
        return found;
    }

    /** Of a body in standard SQL, which is no text of statements. */
    private static String statements(String definition) {
        if (definition.startsWith("RETURN ")) {
            return "SELECT " + definition.substring("RETURN ".length());
        }
        return definition.startsWith("BEGIN ATOMIC")
                ? definition.substring("BEGIN ATOMIC".length()).replaceFirst("END\\s*$", "")
                : definition;
    }

    @Override
    public List<String> ofDomain(List<String> name, boolean defaults) throws SQLException {
        List<String> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(OF_DOMAIN)) {
            statement.setString(1, Names.of(name));
            statement.setBoolean(2, defaults);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
        }
        return found;
    }

    @Override
    public Optional<String> value(String expression) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = " + LockOracle.LIMIT.toMillis());
            try (ResultSet rows = statement.executeQuery("SELECT (" + expression + ")::text")) {
                return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
            }
        } catch (SQLException e) {
            return Optional.empty(); // it has no value, which the caller says
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }
}
