package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Statement statistics of both protocols, COPY, cursors and several shards, with a real driver and real servers. */
class StatementsTest {
    private static Running pando;
    private static Connection admin;

    @BeforeAll
    static void start() throws SQLException {
        pando = Running.before(2, "[listen]\nport = 0\n[pool]\nsize = 4\n");
        admin = pando.admin("app", "preferQueryMode=simple");
        try (Connection app = pando.connect()) {
            Sql.run(app, "DROP TABLE IF EXISTS seen");
            Sql.run(app, "CREATE TABLE seen (id bigint PRIMARY KEY, name text)");
            Sql.run(app, "SELECT pando.distribute('seen', 'id')");
        }
    }

    @AfterAll
    static void stop() throws SQLException {
        try (Connection app = pando.connect()) {
            Sql.run(app, "DROP TABLE IF EXISTS seen");
        }
        admin.close();
        pando.close();
    }

    @BeforeEach
    void reset() throws SQLException {
        Sql.run(admin, "RESET STATEMENTS");
    }

    /** The row of SHOW STATEMENTS for this text. */
    private static Map<String, @Nullable String> seen(String text) throws SQLException {
        StringBuilder others = new StringBuilder();
        try (Statement statement = admin.createStatement();
                ResultSet rows = statement.executeQuery("SHOW STATEMENTS LIMIT 1000")) {
            while (rows.next()) {
                if (text.equals(rows.getString("statement"))) {
                    Map<String, @Nullable String> row = new LinkedHashMap<>();
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        row.put(rows.getMetaData().getColumnName(i), rows.getString(i));
                    }
                    return row;
                }
                others.append(rows.getString("statement")).append('\n');
            }
        }
        throw new AssertionError(text + " is none of\n" + others);
    }

    private static long number(Map<String, @Nullable String> row, String column) {
        return Long.parseLong(String.valueOf(row.get(column)));
    }

    private static void has(String text, long calls, long rows, long shards) throws SQLException {
        Map<String, @Nullable String> row = seen(text);
        assertThat(row)
                .as(text)
                .containsEntry("calls", Long.toString(calls))
                .containsEntry("rows", Long.toString(rows))
                .containsEntry("shards", Long.toString(shards))
                .containsEntry("errors", "0")
                .containsEntry("database", "app")
                .containsEntry("user", "app");
        assertThat(number(row, "total_time")).isPositive();
        assertThat(number(row, "p50_time")).isLessThanOrEqualTo(number(row, "p99_time"));
        assertThat(number(row, "p99_time")).isLessThanOrEqualTo(number(row, "max_time"));
        long parts = number(row, "queue_time")
                + number(row, "plan_time")
                + number(row, "backend_time")
                + number(row, "merge_time")
                + number(row, "client_time");
        assertThat(parts).isBetween(number(row, "total_time") - 10, number(row, "total_time"));
        // The parts are measured one by one, the longest call as a whole.
        assertThat(number(row, "total_time"))
                .as("total of %s", row)
                .isBetween(number(row, "max_time"), calls * (number(row, "max_time") + 1));
    }

    @Test
    void bothProtocolsCount() throws SQLException {
        for (String mode : new String[] {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"}) {
            reset();
            try (Connection app = pando.connect("preferQueryMode=" + mode, "prepareThreshold=2")) {
                Sql.run(app, "DELETE FROM seen");
                for (int i = 1; i <= 6; i++) {
                    Sql.run(app, "INSERT INTO seen VALUES (" + i + ", 'geheim')");
                }
                for (int i = 1; i <= 3; i++) {
                    assertThat(Sql.value(app, "SELECT name FROM seen WHERE id = " + i))
                            .isEqualTo("geheim");
                }
                assertThat(Sql.value(app, "SELECT count(*) FROM seen")).isEqualTo("6");
                assertThatThrownBy(() -> Sql.run(app, "SELECT 1 / 0 FROM seen WHERE id = 1"))
                        .isInstanceOf(SQLException.class);
            }
            has("delete from seen", 1, number(seen("delete from seen"), "rows"), 2);
            has("insert into seen values ( 0 , '' )", 6, 6, 6);
            has("select name from seen where id = 0", 3, 3, 3);
            has("select count ( * ) from seen", 1, 1, 2);
            assertThat(seen("select 0 / 0 from seen where id = 0")).containsEntry("errors", "1");
            assertThat(number(seen("insert into seen values ( 0 , '' )"), "received"))
                    .isGreaterThan(6 * 20);
            assertThat(number(seen("select name from seen where id = 0"), "sent"))
                    .isGreaterThan(3 * 20);
        }
    }

    @Test
    void preparedStatementsBatchesCursorsAndCopyCount() throws Exception {
        try (Connection app = pando.connect("prepareThreshold=1")) {
            Sql.run(app, "DELETE FROM seen");
            try (PreparedStatement insert = app.prepareStatement("INSERT INTO seen VALUES (?, ?)")) {
                for (int i = 0; i < 40; i++) {
                    insert.setLong(1, i);
                    insert.setString(2, "n" + i);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            has("insert into seen values ( $1 , $2 )", 40, 40, 40);
            app.setAutoCommit(false);
            try (PreparedStatement select = app.prepareStatement("SELECT name FROM seen WHERE id = ?")) {
                for (int i = 0; i < 5; i++) {
                    select.setLong(1, i);
                    select.executeQuery().close();
                }
            }
            try (Statement all = app.createStatement()) {
                all.setFetchSize(7);
                int rows = 0;
                try (ResultSet found = all.executeQuery("SELECT id, name FROM seen ORDER BY id")) {
                    while (found.next()) {
                        rows++;
                    }
                }
                assertThat(rows).isEqualTo(40);
            }
            app.commit();
            app.setAutoCommit(true);
            has("select name from seen where id = $1", 5, 5, 5);
            assertThat(seen("select id , name from seen order by id")).containsEntry("rows", "40");
            app.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY seen FROM STDIN", new StringReader("100\tx\n101\ty\n102\tz\n".repeat(1)));
            assertThat(seen("copy seen from stdin")).containsEntry("rows", "3");
            assertThat(number(seen("copy seen from stdin"), "received")).isGreaterThan(18);
            Sql.run(app, "PREPARE q AS SELECT name FROM seen WHERE id = $1");
            assertThat(Sql.value(app, "EXECUTE q(100)")).isEqualTo("x");
            has("select name from seen where id = $1", 6, 6, 6);
        }
    }

    @Test
    void theTableCanBeSortedAndLimitedAndSaysWhatItDoesNotKnow() throws SQLException {
        try (Connection app = pando.connect()) {
            for (int i = 0; i < 5; i++) {
                Sql.run(app, "SELECT name FROM seen WHERE id = 1");
            }
            Sql.run(app, "SELECT id FROM seen WHERE id = 1");
        }
        assertThat(Sql.column(admin, "SHOW STATEMENTS ORDER BY calls DESC LIMIT 1", "statement"))
                .containsExactly("select name from seen where id = 0");
        assertThat(Sql.column(admin, "show statements by calls asc limit 1", "statement"))
                .doesNotContain("select name from seen where id = 0");
        assertThatThrownBy(() -> Sql.run(admin, "SHOW STATEMENTS ORDER BY call"))
                .hasMessageContaining("did you mean calls?");
        assertThatThrownBy(() -> Sql.run(admin, "SHOW STATEMENTS please")).hasMessageContaining("[LIMIT n]");
        assertThatThrownBy(() -> Sql.run(admin, "SHOW STATEMENT")).hasMessageContaining("SHOW STATEMENTS");
        try (Connection other = pando.admin("other", "preferQueryMode=simple")) {
            assertThatThrownBy(() -> Sql.run(other, "RESET STATEMENTS")).isInstanceOf(SQLException.class);
            Sql.run(other, "RESET ALL");
        }
        assertThat(seen("select name from seen where id = 0").get("plan")).contains("\"seen\" is sharded by (id)");
    }

    @Test
    void nothingOfTheValuesIsKept() throws SQLException {
        try (Connection app = pando.connect()) {
            Sql.run(app, "INSERT INTO seen VALUES (900, 'geheim-1') ON CONFLICT DO NOTHING");
            assertThatThrownBy(() -> Sql.run(app, "ALTER ROLE nobody PASSWORD 'geheim-2'"))
                    .isInstanceOf(SQLException.class);
            Sql.run(app, "SET app.secret = 'geheim-3'");
            Sql.run(app, "SET app.secret TO geheim_7");
            Sql.run(app, "SELECT $$geheim-4$$, E'geheim-5', 'x' -- geheim-6");
        }
        StringBuilder all = new StringBuilder();
        for (String column : new String[] {"statement", "plan"}) {
            Sql.column(admin, "SHOW STATEMENTS", column).forEach(all::append);
        }
        assertThat(all.toString()).contains("alter role nobody password ''").doesNotContain("geheim");
    }

    @Test
    void oneQuestionAskedManyTimesIsReportedOnceInTheLogAndWithWhatToDo() throws Exception {
        try (Heard heard = new Heard();
                Connection app = pando.connect("prepareThreshold=1")) {
            Sql.run(app, "DELETE FROM seen");
            Sql.run(app, "INSERT INTO seen VALUES (1, 'a')");
            for (int run = 0; run < 2; run++) {
                app.setAutoCommit(false);
                try (PreparedStatement lookup = app.prepareStatement("SELECT name FROM seen WHERE id = ?")) {
                    for (int i = 0; i < 25; i++) {
                        lookup.setLong(1, i);
                        lookup.executeQuery().close();
                    }
                }
                app.commit();
                app.setAutoCommit(true);
            }
            assertThat(heard.fields("one question asked many times (N+1)"))
                    .containsEntry("statement", "select name from seen where id = $1")
                    .containsEntry("batched", "select id, name from seen where id = ANY($1)");
            assertThat(heard.count("one question asked many times (N+1)")).isEqualTo(1);
        }
        try (Statement statement = admin.createStatement();
                ResultSet rows = statement.executeQuery("SHOW REPEATS")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getLong("runs")).isEqualTo(2);
            assertThat(rows.getLong("repeats")).isEqualTo(50);
            assertThat(rows.getLong("longest_run")).isEqualTo(25);
            assertThat(rows.getLong("statement_time")).isPositive();
            assertThat(rows.getLong("pause_time")).isPositive();
            assertThat(rows.getString("batched")).isEqualTo("select id, name from seen where id = ANY($1)");
            assertThat(rows.next()).isFalse();
        }
        // What it proposes is SQL that works.
        try (Connection app = pando.connect();
                PreparedStatement batched = app.prepareStatement("select id, name from seen where id = ANY(?)")) {
            batched.setArray(1, app.createArrayOf("bigint", new Long[] {1L, 2L}));
            try (ResultSet rows = batched.executeQuery()) {
                assertThat(rows.next()).isTrue();
            }
        }
    }

    @Test
    void slowStatementsAreLoggedWithoutTheirValues() throws Exception {
        try (Heard heard = new Heard();
                Running slow = Running.before(2, "log_min_duration_statement = \"200ms\"\n[listen]\nport = 0\n");
                Connection app = slow.connect()) {
            Sql.run(app, "SELECT 'geheim' FROM pg_sleep(0.01)");
            Sql.run(app, "SELECT 'geheim', pg_sleep(0.25) FROM pg_class LIMIT 1");
            Map<String, Object> line = heard.fields("slow statement");
            assertThat(line)
                    .containsEntry("user", "app")
                    .containsEntry("database", "app")
                    .containsEntry("statement", "select '' , pg_sleep ( 0.0 ) from pg_class limit 0")
                    .containsKeys("id", "client", "queue_ms", "plan_ms", "merge_ms", "client_ms", "shards", "rows");
            assertThat(Double.parseDouble(String.valueOf(line.get("duration_ms"))))
                    .isGreaterThan(250);
            assertThat(Double.parseDouble(String.valueOf(line.get("backend_ms"))))
                    .isGreaterThan(240);
            assertThat(heard.count("slow statement")).isEqualTo(1);
            assertThat(heard.all()).doesNotContain("geheim");
        }
    }

    @Test
    void sessionModeCountsRequests() throws Exception {
        try (Running plain = Running.plain(
                        "[pool]\nmode = \"session\"\n[[databases]]\nname = \"postgres\"\n" + "servers = [\"127.0.0.1:"
                                + Running.servers(1).getFirst().port() + "\"]\n");
                Connection app = plain.to("postgres", "app", "preferQueryMode=simple");
                Connection console = plain.admin("app", "preferQueryMode=simple")) {
            Sql.run(app, "SELECT 'geheim'");
            assertThatThrownBy(() -> Sql.run(app, "SELECT 1 / 0")).isInstanceOf(SQLException.class);
            Sql.run(app, "SELECT 2");
            assertThat(Sql.column(console, "SHOW STATEMENTS", "statement")).containsExactly("(session mode: not read)");
            assertThat(Sql.column(console, "SHOW STATEMENTS", "errors")).containsExactly("1");
            assertThat(Integer.parseInt(String.valueOf(
                            Sql.column(console, "SHOW STATEMENTS", "calls").getFirst())))
                    .isGreaterThanOrEqualTo(3);
        }
    }
}
