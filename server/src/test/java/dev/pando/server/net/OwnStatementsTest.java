package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.core.link.Requests;
import dev.pando.lab.TemporaryServer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What servers and code on them see of the statements that a session has prepared, and of its other state, against PostgreSQL. */
class OwnStatementsTest {
    private static final String VIEW = "SELECT name, statement, parameter_types::text, result_types::text, from_sql"
            + " FROM pg_prepared_statements ORDER BY name";
    private static final String RUN = "CREATE FUNCTION run(sql text) RETURNS int LANGUAGE plpgsql AS"
            + " $$ DECLARE r int; BEGIN EXECUTE sql INTO r; RETURN r; END $$";
    private static final String LEAVE =
            "CREATE FUNCTION leave(sql text) RETURNS void LANGUAGE plpgsql AS" + " $$ BEGIN EXECUTE sql; END $$";

    /** Nothing in it keeps a connection for good. */
    private static final List<String> OF_CODE = List.of(
            "DO $$ BEGIN EXECUTE 'PREPARE six (int) AS SELECT $1 * 6'; END $$",
            "PREPARE six AS SELECT 1",
            VIEW,
            "EXECUTE six(7)",
            "EXECUTE six('x')",
            "EXECUTE six",
            VIEW,
            "DEALLOCATE six",
            "EXECUTE six(9)",
            "BEGIN",
            "DO $$ BEGIN EXECUTE 'PREPARE seven AS SELECT 7; PREPARE eight AS SELECT 8'; END $$",
            "EXECUTE eight",
            "DEALLOCATE seven",
            "EXECUTE seven",
            "ROLLBACK",
            "EXECUTE eight",
            "DO $$ BEGIN EXECUTE 'PREPARE nine AS SELECT $1 || ''9'; END $$",
            "DO $$ BEGIN EXECUTE 'PREPARE nine AS SELECT $1 || ''9'''; END $$",
            "EXECUTE nine('9')",
            "DO $$ BEGIN EXECUTE 'PREPARE ten AS SELECT 10'; END $$",
            "CREATE TEMPORARY TABLE tens AS EXECUTE ten",
            "SELECT * FROM tens",
            "DROP TABLE tens",
            "DO $$ BEGIN EXECUTE 'PREPARE eleven AS SELECT 11; DEALLOCATE eleven; PREPARE eleven AS SELECT 12; SELECT 1'; END $$",
            "PREPARE eleven AS SELECT 13",
            "DEALLOCATE eight",
            "PREPARE again AS SELECT 1",
            "DO $$ BEGIN EXECUTE 'DEALLOCATE again'; EXECUTE 'PREPARE again AS SELECT 2'; END $$",
            "EXECUTE again",
            VIEW,
            "DEALLOCATE again",
            "PREPARE changing AS SELECT 1",
            "BEGIN",
            "DO $$ BEGIN EXECUTE 'DEALLOCATE changing'; EXECUTE 'PREPARE changing AS SELECT 2'; END $$",
            "EXECUTE changing",
            "COMMIT",
            "EXECUTE changing",
            "BEGIN",
            "DO $$ BEGIN EXECUTE 'DEALLOCATE changing'; END $$",
            "PREPARE changing AS SELECT 3",
            "EXECUTE changing",
            "DO $$ BEGIN EXECUTE 'DEALLOCATE changing'; EXECUTE 'PREPARE changing AS SELECT 4'; END $$",
            "DO $$ BEGIN EXECUTE 'DEALLOCATE changing'; END $$",
            "EXECUTE changing",
            "ROLLBACK",
            "EXECUTE changing",
            "PREPARE changing AS SELECT 5",
            "BEGIN",
            "DO $$ BEGIN EXECUTE 'DEALLOCATE changing'; EXECUTE 'PREPARE changing AS SELECT 6'; END $$",
            "DEALLOCATE changing",
            "EXECUTE changing",
            "ROLLBACK",
            "EXECUTE changing",
            "DEALLOCATE ALL",
            "EXECUTE ten",
            VIEW);

