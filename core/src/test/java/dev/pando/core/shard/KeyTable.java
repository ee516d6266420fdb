package dev.pando.core.shard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** A table of keys on a real server, with Java's answers beside each, to be compared with what SQL says. */
final class KeyTable {
    /** Names that work only if they are quoted everywhere. */
    private static final List<String> COLUMNS = List.of("\"Key 0\"", "\"select\"", "\"c\"\"2\"", "\"K3\"");

    static final int NOT_COVERED = -1;

    private final Connection connection;
    private final String name;
    private final List<KeyType> types;

    private KeyTable(Connection connection, String name, List<KeyType> types) {
        this.connection = connection;
        this.name = name;
        this.types = types;
    }

    static KeyTable create(Connection connection, String name, List<KeyType> types, int answers) throws SQLException {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            columns.add(COLUMNS.get(i) + " " + types.get(i).sqlName());
        }
        for (int i = 0; i < answers; i++) {
            columns.add("a" + i + " smallint");
        }
        KeyTable table = new KeyTable(connection, name, types);
        table.run("CREATE UNLOGGED TABLE " + name + " (" + String.join(", ", columns) + ")");
        return table;
    }

    List<String> keyColumns() {
        return COLUMNS.subList(0, types.size());
    }

    void fill(List<Key> keys, List<ShardingFunction> functions) throws SQLException, IOException {
        StringBuilder rows = new StringBuilder();
        for (Key key : keys) {
            List<Key> parts = key instanceof Key.Composite composite ? composite.parts() : List.of(key);
            addRow(
                    rows,
                    parts,
                    functions.stream()
                            .map(f -> f.covers(key) ? f.shardOf(key) : NOT_COVERED)
                            .toList());
        }
        copy(rows);
    }

    /** One row with a NULL in each key column alone, and one with nothing but NULLs, which no shard may take. */
    void fillNulls(Key key, int answers) throws SQLException, IOException {
        List<Key> parts = key instanceof Key.Composite composite ? composite.parts() : List.of(key);
        StringBuilder rows = new StringBuilder();
        List<Integer> none = java.util.Collections.nCopies(answers, NOT_COVERED);
        for (int i = 0; i < parts.size(); i++) {
            List<@Nullable Key> oneNull = new ArrayList<>(parts);
            oneNull.set(i, null);
            addRow(rows, oneNull, none);
        }
        addRow(rows, java.util.Collections.<@Nullable Key>nCopies(parts.size(), null), none);
        copy(rows);
    }

    private static void addRow(StringBuilder rows, List<? extends @Nullable Key> parts, List<Integer> answers) {
        List<String> fields = new ArrayList<>();
        for (Key part : parts) {
            fields.add(part == null ? "\\N" : escaped(part.toString()));
        }
        for (int answer : answers) {
            fields.add(Integer.toString(answer));
        }
        rows.append(String.join("\t", fields)).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private void copy(StringBuilder rows) throws SQLException, IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(rows.toString().getBytes(StandardCharsets.UTF_8));
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + name + " FROM STDIN", new java.io.ByteArrayInputStream(bytes.toByteArray()));
    }

    /** Rows and shards for which SQL does not say what Java said: true for the answer's shard, false (not null) for all others. */
    long disagreements(ShardingFunction function, int answer) throws SQLException {
        List<String> sums = new ArrayList<>();
        for (int shard = 0; shard < function.shardCount(); shard++) {
            sums.add("count(*) FILTER (WHERE (" + function.checkSql(shard, keyColumns()) + ") IS DISTINCT FROM (a"
                    + answer + " = " + shard + "))");
        }
        return number("SELECT " + String.join(" + ", sums) + " FROM " + name);
    }

    /** As {@link #disagreements}, but asks only the answer's shard and the next one: two evaluations per row, whatever the shards. */
    long disagreementsOfTwo(ShardingFunction function, int answer) throws SQLException {
        StringBuilder own = new StringBuilder("CASE a" + answer);
        StringBuilder next = new StringBuilder("CASE a" + answer);
        for (int shard = 0; shard < function.shardCount(); shard++) {
            own.append(" WHEN ").append(shard).append(" THEN ").append(function.checkSql(shard, keyColumns()));
            int other = (shard + 1) % function.shardCount();
            next.append(" WHEN ").append(shard).append(" THEN ").append(function.checkSql(other, keyColumns()));
        }
        return number("SELECT count(*) FILTER (WHERE (" + own + " END) IS NOT TRUE OR (" + next
                + " END) IS NOT FALSE) FROM " + name);
    }

    /** Fails if PostgreSQL does not take the expression as CHECK and as row filter. Leaves nothing. */
    void accept(String expression) throws SQLException {
        connection.setAutoCommit(false);
        run("CREATE TABLE accepting (LIKE " + name + ")");
        run("ALTER TABLE accepting ADD CHECK (" + expression + ")");
        run("CREATE PUBLICATION accepting FOR TABLE accepting WHERE (" + expression + ")");
        connection.rollback();
        connection.setAutoCommit(true);
    }

    long rows() throws SQLException {
        return number("SELECT count(*) FROM " + name);
    }

    void drop() throws SQLException {
        run("DROP TABLE " + name);
    }

    long number(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String title(List<KeyType> types) {
        return types.stream().map(KeyType::sqlName).collect(Collectors.joining("_"));
    }
}
