package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.auth.ServerCredential;
import dev.pando.server.auth.Identity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** EXPLAIN STATEMENT before real servers. */
class StatementPlansTest {
    private static Running pando;
    private static Connection admin;

    @BeforeAll
    static void start() throws SQLException {
        pando = Running.before(2, "[listen]\nport = 0\n[pool]\nsize = 4\n");
        admin = pando.admin("app", "preferQueryMode=simple");
        try (Connection app = pando.connect()) {
            Sql.run(app, "DROP TABLE IF EXISTS planned");
            Sql.run(app, "CREATE TABLE planned (id bigint PRIMARY KEY, name text, amount numeric(10, 2), day date)");
            Sql.run(app, "SELECT pando.distribute('planned', 'id')");
        }
    }

    @AfterAll
    static void stop() throws SQLException {
        try (Connection app = pando.connect()) {
            Sql.run(app, "DROP TABLE IF EXISTS planned");
        }
        admin.close();
        pando.close();
    }

    @BeforeEach
    void reset() throws SQLException {
        Sql.run(admin, "RESET STATEMENTS");
    }

    private static String id(String text) throws SQLException {
        List<@Nullable String> texts = Sql.column(admin, "SHOW STATEMENTS ORDER BY calls LIMIT 1000", "statement");
        assertThat(texts).contains(text);
        return String.valueOf(Sql.column(admin, "SHOW STATEMENTS ORDER BY calls LIMIT 1000", "id")
                .get(texts.indexOf(text)));
    }

    private static String plan(String text) throws SQLException {
        return String.join("\n", Sql.column(admin, "EXPLAIN STATEMENT " + id(text), "plan"));
    }

    private static void refuses(String text, String why) {
        assertThatThrownBy(() -> plan(text)).hasMessageContaining("PD1016").hasMessageContaining(why);
    }

    private static void fails(String text, String why) {
        assertThatThrownBy(() -> plan(text)).hasMessageContaining("PD5008").hasMessageContaining(why);
    }

    @Test
    void aStatementOfOneShardIsExplainedThere() throws SQLException {
        try (Connection app = pando.connect()) {
            Sql.run(app, "SELECT name FROM planned WHERE id = 4711 AND day > '2026-01-01'");
        }
        String text = "select name from planned where id = 0 and day > ''";
        assertThat(plan(text))
                .contains("planned_pkey on planned", "id = $1", "day > $2")
                .doesNotContain("4711", "2026");
        assertThat(Sql.column(admin, "EXPLAIN STATEMENT " + id(text), "shards").getFirst())
                .matches("s[01]");
    }

    @Test
    void aStatementOfSeveralShardsIsExplainedAsTheyRunIt() throws SQLException {
        try (Connection app = pando.connect()) {
            Sql.run(app, "SELECT avg(amount), name FROM planned WHERE amount > 1.5 GROUP BY 2 ORDER BY 2 LIMIT 3");
            Sql.run(app, "UPDATE planned SET amount = amount + 1 WHERE day < now() - interval '1 day'");
        }
        String select = "select avg ( amount ) , name from planned where amount > 0.0 group by 0 order by 0 limit 0";
        // Neither ORDER BY nor LIMIT is theirs: groups are put together from all of them.
        assertThat(plan(select)).contains("Aggregate", "amount > $1").doesNotContain("Limit", "Sort");
        assertThat(Sql.column(admin, "EXPLAIN STATEMENT " + id(select), "shards")
                        .getFirst())
                .isIn("s0, s1", "s1, s0");
        assertThat(plan("update planned set amount = amount + 0 where day < now ( ) - interval ''"))
                .contains("Update on planned", "day < (now() - $2)");
    }

    @Test
    void preparedStatementsAndInsertsHavePlans() throws SQLException {
        try (Connection app = pando.connect("prepareThreshold=1");
                PreparedStatement insert =
                        app.prepareStatement("INSERT INTO planned VALUES (?, ?) ON CONFLICT DO NOTHING")) {
            insert.setLong(1, 5);
            insert.setString(2, "x");
            insert.executeUpdate();
            Sql.run(app, "PREPARE q AS SELECT name FROM planned WHERE id = $1 FOR UPDATE");
            Sql.run(app, "EXECUTE q(5)");
        }
        assertThat(plan("insert into planned values ( $1 , $2 ) on conflict do nothing"))
                .contains("Insert on planned");
        assertThat(plan("select name from planned where id = $1 for update")).contains("LockRows");
        try (Connection app = pando.connect()) {
            assertThat(Sql.value(app, "SELECT count(*) FROM planned WHERE id = 5"))
                    .isEqualTo("1");
        }
    }

    @Test
    void namesAreLookedUpAsTheSessionDid() throws SQLException {
        try (Connection app = pando.connect()) {
            Sql.run(app, "CREATE SCHEMA IF NOT EXISTS \"Else Where\"");
            Sql.run(app, "CREATE TABLE IF NOT EXISTS \"Else Where\".planned_else (a int)");
            Sql.run(app, "SET search_path = \"Else Where\", public");
            Sql.run(app, "SELECT a FROM planned_else WHERE a = 1");
            Sql.run(app, "RESET search_path");
        }
        assertThat(plan("select a from planned_else where a = 0")).contains("Seq Scan on planned_else");
        try (Connection app = pando.connect()) {
            Sql.run(app, "DROP SCHEMA \"Else Where\" CASCADE");
        }
        refuses("select a from planned_else where a = 0", "does not exist (42P01)");
    }

