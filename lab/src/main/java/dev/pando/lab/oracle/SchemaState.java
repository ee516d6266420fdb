package dev.pando.lab.oracle;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What catalogs and counters said of all relations at one moment, TOAST tables and the catalogs themselves left out. */
record SchemaState(Map<Long, Row> relations, Map<Name, Row> byName, List<Edge> edges, List<String> searchPath) {
    /** Which counters are read. */
    enum Counters {
        /** Of the session's own transaction, for the session itself. */
        TRANSACTION("pg_stat_get_xact_"),
        /** Since the database was made, for another session. */
        ALL("pg_stat_get_");

        private final String prefix;

        Counters(String prefix) {
            this.prefix = prefix;
        }
    }

    /** A relation; {@code table} is the one it is an index of, or 0; {@code file} is 0 for those that have none. */
    record Row(long oid, String schema, String name, RelationKind kind, long file, long table, Counts counts) {}

    record Name(String schema, String name) {}

    record Counts(long pages, long scans, long blocks) {}

    record Edge(Link link, long from, long to) {}

    enum Link {
        INHERITS,
        DEFAULT_PARTITION_OF,
        REFERENCES
    }

    private static final String EDGES = """
            SELECT 'INHERITS', inhrelid::int8, inhparent::int8 FROM pg_inherits
            UNION ALL SELECT 'DEFAULT_PARTITION_OF', partdefid::int8, partrelid::int8 FROM pg_partitioned_table WHERE partdefid <> 0
            UNION ALL SELECT DISTINCT 'REFERENCES', conrelid::int8, confrelid::int8 FROM pg_constraint WHERE contype = 'f'""";

    static SchemaState read(Connection connection, Counters counters) throws SQLException {
        Map<Long, Row> relations = new HashMap<>();
        Map<Name, Row> byName = new HashMap<>();
        List<Edge> edges = new ArrayList<>();
        List<String> path = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery(relations(counters))) {
                while (rows.next()) {
                    Row row = row(rows);
                    relations.put(row.oid(), row);
                    byName.put(new Name(row.schema(), row.name()), row);
                }
            }
            try (ResultSet rows = statement.executeQuery(EDGES)) {
                while (rows.next()) {
                    edges.add(new Edge(Link.valueOf(rows.getString(1)), rows.getLong(2), rows.getLong(3)));
                }
            }
            try (ResultSet rows = statement.executeQuery(
                    "SELECT regexp_replace(unnest(current_schemas(true)), '^pg_temp_.*', 'pg_temp')")) {
                while (rows.next()) {
                    path.add(rows.getString(1));
                }
            }
        }
        return new SchemaState(relations, byName, edges, path);
    }

    private static String relations(Counters counters) {
        return """
            SELECT c.oid::int8, CASE WHEN n.oid = pg_my_temp_schema() THEN 'pg_temp' ELSE n.nspname END, c.relname, c.relkind::text, coalesce(pg_relation_filenode(c.oid), 0)::int8,
                   coalesce(i.indrelid, 0)::int8,
                   CASE WHEN c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid) / current_setting('block_size')::int ELSE 0 END,
                   %1$snumscans(c.oid), %1$sblocks_fetched(c.oid)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
            WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'
              AND (n.nspname !~ '^pg_temp_' OR n.oid = pg_my_temp_schema()) AND c.relkind <> 't'""".formatted(counters.prefix);
    }

    private static Row row(ResultSet rows) throws SQLException {
        return new Row(
                rows.getLong(1),
                rows.getString(2),
                rows.getString(3),
                RelationKind.of(rows.getString(4)),
                rows.getLong(5),
                rows.getLong(6),
                new Counts(rows.getLong(7), rows.getLong(8), rows.getLong(9)));
    }

    @Nullable
    Row find(String schema, String name) {
        return byName.get(new Name(schema, name));
    }

    /** The relation that a name without schema means. */
    @Nullable
    Row find(String name) {
        for (String schema : searchPath) {
            Row row = find(schema, name);
            if (row != null) {
                return row;
            }
        }
        return null;
    }
}
