package dev.pando.server.control;

import dev.pando.core.topology.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Reads {@link TableFacts} and a table's definition from one server's system catalogs. */
final class TableInspector {
    private static final String RELATION = """
            SELECT c.oid::bigint AS oid, c.relkind::text AS relkind, pg_get_userbyid(c.relowner) AS owner,
                   EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid) AS child, c.relforcerowsecurity,
                   ARRAY(SELECT t.tgname::text FROM pg_trigger t
                         WHERE t.tgrelid = c.oid AND NOT t.tgisinternal ORDER BY 1) AS triggers
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = ?""";

    private static final String COLUMNS = """
            SELECT a.attname, a.atttypid::bigint AS atttypid, format_type(a.atttypid, a.atttypmod) AS type,
                   a.attgenerated <> '' AS computed, coalesce(co.collisdeterministic, true) AS deterministic,
                   pg_get_expr(d.adbin, d.adrelid) AS expression
            FROM pg_attribute a
            LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            LEFT JOIN pg_collation co ON co.oid = a.attcollation
            WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""";

    /** Of the table and of its partitions: a partition may have unique indexes of its own. */
    private static final String UNIQUES = """
            SELECT x.relname, ARRAY(
                       SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                       WHERE k.place <= i.indnkeyatts) AS columns
            FROM (SELECT relid FROM pg_partition_tree(?::oid::regclass) UNION SELECT ?::oid::regclass) AS tree
            JOIN pg_index i ON i.indrelid = tree.relid
            JOIN pg_class x ON x.oid = i.indexrelid
            WHERE (i.indisunique OR i.indisexclusion)
                AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)
            ORDER BY x.relname""";

    private static final String FOREIGN_KEYS = """
            SELECT k.conname, n.nspname AS from_schema, f.relname AS from_name, m.nspname AS to_schema, t.relname AS to_name,
                   ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS c (attnum, place)
                         JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.attnum ORDER BY c.place) AS from_columns,
                   ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS c (attnum, place)
                         JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = c.attnum ORDER BY c.place) AS to_columns
            FROM pg_constraint k
            JOIN pg_class f ON f.oid = k.conrelid JOIN pg_namespace n ON n.oid = f.relnamespace
            JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace m ON m.oid = t.relnamespace
            WHERE k.contype = 'f' AND k.conparentid = 0 AND (k.conrelid = ?::oid OR k.confrelid = ?::oid)
            ORDER BY k.conname""";

    private static final String SEQUENCES = """
            SELECT n.nspname, s.relname, a.attname, q.seqincrement, q.seqcycle,
                   coalesce(pg_sequence_last_value(s.oid), 0) AS last
            FROM pg_depend d
            JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_namespace n ON n.oid = s.relnamespace
            JOIN pg_sequence q ON q.seqrelid = s.oid
            JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
            WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
                AND d.refobjid = ?::oid AND d.deptype IN ('a', 'i')
            ORDER BY a.attnum""";

    /** Everything that has to be the same on all shards, one line each; not the CHECK, whose text differs, nor anything with an oid. */
    private static final String DEFINITION = """
            SELECT line FROM (
                SELECT 1 AS part, a.attnum::int AS place,
                    format('column %s %s%s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
                        CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
                        format(' %s%s', a.attidentity, a.attgenerated),
                        ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), ''),
                        ' ' || coalesce(a.attcollation::regcollation::text, '')) AS line
                FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped
                UNION ALL
                SELECT 2, 0, format('constraint %s %s', conname, pg_get_constraintdef(oid))
                FROM pg_constraint WHERE conrelid = ?::oid AND conname <> 'pando_shard'
                UNION ALL
                SELECT 3, 0, 'index ' || pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = ?::oid
                UNION ALL
                SELECT 0, 0, format('kind %s owner %s', relkind, pg_get_userbyid(relowner)) FROM pg_class WHERE oid = ?::oid
            ) AS lines ORDER BY part, place, line""";

