package dev.pando.acceptance;

import static dev.pando.acceptance.Jdbc.execute;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Java programs do with rows of all shards at once: each program runs on Pando and on one PostgreSQL, and notes the same. */
class PgjdbcAcrossTest {
    private static final List<List<String>> MODES =
            List.of(List.of("binaryTransfer=false"), List.of("prepareThreshold=-1"), List.of("preferQueryMode=simple"));

    /** Notes what it sees. */
    private interface Scenario {
        void run(Connection connection, List<String> seen) throws SQLException;
    }

    @BeforeAll
    static void createTables() throws SQLException {
        String table = "CREATE TABLE jdbc_all (id bigint PRIMARY KEY, n int NOT NULL, name text)";
        try (Connection plain = Shared.plain().connect();
                Connection pando = Shared.pando().connect()) {
            execute(plain, table);
            execute(pando, table, "SELECT pando.distribute('jdbc_all', 'id')");
        }
    }

    @AfterAll
    static void dropTables() throws SQLException {
        try (Connection plain = Shared.plain().connect();
                Connection pando = Shared.pando().connect()) {
            execute(plain, "DROP TABLE jdbc_all");
            execute(pando, "DROP TABLE jdbc_all");
        }
    }

    private static void compare(Scenario scenario, String... parameters) throws SQLException {
        for (List<String> mode : MODES) {
            List<String> all = new ArrayList<>(mode);
            all.addAll(List.of(parameters));
            String[] options = all.toArray(String[]::new);
            List<String> expected = new ArrayList<>();
            List<String> actual = new ArrayList<>();
            try (Connection plain = Shared.plain().connect(options);
                    Connection pando = Shared.pando().connect(options)) {
                execute(plain, "TRUNCATE jdbc_all");
                execute(pando, "TRUNCATE jdbc_all");
                scenario.run(plain, expected);
                scenario.run(pando, actual);
            }
            assertThat(actual).as(mode.toString()).isEqualTo(expected).isNotEmpty();
        }
    }

    @Test
    void rewrittenBatchesReachEveryShard() throws SQLException {
        for (boolean autoCommit : new boolean[] {true, false}) {
            compare(
                    (connection, seen) -> {
                        connection.setAutoCommit(autoCommit);
                        insert(connection, 1, 300, seen);
                        seen.addAll(rows(connection, "SELECT count(*), sum(n) FROM jdbc_all"));
                        insert(connection, 290, 310, seen);
                        if (!autoCommit) {
                            seen.add(stateOf(() -> execute(connection, "SELECT 1")));
                            connection.rollback();
                        }
                        seen.addAll(rows(connection, "SELECT count(*), sum(n) FROM jdbc_all"));
                    },
                    "reWriteBatchedInserts=true");
        }
    }

