package dev.pando.lab.twin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.lab.Messages;
import java.io.IOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes an index on a twin as the server itself does, and gives it the size that it would have over the target's rows: built over a twin's
 * it would be empty, and far too cheap.
 */
final class IndexTrial {
    private static final Pattern CREATE_INDEX = Pattern.compile(
            "(\\s*CREATE\\s+(?:UNIQUE\\s+)?INDEX\\s+)(?:CONCURRENTLY\\s+)?(?<rest>.*)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final String AS_THE_DATABASE = "SET LOCAL search_path TO DEFAULT";
    private static final String INDEXES = "SELECT indexrelid FROM pg_index";
    private static final String TABLES = """
            SELECT c.oid, c.relfilenode, c.relpages, c.reltuples, c.relallvisible
            , c.relallfrozen -- >= 18
            , 0 -- < 18
            FROM pg_class c WHERE c.relkind IN ('r', 'm') AND c.relfilenode >= 3000000000
            """;

    private record Table(long oid, String row) {}

    private record Facts(
            String index,
            long oid,
            @Nullable String path,
            String method,
            String table,
            long tablePages,
            double tableTuples,
            @Nullable String predicate,
            double bytes,
            double keys,
            boolean shared,
            int fillFactor,
            int pagesPerRange) {}

    private final Connection connection;
    private final Deputy deputy;
    private final int major;
    private final RelationFiles files;

    IndexTrial(Connection connection, Deputy deputy, int major) throws SQLException {
        this.connection = connection;
        this.deputy = deputy;
        this.major = major;
        this.files = new RelationFiles(connection);
    }

    /** {@code statement} is a CREATE INDEX; on a partitioned table it makes more than one. */
    List<Trial.Index> make(String statement) throws SQLException {
        Matcher matcher = CREATE_INDEX.matcher(statement);
        if (!matcher.matches()) {
            throw new PandoException(PandoError.EXPLAIN_REFUSED, statement, "not a CREATE INDEX statement");
        }
        return build(statement, matcher.group(1) + matcher.group("rest"));
    }

    /** {@code sql} makes indexes, for what people called {@code statement}. */
    List<Trial.Index> build(String statement, String sql) throws SQLException {
        Sql.ownNames(connection);
        Set<Long> before = new HashSet<>(Sql.rows(connection, row -> row.getLong(1), INDEXES));
        try {
            whileTablesAreEmpty(sql);
        } catch (SQLException e) {
            throw PandoException.causedBy(e, PandoError.EXPLAIN_REFUSED, statement, Messages.of(e));
        }
        Sql.ownNames(connection);
        Long[] made = Sql.rows(connection, row -> row.getLong(1), INDEXES).stream()
                .filter(index -> !before.contains(index))
                .toArray(Long[]::new);
        Sql.run(connection, "CHECKPOINT"); // first pages of indexes are taken from disk
        List<Trial.Index> candidates = new ArrayList<>();
        Array array = connection.createArrayOf("oid", made);
        for (Facts facts : Sql.rows(connection, IndexTrial::facts, CatalogQuery.text("candidate", major), array)) {
            String path = facts.path();
            if (path != null) { // a partitioned one has no file
                candidates.add(size(statement, facts, path));
            }
        }
        Sql.run(connection, AS_THE_DATABASE);
        return candidates;
    }

    /** CREATE INDEX reads its table, be it holes only, and writes down that it is empty. */
    private void whileTablesAreEmpty(String sql) throws SQLException {
        List<Table> tables = Sql.rows(connection, IndexTrial::table, CatalogQuery.expand(TABLES, major));
        if (tables.isEmpty()) {
            Sql.run(connection, AS_THE_DATABASE, sql);
            return;
        }
        String path = Sql.one(
                connection, "SELECT pg_relation_filepath(" + tables.getFirst().oid() + ")");
        List<String> empty = tables.stream()
                .map(table -> "(" + table.oid() + "::oid, " + write(path, 0, false, null) + "::oid)")
                .toList();
        deputy.run(
                connection,
                "UPDATE pg_class c SET relfilenode = v.file FROM (VALUES " + String.join(", ", empty)
                        + ") v (oid, file) WHERE c.oid = v.oid");
        Sql.run(connection, AS_THE_DATABASE, sql);
        String rows = String.join(", ", tables.stream().map(Table::row).toList());
        deputy.run(connection, CatalogQuery.expand("""
                UPDATE pg_class c SET relfilenode = v.file, relpages = v.pages, reltuples = v.tuples, relallvisible = v.visible
                , relallfrozen = v.frozen -- >= 18
                FROM (VALUES %s) v (oid, file, pages, tuples, visible, frozen) WHERE c.oid = v.oid
                """.formatted(rows), major));
    }

    private static Table table(ResultSet row) throws SQLException {
        String values = String.format(
                Locale.ROOT,
                "(%d::oid, %d::oid, %d, %s::real, %d, %d)",
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                row.getString(4),
                row.getLong(5),
                row.getLong(6));
        return new Table(row.getLong(1), values);
    }

    private static Facts facts(ResultSet row) throws SQLException {
        return new Facts(
                row.getString(1),
                row.getLong(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getLong(6),
                row.getDouble(7),
                row.getString(8),
                row.getDouble(9),
                row.getDouble(10),
                row.getBoolean(11),
                row.getInt(12),
                row.getInt(13));
    }

    private Trial.Index size(String statement, Facts facts, String path) throws SQLException {
        double tuples = Math.max(0, facts.tableTuples());
        if (facts.predicate() != null) {
            String where = "SELECT FROM ONLY " + facts.table() + " WHERE " + facts.predicate();
            tuples = Plan.of(connection, where).rows();
        }
        IndexSize size = new IndexSize(files.blockSize(), facts.fillFactor());
        long pages = switch (facts.method()) {
            case "btree" -> size.btree(tuples, facts.bytes(), facts.keys(), facts.shared());
            case "hash" -> size.hash(tuples);
            case "brin" -> size.brin((double) facts.tablePages(), facts.pagesPerRange(), facts.bytes());
            default -> size.other(tuples, facts.bytes());
        };
        long file = write(path, pages, true, facts.method().equals("btree") ? facts.bytes() : null);
        deputy.run(
                connection,
                "UPDATE pg_class SET relfilenode = " + file + ", relpages = " + pages + ", reltuples = " + tuples
                        + " WHERE oid = " + facts.oid());
        return new Trial.Index(statement.strip(), facts.index(), pages, tuples);
    }

    private long write(String path, long blocks, boolean index, @Nullable Double keyWidth) {
        try {
            return files.write(path, blocks, index, keyWidth);
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.BUG, "a file of the twin: " + e);
        }
    }
}