    private static final List<String> SCRIPT = List.of(
            VIEW,
            "PREPARE one (int) AS SELECT $1 + 1",
            "prepare \"Two\" AS SELECT 'x'::text AS a, 2 AS b",
            VIEW,
            "EXECUTE one(1)",
            "EXECUTE \"Two\"(1, 'more')",
            "SELECT count(*) FROM pg_prepared_statement()",
            "SELECT run('EXECUTE one(41)')",
            "SELECT run('EXECUTE one(4' || 2 || ')')",
            "DEALLOCATE one",
            VIEW,
            "SELECT run('EXECUTE one(41)')",
            "BEGIN",
            "PREPARE three AS SELECT count(*) FROM pg_prepared_statements",
            "EXECUTE three",
            VIEW,
            "SELECT run('EXECUTE three')",
            "DEALLOCATE three",
            "SELECT count(*) FROM pg_prepared_statements",
            "PREPARE four AS SELECT 4",
            "ROLLBACK",
            VIEW,
            "EXECUTE four",
            "SELECT leave('DEALLOCATE four')",
            "EXECUTE four",
            VIEW,
            "CREATE TABLE passing (a int)",
            "PREPARE five AS SELECT a FROM passing",
            "DROP TABLE passing",
            "SELECT name FROM pg_prepared_statements WHERE name <> 'five'",
            "BEGIN",
            "SELECT count(*) FROM pg_prepared_statements WHERE name <> 'five'",
            "SELECT 1",
            "SELECT count(*) FROM pg_prepared_statements WHERE name <> 'five'",
            "COMMIT",
            "DEALLOCATE ALL",
            VIEW);

    private static List<String> answers(Connection connection, List<String> script) {
        List<String> answers = new ArrayList<>();
        for (String sql : script) {
            answers.add(sql + "\n  -> " + answer(connection, sql));
        }
        return answers;
    }

    private static String answer(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(sql) ? rows(statement.getResultSet()) : "done";
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    private static String rows(ResultSet rows) throws SQLException {
        List<String> all = new ArrayList<>();
        while (rows.next()) {
            List<String> row = new ArrayList<>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                row.add(rows.getString(i));
            }
            all.add(row.toString());
        }
        return all.toString();
    }

    private static Running plain() throws SQLException {
        return Running.plain("""
                [[databases]]
                name = "app"
                servers = ["127.0.0.1:%d"]
                pool_size = 1
                """.formatted(Running.servers(1).getFirst().port()));
    }

    /** What another client of the same pool has prepared. */
    private static void litter(Connection other) throws SQLException {
        Sql.run(other, "PREPARE one AS SELECT 'not yours'");
        Sql.run(other, "EXECUTE one");
        try (PreparedStatement statement = other.prepareStatement("SELECT 'nor this'")) {
            statement.execute();
        }
    }

    @Test
    void aPlainDatabaseSaysWhatPostgresSays() throws SQLException {
        TemporaryServer server = Running.servers(1).getFirst();
        try (Connection direct = server.connect("app")) {
            Sql.run(direct, RUN + ";" + LEAVE);
            for (String mode : List.of("simple", "extended")) {
                compare(mode, direct);
            }
            Sql.run(direct, "DROP FUNCTION run; DROP FUNCTION leave");
        }
    }

    private static void compare(String mode, Connection direct) throws SQLException {
        String query = "preferQueryMode=" + mode;
        try (Running pando = plain();
                Connection mine = pando.connect(query);
                Connection other = pando.connect("prepareThreshold=1");
                Connection admin = pando.admin("app")) {
            litter(other);
            Sql.run(direct, "GRANT ALL ON SCHEMA public TO app");
            assertThat(answers(mine, OF_CODE)).as(mode).isEqualTo(answers(direct, OF_CODE));
            assertThat(answer(other, VIEW)).contains("not yours", "nor this").doesNotContain("pando_");
            Sql.run(mine, "DO $$ BEGIN EXECUTE 'PREPARE six AS SELECT 6'; END $$");
            assertThat(Sql.column(admin, "SHOW CLIENTS", "pinned")).contains("PREPARE");
            assertThat(answer(mine, "EXECUTE six")).isEqualTo("[[6]]");
            assertThat(Sql.column(admin, "SHOW CLIENTS", "pinned")).doesNotContain("PREPARE");
            assertThat(answer(other, VIEW)).contains("not yours", "nor this").doesNotContain("six");
            Sql.run(mine, "DEALLOCATE six");
            assertThat(answers(mine, SCRIPT)).as(mode).isEqualTo(answers(direct, SCRIPT));
            Sql.run(mine, "DISCARD ALL");
            assertThat(answer(other, VIEW)).contains("not yours", "nor this").doesNotContain("pando_");
        }
    }

    @Test
    void whatCodeDeallocatesIsNotMissedByOthers() throws SQLException, IOException {
        String all = "DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$";
        List<List<String>> deeds = List.of(
                List.of(all),
                List.of("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; PERFORM 1 / 0; END $$"),
                List.of("BEGIN", all, "COMMIT"),
                List.of("BEGIN", all, "SELECT 1 / 0", "ROLLBACK"),
                List.of("PREPARE mine AS SELECT 1", all));
        for (List<String> deed : deeds) {
            try (Running pando = plain();
                    Connection mine = pando.connect("preferQueryMode=simple")) {
                assertThat(kept(pando)).as("%s", deed).isEqualTo("1Z2DCZ");
                answers(mine, deed);
                assertThat(kept(pando)).as("%s", deed).isEqualTo("1Z2DCZ");
            }
        }
    }

