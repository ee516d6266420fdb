package dev.pando.lint;

import dev.pando.base.sql.Quote;
import dev.pando.lint.fact.Change;
import dev.pando.lint.fact.Change.Kind;
import dev.pando.lint.fact.Reach;
import dev.pando.lint.fact.Sizes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which tables a change of rows reaches by way of foreign keys, however many of them lie in between. */
final class ForeignKeys {
    /**
     * {@code cause} is the change of the relation itself, {@code event} that of the rows a key refers to. Of the constraints that PostgreSQL
     * makes for partitions, on either side, only the one they are made of counts. The server finds a partition's rows by its own indexes.
     */
    private static final String REACHED = """
            WITH RECURSIVE members AS (
                SELECT to_regclass(?)::oid AS oid UNION SELECT inhrelid FROM pg_inherits JOIN members ON inhparent = members.oid),
            clauses AS (
                SELECT c.*, event, action, coalesce(CASE event WHEN 'd' THEN confdelsetcols END, conkey) AS sets
                FROM pg_constraint c, LATERAL (VALUES ('d', confdeltype), ('u', confupdtype)) AS e (event, action)
                WHERE contype = 'f' AND ENFORCED
                    AND current_setting('session_replication_role') <> 'replica'),
            trees AS (
                SELECT conrelid AS top, conrelid AS member FROM pg_constraint WHERE contype = 'f'
                UNION SELECT top, inhrelid FROM trees JOIN pg_inherits ON inhparent = member JOIN pg_class p ON p.oid = inhrelid AND p.relispartition),
            reached AS (
                SELECT event AS cause, CASE event WHEN 'u' THEN confrelid END AS of, CASE event WHEN 'u' THEN confkey END AS columns,
                    c.oid, conrelid, event, action, sets
                FROM clauses c WHERE confrelid IN (SELECT oid FROM members)
                    AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.oid = c.conparentid AND p.confrelid IN (SELECT oid FROM members))
                UNION
                SELECT cause, of, columns, c.oid, c.conrelid, c.event, c.action, c.sets
                FROM reached r JOIN trees ON top = r.conrelid JOIN clauses c ON c.confrelid = member
                WHERE r.action IN ('c', 'n', 'd')
                    AND CASE WHEN r.event = 'd' AND r.action = 'c' THEN c.event = 'd' ELSE c.event = 'u' AND c.confkey && r.sets END
                    AND NOT EXISTS (SELECT FROM pg_constraint p JOIN trees t ON t.member = p.confrelid
                        WHERE p.oid = c.conparentid AND t.top = r.conrelid)),
            described AS (
                SELECT DISTINCT ON (r.cause, r.of, r.columns, r.oid, r.event) r.*, conname, t.relname, t.relkind = 'p' AS partitioned,
                    n.nspname, f.relname AS referenced, fn.nspname AS referenced_schema,
                    ARRAY (SELECT attname::text FROM pg_attribute WHERE attrelid = r.of AND attnum = ANY (columns)) AS column_names,
                    ARRAY (SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS k (n, i)
                        JOIN pg_attribute ON attrelid = r.conrelid AND attnum = n ORDER BY i) AS key,
                    ARRAY (SELECT attname::text FROM pg_attribute WHERE attrelid = r.conrelid AND attnum = ANY (r.sets) ORDER BY attnum) AS set_names,
                    CASE t.relkind WHEN 'p' THEN ARRAY (SELECT relid::oid FROM pg_partition_tree(r.conrelid) WHERE isleaf) ELSE ARRAY[r.conrelid] END AS leaves
                FROM reached r JOIN pg_constraint c ON c.oid = r.oid JOIN pg_class t ON t.oid = r.conrelid
                JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_class f ON f.oid = c.confrelid
                JOIN pg_namespace fn ON fn.oid = f.relnamespace)
            SELECT d.*, conrelid::int8 AS table_oid,
                ARRAY (SELECT n.nspname::text FROM unnest(leaves) leaf JOIN pg_class c ON c.oid = leaf JOIN pg_namespace n ON n.oid = c.relnamespace ORDER BY leaf) AS leaf_schemas,
                ARRAY (SELECT c.relname::text FROM unnest(leaves) leaf JOIN pg_class c ON c.oid = leaf ORDER BY leaf) AS leaf_names,
                EXISTS (SELECT FROM pg_trigger JOIN trees ON member = tgrelid WHERE NOT tgisinternal AND top = conrelid) AS triggered,
                NOT EXISTS (
                SELECT FROM unnest(leaves) AS leaf WHERE NOT EXISTS (
                    SELECT FROM pg_index i JOIN pg_class x ON x.oid = indexrelid JOIN pg_am a ON a.oid = x.relam
                    JOIN pg_attribute f ON f.attrelid = indrelid AND f.attnum = indkey[0]
                    WHERE indrelid = leaf AND indisvalid AND amname NOT IN ('brin', 'gin') AND f.attname = ANY (key)
                      AND NOT EXISTS (SELECT FROM unnest(string_to_array(translate(pg_get_expr(indpred, indrelid), '()', ''), ' AND ')) AS part
                          WHERE part NOT IN (SELECT quote_ident(name) || ' IS NOT NULL' FROM unnest(key) AS name)))) AS indexed
            FROM described d ORDER BY nspname, relname, conname, cause, event""";