    @Test
    void itIsAskedAsTheUserWhoRanItWithHisRightsAlone() throws SQLException {
        try (Connection app = pando.connect()) {
            Sql.run(app, "GRANT SELECT ON planned TO other");
            try (Connection other = pando.to("app", "other")) {
                Sql.run(other, "SELECT day FROM planned WHERE id = 1");
            }
            assertThat(plan("select day from planned where id = 0")).contains("planned_pkey");
            Sql.run(app, "REVOKE SELECT ON planned FROM other");
        }
        refuses("select day from planned where id = 0", "permission denied");
    }

    @Test
    void planningChangesNothingAndWaitsForNobody() throws SQLException {
        try (Connection app = pando.connect()) {
            // Planning runs what is called immutable, and this does not keep its word.
            Sql.run(app, """
                    CREATE OR REPLACE FUNCTION deletes() RETURNS int LANGUAGE plpgsql AS $$
                    BEGIN DELETE FROM planned; RETURN 1; END $$""");
            Sql.run(app, """
                    CREATE OR REPLACE FUNCTION writes() RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
                    BEGIN RETURN deletes(); END $$""");
            Sql.run(app, "SELECT name FROM planned WHERE id = writes()");
            Sql.run(app, "INSERT INTO planned VALUES (1), (2), (3), (4)");
            refuses("select name from planned where id = writes ( )", "read-only transaction (25006)");
            assertThat(Sql.value(app, "SELECT count(*) FROM planned")).isEqualTo("4");
            Sql.run(app, "DROP FUNCTION writes()");
            Sql.run(app, "DROP FUNCTION deletes()");
            Sql.run(app, "SELECT amount FROM planned WHERE id = 3");
            app.setAutoCommit(false);
            Sql.run(app, "LOCK TABLE planned IN ACCESS EXCLUSIVE MODE");
            fails("select amount from planned where id = 0", "lock timeout (55P03)");
            app.rollback();
        }
        assertThat(plan("select amount from planned where id = 0")).contains("planned_pkey");
    }

    @Test
    void whatHasNoPlanIsRefusedWithTheReason() throws SQLException {
        try (Connection app = pando.connect()) {
            Sql.run(app, "SHOW work_mem");
            Sql.run(app, "SELECT name FROM planned ORDER BY (1)");
            Sql.run(app, "SELECT " + "name, ".repeat(400) + "id FROM planned WHERE id = 1");
            Sql.run(app, "SELECT id FROM planned WHERE id = 77");
        }
        refuses("show work_mem", "explains no statement like this");
        refuses("select name from planned order by ( 0 )", "ORDER BY");
        String longest = Sql.column(admin, "SHOW STATEMENTS LIMIT 1000", "statement").stream()
                .map(String::valueOf)
                .filter(text -> text.length() > 2_000)
                .findFirst()
                .orElseThrow();
        refuses(longest, "longer than what is kept");
        assertThatThrownBy(() -> Sql.run(admin, "EXPLAIN STATEMENT 1")).hasMessageContaining("no statement 1");
        String id = id("select id from planned where id = 0");
        Sql.run(admin, "PAUSE app");
        fails("select id from planned where id = 0", "is paused");
        Sql.run(admin, "RESUME app");
        try (Connection other = pando.admin("other", "preferQueryMode=simple")) {
            assertThatThrownBy(() -> Sql.run(other, "EXPLAIN STATEMENT " + id)).hasMessageContaining("PD1013");
        }
    }

    @Test
    void noConnectionIsLeftBehind() throws SQLException {
        try (Connection app = pando.connect()) {
            Sql.run(app, "SELECT id, name FROM planned WHERE id = 77");
        }
        int before = Sql.column(admin, "SHOW SERVERS", "state").size();
        for (int i = 0; i < 5; i++) {
            plan("select id , name from planned where id = 0");
        }
        assertThat(Sql.column(admin, "SHOW SERVERS", "state")).hasSizeLessThanOrEqualTo(before);
    }

    @Test
    void serversWithoutGenericPlansAreAskedInAnotherWay() {
        PlanReader.Question question = new PlanReader.Question(
                new Identity("app", ServerCredential.Nothing.CONFIGURED),
                "select a from t where b = $1 and c = ($2::int)",
                2,
                List.of("Else", "public"));
        assertThat(question.explain(18)).isEqualTo("EXPLAIN (GENERIC_PLAN) " + question.sql());
        assertThat(question.preparation(18))
                .endsWith("SELECT pg_catalog.set_config('search_path', '\"Else\", public', true)");
        assertThat(question.asked(18)).isEqualTo(question.explain(18));
        assertThat(question.explain(15)).isEqualTo("EXPLAIN EXECUTE pando_plan(NULL, NULL)");
        assertThat(question.asked(15))
                .isEqualTo("PREPARE pando_plan AS " + question.sql() + "; EXPLAIN EXECUTE pando_plan(NULL, NULL)");
        assertThat(question.preparation(15))
                .contains("BEGIN READ ONLY", "plan_cache_mode = force_generic_plan")
                .endsWith("PREPARE pando_plan AS " + question.sql());
        assertThat(PlanReader.major("15.7 (Debian 15.7-1)")).isEqualTo(15);
        assertThat(PlanReader.major("16devel")).isEqualTo(16);
        assertThat(PlanReader.major(null)).isZero();
    }

    @Test
    void errorsOfTheMomentAreToldFromThoseOfTheStatement() {
        assertThat(List.of("55P03", "57014", "53300", "08006", "40P01")).allMatch(PlanReader::passing);
        assertThat(List.of("42P01", "42501", "25006", "22P02", "")).noneMatch(PlanReader::passing);
    }
}