    /** What a client hears that prepares what others have prepared before, and runs it. */
    private static String kept(Running pando) throws IOException {
        ByteBuf out = Unpooled.buffer();
        StringBuilder heard = new StringBuilder();
        try (WireClient client = new WireClient(pando.port()).login()) {
            Requests.parse(out, "s", "SELECT 'kept'".getBytes(StandardCharsets.US_ASCII), new int[0]);
            Requests.bare(out, 'S');
            out.writeByte('B').writeInt(13).writeBytes(new byte[] {0, 's', 0, 0, 0, 0, 0, 0, 0});
            out.writeByte('E').writeInt(9).writeByte(0).writeInt(0);
            Requests.bare(out, 'S');
            client.send(out);
            for (int ends = 0; ends < 2; ends += heard.charAt(heard.length() - 1) == 'Z' ? 1 : 0) {
                heard.append(client.read().type());
            }
        }
        return heard.toString();
    }

    @Test
    void aDatabaseThatIsReadSaysWhatPostgresSays() throws SQLException {
        TemporaryServer server = Running.servers(2).getFirst();
        for (int shards : new int[] {1, 2}) {
            try (Running pando = Running.before(shards, "[listen]\nport = 0\n[pool]\nsize = 1");
                    Connection mine = pando.connect("preferQueryMode=simple");
                    Connection direct = server.connect("app")) {
                Sql.run(mine, RUN);
                Sql.run(mine, LEAVE);
                assertThat(answers(mine, OF_CODE)).as(shards + " shards").isEqualTo(answers(direct, OF_CODE));
                assertThat(answers(mine, SCRIPT)).as(shards + " shards").isEqualTo(answers(direct, SCRIPT));
                Sql.run(mine, "DROP FUNCTION run");
                Sql.run(mine, "DROP FUNCTION leave");
            }
        }
    }

    @Test
    void ofManyStatementsItIsSeenWhichCodeHasDeallocated() throws SQLException {
        try (Running pando = plain();
                Connection mine = pando.connect("preferQueryMode=simple")) {
            Sql.run(mine, LEAVE);
            for (int i = 0; i < 2_100; i++) {
                Sql.run(mine, "PREPARE s" + i + " AS SELECT " + i);
            }
            Sql.run(mine, "SELECT leave('DEALLOCATE s7'), leave('DEALLOCATE s1700')");
            for (String statement : List.of("s7", "s1700")) {
                assertThat(answer(mine, "EXECUTE " + statement)).as(statement).isEqualTo("26000");
            }
            assertThat(answer(mine, "EXECUTE s8")).isEqualTo("[[8]]");
            assertThat(answer(mine, "EXECUTE s2099")).isEqualTo("[[2099]]");
            Sql.run(mine, "DROP FUNCTION leave");
        }
    }

    @Test
    void aCursorThatCodeHasOpenedCountsAsWhatTheSessionHolds() throws SQLException {
        String settings = "[listen]\nport = 0\n[limits]\nmax_prepared_statements = 2";
        try (Running pando = Running.before(2, settings);
                Connection mine = pando.connect("preferQueryMode=simple")) {
            Sql.run(mine, "CREATE TABLE counted (id int PRIMARY KEY)");
            Sql.run(mine, "SELECT pando.distribute('counted', 'id')");
            Sql.run(
                    mine,
                    "CREATE FUNCTION opened(name refcursor) RETURNS refcursor LANGUAGE plpgsql AS"
                            + " $$ BEGIN OPEN name FOR SELECT 1; RETURN name; END $$");
            Sql.run(mine, "PREPARE one AS SELECT 1");
            Sql.run(mine, "BEGIN");
            assertThat(answer(mine, "SELECT count(*) FROM counted")).isEqualTo("[[0]]");
            assertThat(answer(mine, "SELECT opened('first'), opened('second')")).isEqualTo("[[first, second]]");
            assertThat(answer(mine, "FETCH ALL FROM first")).isEqualTo("[[1]]");
            assertThat(answer(mine, "FETCH ALL FROM second")).isEqualTo("53000");
            Sql.run(mine, "ROLLBACK");
            Sql.run(mine, "DROP FUNCTION opened");
            Sql.run(mine, "SELECT pando.undistribute('counted')");
            Sql.run(mine, "DROP TABLE counted");
        }
    }