    /** The version from which foreign keys may be NOT ENFORCED. */
    private static final int KNOWS_ENFORCED = 18;

    private final Connection connection;

    ForeignKeys(Connection connection) {
        this.connection = connection;
    }

    /** Whether a relation is the migration's own. */
    interface Ownership {
        boolean own(long oid, String name);
    }

    List<Reach> to(String relation, Ownership ownership, Sizes sizes) throws SQLException {
        List<Reach> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(REACHED.replace("ENFORCED", enforced()))) {
            statement.setString(1, relation);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(reach(rows, ownership, sizes));
                }
            }
        }
        return found;
    }

    private String enforced() throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion() < KNOWS_ENFORCED ? "true" : "conenforced";
    }

    private static Reach reach(ResultSet row, Ownership ownership, Sizes sizes) throws SQLException {
        String table = Quote.qualified(row.getString("nspname"), row.getString("relname"));
        var key = new Reach.Key(
                row.getString("conname"),
                table,
                names(row, "key"),
                row.getBoolean("partitioned"),
                Quote.qualified(row.getString("referenced_schema"), row.getString("referenced")));
        Kind clause = kind(row, "event");
        Reach.Action action = Reach.Action.of(row.getString("action"));
        return new Reach(
                kind(row, "cause"),
                Set.copyOf(names(row, "column_names")),
                key,
                clause,
                action,
                change(table, clause, action, names(row, "set_names")),
                ownership.own(row.getLong("table_oid"), table),
                size(row, table, sizes),
                row.getBoolean("indexed"),
                row.getBoolean("triggered"));
    }

    /** Of a partitioned table all its partitions, if each is known. */
    private static OptionalLong size(ResultSet row, String table, Sizes sizes) throws SQLException {
        OptionalLong given = sizes.of(table, row.getString("relname"));
        if (given.isPresent()) {
            return given;
        }
        List<String> schemas = names(row, "leaf_schemas");
        List<String> names = names(row, "leaf_names");
        long all = 0;
        for (int i = 0; i < names.size(); i++) {
            OptionalLong size = sizes.of(Quote.qualified(schemas.get(i), names.get(i)), names.get(i));
            if (size.isEmpty()) {
                return size;
            }
            all += size.getAsLong();
        }
        return names.isEmpty() ? OptionalLong.empty() : OptionalLong.of(all);
    }

    private static @Nullable Change change(String table, Kind clause, Reach.Action action, List<String> sets) {
        if (!action.changes()) {
            return null;
        }
        return clause == Kind.DELETE && action == Reach.Action.CASCADE
                ? new Change(table, Kind.DELETE, Set.of())
                : new Change(table, Kind.UPDATE, Set.copyOf(sets));
    }

    private static Kind kind(ResultSet row, String column) throws SQLException {
        return row.getString(column).equals("d") ? Kind.DELETE : Kind.UPDATE;
    }

    private static List<String> names(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }
}