    private static void insert(Connection connection, int from, int to, List<String> seen) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO jdbc_all (id, n, name) VALUES (?, ?, ?)")) {
            for (int id = from; id <= to; id++) {
                insert.setLong(1, id);
                insert.setInt(2, id % 7);
                insert.setString(3, id % 5 == 0 ? null : "name '" + id);
                insert.addBatch();
            }
            seen.add(Arrays.toString(insert.executeBatch()));
        } catch (BatchUpdateException failed) {
            seen.add(failed.getSQLState() + " " + Arrays.toString(failed.getUpdateCounts()));
        }
    }

    @Test
    void aPreparedUpdateWithoutKeyCountsTheRowsOfAllShards() throws SQLException {
        compare((connection, seen) -> {
            insert(connection, 1, 100, new ArrayList<>());
            try (PreparedStatement update = connection.prepareStatement("UPDATE jdbc_all SET n = n + ? WHERE n >= ?");
                    PreparedStatement delete =
                            connection.prepareStatement("DELETE FROM jdbc_all WHERE n = ? RETURNING id")) {
                for (int round = 0; round < 8; round++) {
                    update.setInt(1, round);
                    update.setInt(2, round);
                    seen.add("updated " + update.executeUpdate());
                    delete.setInt(1, round * 3);
                    seen.addAll(sorted(delete.executeQuery()));
                }
            }
            seen.addAll(rows(connection, "SELECT id, n, name FROM jdbc_all ORDER BY id"));
        });
    }

    @Test
    void cursorsOverAllShardsMayBeReadBesideOtherStatements() throws SQLException {
        compare((connection, seen) -> {
            insert(connection, 1, 300, new ArrayList<>());
            connection.setAutoCommit(false);
            try (PreparedStatement all = connection.prepareStatement("SELECT id, n FROM jdbc_all ORDER BY id");
                    PreparedStatement some = connection.prepareStatement("SELECT id FROM jdbc_all ORDER BY n, id");
                    PreparedStatement update = connection.prepareStatement("UPDATE jdbc_all SET n = ? WHERE id = ?")) {
                all.setFetchSize(7);
                some.setFetchSize(50);
                for (int round = 0; round < 6; round++) {
                    try (ResultSet one = all.executeQuery();
                            ResultSet other = some.executeQuery()) {
                        while (one.next() && (round % 2 == 0 || one.getRow() < 20)) {
                            seen.add(
                                    one.getLong(1) + " " + one.getInt(2) + " " + (other.next() ? other.getLong(1) : 0));
                            if (one.getRow() % 40 == 0) {
                                update.setInt(1, round);
                                update.setLong(2, one.getLong(1));
                                seen.add("updated " + update.executeUpdate());
                            }
                        }
                    }
                }
            }
            connection.commit();
            seen.addAll(rows(connection, "SELECT id, n FROM jdbc_all ORDER BY id"));
        });
    }

    @Test
    void cursorsOfSqlReadAllShardsInPieces() throws SQLException {
        compare(
                (connection, seen) -> {
                    insert(connection, 1, 5000, new ArrayList<>());
                    connection.setAutoCommit(false);
                    execute(
                            connection,
                            "DECLARE ordered NO SCROLL CURSOR FOR SELECT id, name FROM jdbc_all ORDER BY n DESC, id OFFSET 3",
                            "DECLARE grouped CURSOR FOR SELECT n, count(*), max(id) FROM jdbc_all GROUP BY n ORDER BY n",
                            "DECLARE held CURSOR WITH HOLD FOR SELECT id FROM jdbc_all WHERE id % 2 = 0 ORDER BY id LIMIT 2400");
                    execute(connection, "DELETE FROM jdbc_all WHERE id % 7 = 3 AND id < 50");
                    for (int round = 0; round < 3; round++) {
                        seen.addAll(rows(connection, "FETCH 1 FROM ordered"));
                        seen.addAll(rows(connection, "FETCH FORWARD 1500 FROM ordered"));
                        seen.addAll(rows(connection, "FETCH RELATIVE 90 FROM ordered"));
                        seen.addAll(rows(connection, "FETCH 3 FROM grouped"));
                        execute(connection, "MOVE 500 IN held");
                        seen.addAll(rows(connection, "FETCH NEXT FROM held"));
                    }
                    seen.addAll(rows(connection, "FETCH ALL FROM ordered"));
                    connection.rollback();
                    seen.add(stateOf(() -> rows(connection, "FETCH held")));
                    connection.rollback();
                    connection.setAutoCommit(true);
                    execute(connection, "DECLARE held CURSOR WITH HOLD FOR SELECT id, name FROM jdbc_all ORDER BY id");
                    seen.addAll(rows(connection, "FETCH 1300 FROM held"));
                    execute(connection, "DELETE FROM jdbc_all WHERE id > 1305");
                    try (Statement statement = connection.createStatement()) {
                        statement.setFetchSize(10);
                        seen.addAll(rows(connection, "FETCH 2000 FROM held"));
                    }
                    execute(connection, "CLOSE held");
                    seen.add(stateOf(() -> rows(connection, "FETCH held")));
                },
                "binaryTransfer=false");
    }

    @Test
    void anErrorBetweenFetchesEndsTheCursor() throws SQLException {
        compare((connection, seen) -> {
            insert(connection, 1, 50, new ArrayList<>());
            connection.setAutoCommit(false);
            try (PreparedStatement all = connection.prepareStatement("SELECT id FROM jdbc_all ORDER BY id")) {
                all.setFetchSize(5);
                ResultSet rows = all.executeQuery();
                rows.next();
                seen.add(stateOf(() -> execute(connection, "SELECT 1/0")));
                seen.add(stateOf(() -> execute(connection, "SELECT 1")));
                connection.rollback();
                seen.addAll(rows(connection, "SELECT count(*) FROM jdbc_all"));
            }
        });
    }

    @Test
    void maxRowsCountsTheRowsOfAllShards() throws SQLException {
        for (int fetchSize : new int[] {0, 3}) {
            compare((connection, seen) -> {
                insert(connection, 1, 60, new ArrayList<>());
                for (boolean autoCommit : new boolean[] {true, false}) {
                    connection.setAutoCommit(autoCommit);
                    try (PreparedStatement all = connection.prepareStatement(
                            "SELECT id, name FROM jdbc_all WHERE n <> ? ORDER BY id DESC")) {
                        for (int most : new int[] {10, 1, 0, 1_000, 10, 10, 2}) {
                            all.setInt(1, most % 7);
                            all.setFetchSize(fetchSize);
                            all.setMaxRows(most);
                            seen.addAll(read(all.executeQuery()));
                        }
                    }
                    try (Statement any = connection.createStatement()) {
                        any.setMaxRows(4);
                        seen.add("any "
                                + read(any.executeQuery("SELECT id FROM jdbc_all"))
                                        .size());
                        any.setMaxRows(2);
                        seen.addAll(read(any.executeQuery("SELECT n, count(*) FROM jdbc_all GROUP BY n ORDER BY n")));
                    }
                }
            });
        }
    }

    private interface Attempt {
        void run() throws SQLException;
    }

    private static String stateOf(Attempt attempt) {
        try {
            attempt.run();
            return "no error";
        } catch (SQLException failed) {
            return String.valueOf(failed.getSQLState());
        }
    }

    private static List<String> sorted(ResultSet result) throws SQLException {
        return read(result).stream().sorted().toList();
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return read(statement.executeQuery(sql));
        }
    }

    private static List<String> read(ResultSet result) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (result) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int column = 1; column <= columns; column++) {
                    row.append(result.getString(column)).append(' ');
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }
}