    @Test
    void statementsOfParseAreShownByTheirNames() throws SQLException {
        TemporaryServer server = Running.servers(1).getFirst();
        String named = "SELECT ?::int + 1";
        String view = "SELECT name, statement, parameter_types::text, result_types::text, from_sql"
                + " FROM pg_prepared_statements WHERE statement <> $1 ORDER BY name";
        List<String> seen = new ArrayList<>();
        try (Running pando = plain();
                Connection other = pando.connect("prepareThreshold=1")) {
            litter(other);
            try (Connection mine = pando.connect("prepareThreshold=1");
                    Connection direct = server.connect("app")) {
                for (Connection connection : List.of(mine, direct)) {
                    connection.unwrap(org.postgresql.PGConnection.class).setPrepareThreshold(1);
                    StringBuilder all = new StringBuilder();
                    try (PreparedStatement statement = connection.prepareStatement(named);
                            PreparedStatement shown = connection.prepareStatement(view.replace("$1", "?"))) {
                        statement.setInt(1, 1);
                        shown.setString(1, "none");
                        for (int i = 0; i < 3; i++) {
                            statement.execute();
                            shown.execute();
                            all.append(rows(shown.getResultSet()));
                        }
                    }
                    seen.add(all.toString());
                }
            }
        }
        assertThat(seen.getFirst()).isEqualTo(seen.getLast()).contains("S_1", "S_2");
    }

    @Test
    void everythingMadeInTheTemporarySchemaKeepsTheConnection() throws SQLException {
        List<String> kinds = List.of(
                "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "CREATE STATISTICS pg_temp.s ON id, v FROM lasting",
                "CREATE TYPE pg_temp.e AS ENUM ('a')",
                "CREATE TYPE pg_temp.c AS (a int)",
                "CREATE TYPE pg_temp.r AS RANGE (subtype = float8)",
                "CREATE DOMAIN pg_temp.d AS int",
                "CREATE AGGREGATE pg_temp.total(int) (SFUNC = int4pl, STYPE = int)",
                "CREATE OPERATOR pg_temp.=+= (FUNCTION = int4pl, LEFTARG = int, RIGHTARG = int)",
                "CREATE VIEW pg_temp.v AS SELECT 1 AS a",
                "CREATE SEQUENCE pg_temp.q",
                "CREATE TABLE pg_temp.t (a int)",
                "CREATE COLLATION pg_temp.l (locale = 'C')",
                "SET search_path = pg_temp, public; CREATE TABLE unqualified (a int); RESET search_path");
        for (boolean read : new boolean[] {true, false}) {
            try (Running pando = read ? Running.before(1, "[listen]\nport = 0") : plain();
                    Connection admin = pando.admin("app")) {
                try (Connection owner = pando.connect()) {
                    Sql.run(owner, "CREATE TABLE lasting (id int, v int)");
                }
                for (String kind : kinds) {
                    try (Connection mine = pando.connect("preferQueryMode=simple")) {
                        Sql.run(mine, kind);
                        assertThat(Sql.column(admin, "SHOW CLIENTS", "pinned"))
                                .as(kind)
                                .contains("temporary object");
                        Sql.run(mine, "DISCARD TEMP");
                        assertThat(Sql.column(admin, "SHOW CLIENTS", "pinned"))
                                .as(kind)
                                .doesNotContain("temporary object");
                    }
                }
                try (Connection owner = pando.connect()) {
                    Sql.run(owner, "DROP TABLE lasting");
                }
            }
        }
    }

    @Test
    void aSearchPathThatAFunctionChangesCountsWithinTheTransaction() throws SQLException {
        try (Running pando = plain();
                Connection mine = pando.connect("prepareThreshold=1", "autosave=never")) {
            Sql.run(mine, "CREATE SCHEMA first; CREATE SCHEMA second");
            Sql.run(mine, "CREATE TABLE first.t AS SELECT 1 AS a; CREATE TABLE second.t AS SELECT 'x' AS a, 2 AS b");
            Sql.run(
                    mine,
                    "CREATE FUNCTION public.turn(path text) RETURNS text LANGUAGE sql AS $$ SELECT set_config('search_path', path, false) $$");
            mine.setAutoCommit(false);
            for (int i = 0; i < 3; i++) {
                Sql.run(mine, "SELECT public.turn('first')");
                assertThat(all(mine)).isEqualTo("[[1]]");
                Sql.run(mine, "SELECT public.turn('second')");
                assertThat(all(mine)).isEqualTo("[[x, 2]]");
            }
            mine.commit();
            assertThat(all(mine)).isEqualTo("[[x, 2]]");
            mine.rollback();
            Sql.run(mine, "DROP SCHEMA first, second CASCADE; DROP FUNCTION public.turn");
            mine.commit();
        }
    }

    private static String all(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM t")) {
            statement.execute();
            return rows(statement.getResultSet());
        }
    }
}
