package dev.pando.lint;

import dev.pando.base.sql.Quote;
import dev.pando.lint.fact.Change;
import dev.pando.lint.fact.Change.Kind;
import dev.pando.lint.fact.Reference;
import dev.pando.lint.fact.Sizes;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which tables a change of rows reaches by way of foreign keys, however many of them lie in between. */
final class ForeignKeys {
    /** Of the constraints that a partition has of its parent's only the parent's counts. */
    private static final String REACHED = """
            WITH RECURSIVE members AS (
                SELECT to_regclass(?)::oid AS oid UNION SELECT inhrelid FROM pg_inherits JOIN members ON inhparent = members.oid),
            constraints AS (
                SELECT c.*, event, action FROM pg_constraint c,
                    LATERAL (VALUES ('d', c.confdeltype), ('u', c.confupdtype)) AS e (event, action)
                WHERE contype = 'f'),
            reached AS (
                SELECT event AS root, confrelid AS first, CASE event WHEN 'u' THEN confkey END AS columns, oid, conrelid, conkey, event, action,
                    coalesce(CASE event WHEN 'd' THEN confdelsetcols END, conkey) AS sets
                FROM constraints c WHERE confrelid IN (SELECT oid FROM members)
                    AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.oid = c.conparentid AND p.confrelid IN (SELECT oid FROM members))
                UNION
                SELECT root, first, columns, c.oid, c.conrelid, c.conkey, c.event, c.action,
                    coalesce(CASE c.event WHEN 'd' THEN confdelsetcols END, c.conkey)
                FROM reached r JOIN constraints c ON c.confrelid = r.conrelid
                WHERE r.action IN ('c', 'n', 'd')
                    AND CASE WHEN r.event = 'd' AND r.action = 'c' THEN c.event = 'd' ELSE c.event = 'u' AND c.confkey && r.sets END
                    AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.oid = c.conparentid AND p.confrelid = c.confrelid))
            SELECT DISTINCT root,
                ARRAY (SELECT attname::text FROM pg_attribute WHERE attrelid = first AND attnum = ANY (columns)),
                t.oid::int8, nspname, relname,
                ARRAY (SELECT attname::text FROM pg_attribute WHERE attrelid = t.oid AND attnum = ANY (conkey)), action,
                event = 'd' AND action = 'c',
                ARRAY (SELECT attname::text FROM pg_attribute WHERE attrelid = t.oid AND attnum = ANY (sets)),
                EXISTS (SELECT FROM pg_index WHERE indrelid = t.oid AND indisvalid AND indkey[0] = ANY (conkey)
                          AND (indpred IS NULL OR pg_get_expr(indpred, indrelid)
                               IN (SELECT format('(%I IS NOT NULL)', attname) FROM pg_attribute WHERE attrelid = t.oid AND attnum = ANY (conkey))))
            FROM reached JOIN pg_class t ON t.oid = conrelid JOIN pg_namespace n ON n.oid = relnamespace
            ORDER BY 4, 5, 6""";

    private final Connection connection;

    ForeignKeys(Connection connection) {
        this.connection = connection;
    }

    /** Whether a relation is the migration's own. */
    interface Ownership {
        boolean own(long oid, String name);
    }

    List<Reference> to(String relation, Ownership ownership, Sizes sizes) throws SQLException {
        List<Reference> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(REACHED)) {
            statement.setString(1, relation);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(reference(rows, ownership, sizes));
                }
            }
        }
        return found;
    }

    private static Reference reference(ResultSet row, Ownership ownership, Sizes sizes) throws SQLException {
        String name = Quote.qualified(row.getString(4), row.getString(5));
        Reference.Action action = Reference.Action.of(row.getString(7));
        Change deletes = new Change(name, Kind.DELETE, Set.of());
        Change updates = new Change(name, Kind.UPDATE, Set.copyOf(names(row.getArray(9))));
        return new Reference(
                row.getString(1).equals("d") ? Kind.DELETE : Kind.UPDATE,
                Set.copyOf(names(row.getArray(2))),
                name,
                names(row.getArray(6)),
                action,
                action == Reference.Action.NONE ? null : row.getBoolean(8) ? deletes : updates,
                ownership.own(row.getLong(3), name),
                sizes.of(name, row.getString(5)),
                row.getBoolean(10));
    }

    private static List<String> names(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
