package dev.pando.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables of {@code bench proxy}, in a schema of their own: made and filled, looked at, and dropped. */
final class BenchSchema {
    /** Rows of 1 KB and 1 MB begin with their key in so many digits. */
    static final int KEY_DIGITS = 8;

    static final int ROWS_1_KB = 10_000;
    static final int ROWS_1_MB = 16;

    private static final String DROP = "DROP SCHEMA IF EXISTS pando_bench CASCADE";

    private final Connection connection;

    BenchSchema(Connection connection) {
        this.connection = connection;
    }

    /** @param scale 100,000 accounts each, as pgbench's */
    void create(int scale) throws SQLException {
        long accounts = (long) scale * Transfers.ACCOUNTS_PER_BRANCH;
        long tellers = (long) scale * Transfers.TELLERS_PER_BRANCH;
        String filling = " AS SELECT n AS aid, 1 AS bid, %s AS abalance, repeat(' ', 84) AS filler"
                + " FROM generate_series(1, " + accounts + ") n; ALTER TABLE pando_bench.%s ADD PRIMARY KEY (aid)";
        for (String sql : List.of(
                DROP + "; CREATE SCHEMA pando_bench",
                "CREATE TABLE pando_bench.accounts" + filling.formatted("n", "accounts"),
                "CREATE TABLE pando_bench.transfer_accounts" + filling.formatted("0", "transfer_accounts"),
                "ALTER TABLE pando_bench.transfer_accounts SET (fillfactor = 90)",
                balances("branches", "b", scale),
                balances("tellers", "t", tellers),
                "CREATE TABLE pando_bench.history (tid int, bid int, aid int, delta int, mtime timestamp)",
                rows("rows_1_kb", 1 << 10, ROWS_1_KB),
                rows("rows_1_mb", 1 << 20, ROWS_1_MB),
                // A line of COPY has its end too.
                rows("copy_source", (1 << 10) - 1, Copies.ROWS),
                "ALTER TABLE pando_bench.copy_source DROP COLUMN id",
                "CREATE UNLOGGED TABLE pando_bench.copy_target (body text)")) {
            execute(sql);
        }
        execute("VACUUM ANALYZE pando_bench.accounts, pando_bench.transfer_accounts, pando_bench.rows_1_kb");
    }

    private static String balances(String table, String letter, long rows) {
        return "CREATE TABLE pando_bench.%1$s AS SELECT n AS %2$sid, 0 AS %2$sbalance, repeat(' ', 88) AS filler"
                        .formatted(table, letter)
                + " FROM generate_series(1, " + rows + ") n; ALTER TABLE pando_bench." + table + " ADD PRIMARY KEY ("
                + letter + "id)";
    }

    /** Not compressed, so that the server's part is to read and send. */
    private static String rows(String table, int bytes, int rows) {
        return ("CREATE TABLE pando_bench.%1$s (id int PRIMARY KEY, body text STORAGE EXTERNAL);"
                        + " INSERT INTO pando_bench.%1$s SELECT n, lpad(n::text, %2$d, '0') || repeat('x', %3$d)"
                        + " FROM generate_series(1, %4$d) n")
                .formatted(table, KEY_DIGITS, bytes - KEY_DIGITS, rows);
    }

    /** Rows of the history. */
    long transfers() throws SQLException {
        return BenchTables.Sql.number(connection, "SELECT count(*) FROM pando_bench.history");
    }

    /** Whether all balances add up to the history. */
    boolean balanced() throws SQLException {
        return BenchTables.Sql.text(
                        connection,
                        "SELECT coalesce(sum(delta), 0) = ALL (SELECT sum(abalance) FROM pando_bench.transfer_accounts"
                                + " UNION ALL SELECT sum(bbalance) FROM pando_bench.branches"
                                + " UNION ALL SELECT sum(tbalance) FROM pando_bench.tellers) FROM pando_bench.history")
                .equals("t");
    }

    long copied() throws SQLException {
        return BenchTables.Sql.number(connection, "SELECT count(*) FROM pando_bench.copy_target");
    }

    /** So that every run of COPY finds the table empty. */
    void emptyCopies() throws SQLException {
        execute("TRUNCATE pando_bench.copy_target");
    }

    void drop() throws SQLException {
        execute(DROP);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