    /** Partitions and inheritance children of a table that have a CHECK of their own, parents first. */
    static final String CHECKED_CHILDREN = """
            WITH RECURSIVE tree (relation, depth) AS (
                SELECT c.oid, 0 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ?
                UNION ALL
                SELECT i.inhrelid, depth + 1 FROM tree JOIN pg_inherits i ON i.inhparent = tree.relation)
            SELECT n.nspname, c.relname FROM tree
            JOIN pg_class c ON c.oid = tree.relation JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_constraint k ON k.conrelid = c.oid AND k.conname = 'pando_shard' AND k.contype = 'c'
            WHERE depth > 0 ORDER BY depth""";

    /** All temporary relations of sessions are on home. */
    static final String TEMPORARY_NAMESAKES =
            "SELECT count(*)::int AS hiding FROM pg_class WHERE relpersistence = 't' AND relname = ?";

    private TableInspector() {}

    /** Empty if there is no relation of that name. */
    static Optional<TableFacts> facts(Connection connection, TableName name) throws SQLException {
        List<TableFacts> found =
                Sql.rows(connection, RELATION, row -> facts(connection, name, row), name.schema(), name.name());
        return found.stream().findFirst();
    }

    private static TableFacts facts(Connection connection, TableName name, ResultSet row) throws SQLException {
        long oid = row.getLong("oid");
        String kind = Sql.text(row, "relkind");
        boolean table = kind.equals("r") || kind.equals("p");
        return new TableFacts(
                name,
                oid,
                kind,
                Sql.text(row, "owner"),
                row.getBoolean("child"),
                row.getBoolean("relforcerowsecurity"),
                Sql.rows(connection, COLUMNS, TableInspector::column, oid),
                table ? Sql.rows(connection, UNIQUES, TableInspector::unique, oid, oid) : List.of(),
                Sql.rows(connection, FOREIGN_KEYS, TableInspector::foreignKey, oid, oid),
                Sql.rows(connection, SEQUENCES, TableInspector::sequence, oid),
                Sql.texts(row, "triggers"));
    }

    static List<String> definition(Connection connection, TableName name) throws SQLException {
        List<Long> oid = Sql.rows(
                connection,
                "SELECT c.oid::bigint AS oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE n.nspname = ? AND c.relname = ?",
                row -> row.getLong("oid"),
                name.schema(),
                name.name());
        if (oid.isEmpty()) {
            return List.of();
        }
        Long it = oid.getFirst();
        return Sql.rows(connection, DEFINITION, row -> Sql.text(row, "line"), it, it, it, it);
    }

    private static TableFacts.ColumnFact column(ResultSet row) throws SQLException {
        return new TableFacts.ColumnFact(
                Sql.text(row, "attname"),
                (int) row.getLong("atttypid"),
                Sql.text(row, "type"),
                row.getBoolean("computed"),
                row.getBoolean("deterministic"),
                row.getString("expression"));
    }

    private static TableFacts.UniqueFact unique(ResultSet row) throws SQLException {
        return new TableFacts.UniqueFact(Sql.text(row, "relname"), Sql.texts(row, "columns"));
    }

    private static TableFacts.ForeignKeyFact foreignKey(ResultSet row) throws SQLException {
        return new TableFacts.ForeignKeyFact(
                Sql.text(row, "conname"),
                new TableName(Sql.text(row, "from_schema"), Sql.text(row, "from_name")),
                Sql.texts(row, "from_columns"),
                new TableName(Sql.text(row, "to_schema"), Sql.text(row, "to_name")),
                Sql.texts(row, "to_columns"));
    }

    private static TableFacts.SequenceFact sequence(ResultSet row) throws SQLException {
        return new TableFacts.SequenceFact(
                new TableName(Sql.text(row, "nspname"), Sql.text(row, "relname")),
                Sql.text(row, "attname"),
                row.getLong("seqincrement"),
                row.getBoolean("seqcycle"),
                row.getLong("last"));
    }
}
