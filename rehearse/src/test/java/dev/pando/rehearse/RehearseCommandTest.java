package dev.pando.rehearse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RehearseCommandTest {
    private static final String SCHEMA = """
            CREATE TABLE customers (id bigint PRIMARY KEY, name text);
            CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL, amount int NOT NULL, note text);
            ALTER TABLE orders OWNER TO somebody;
            """;

    @TempDir
    Path folder;

    private record Result(int code, String out, String err) {
        JsonNode document() {
            return JsonMapper.builder().build().readTree(out);
        }

        JsonNode first() {
            return document().get("rehearsal");
        }

        List<String> tablesOfRequests() {
            List<String> tables = new ArrayList<>();
            first().get("requests")
                    .forEach(requests -> tables.add(requests.get("table").asString()));
            return tables;
        }

        List<String> waits() {
            List<String> relations = new ArrayList<>();
            first().get("waits")
                    .forEach(wait -> relations.add(wait.get("relation").asString()));
            return relations;
        }
    }

    private static Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new RehearseCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Result(code, out.toString(), err.toString());
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Result rehearse(String migration, String... further) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(further));
        arguments.addAll(List.of("--schema", file("schema.sql", SCHEMA).toString(), "--rows", "2000"));
        arguments.addAll(List.of("--baseline", "400ms", "--after", "200ms", "--json"));
        if (!arguments.contains("--clients")) {
            arguments.addAll(List.of("--clients", "8"));
        }
        arguments.add(file("migration.sql", migration).toString());
        Result result = run(arguments.toArray(String[]::new));
        if (!result.out().isEmpty()) {
            assertThat(result.first().get("notes")).isEmpty();
        }
        return result;
    }

    @Test
    void bothTablesOfAForeignKeyAreReportedWithTheStatementThatLocksThem() throws IOException {
        Result result = rehearse("""
                BEGIN;
                ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers NOT VALID;
                SELECT pg_sleep(1);
                COMMIT;
                """, "--clients", "40"); // so that some are left for the second table

        assertThat(result.code()).as(result.err()).isEqualTo(1);
        assertThat(result.waits()).containsExactlyInAnyOrder("public.orders", "public.customers");
        for (JsonNode wait : result.first().get("waits")) {
            JsonNode blame = wait.get("blame");
            assertThat(blame.get("step").asInt()).isEqualTo(1);
            assertThat(blame.get("mode").asString()).isEqualTo("SHARE_ROW_EXCLUSIVE");
            assertThat(blame.get("during").asInt()).isGreaterThanOrEqualTo(2);
            assertThat(blame.get("granted").asBoolean()).isTrue();
            assertThat(wait.get("queue").asInt()).isPositive();
            assertThat(wait.get("longest").asLong()).isPositive();
        }
        assertThat(result.first().get("failures")).isEmpty();
    }

    @Test
    void twoWaysAreComparedOnTheSameCopyAndDrawn() throws IOException {
        Path svg = folder.resolve("picture.svg");
        Path other = file("other.sql", "SELECT 1; SELECT count(*) FROM orders;");

        Result result = rehearse(
                "ALTER TABLE orders ADD COLUMN paid boolean",
                "--long-reader",
                "1500ms",
                "--compare",
                other.toString(),
                "--svg",
                svg.toString());

        assertThat(result.code()).as(result.err()).isEqualTo(1);
        assertThat(result.waits()).containsExactly("public.orders");
        JsonNode wait = result.first().get("waits").get(0);
        assertThat(wait.get("queue").asInt()).isGreaterThan(2);
        assertThat(wait.get("blame").get("granted").asBoolean()).isFalse();
        assertThat(result.first().get("steps").get(0).get("own").asDouble()).isPositive();
        JsonNode compared = result.document().get("compared");
        assertThat(compared.get("steps")).hasSize(2);
        assertThat(compared.get("waits")).isEmpty();
        assertThat(compared.get("failures")).isEmpty();
        assertThat(compared.get("tables")).isEqualTo(result.first().get("tables"));
        assertThat(result.document().get("better").asString()).isEqualTo("compared");
        assertThat(result.document().get("differences").toString()).contains("orders");
        assertThat(Files.readString(svg))
                .contains("because of line 1", "A: line 1  ALTER TABLE orders ADD COLUMN paid boolean", "B: Latency");
    }

    @Test
    void aTargetGivesSchemaSizesAndEstimates() throws IOException, SQLException {
        try (TemporaryServer server = TemporaryServer.start();
                Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    CREATE TABLE big (id bigint PRIMARY KEY, n int NOT NULL);
                    CREATE TABLE small (id bigint PRIMARY KEY, big bigint NOT NULL REFERENCES big);
                    CREATE TABLE bare (id bigint PRIMARY KEY);
                    INSERT INTO big SELECT i, i FROM generate_series(1, 40000) i;
                    INSERT INTO small SELECT i, i FROM generate_series(1, 20000) i;
                    """);
            statement.execute("ANALYZE");
            String url = "postgres://postgres@127.0.0.1:" + server.port() + "/postgres";

            Result result = run(
                    "--target",
                    url,
                    "--scale",
                    "0.1",
                    "--baseline",
                    "400ms",
                    "--after",
                    "200ms",
                    file(
                                    "m.sql",
                                    "ALTER TABLE big ALTER COLUMN n TYPE bigint USING n + CASE WHEN id % 100 = 7 THEN length(pg_sleep(0.005)::text) ELSE 0 END")
                            .toString(),
                    "--json");

            assertThat(result.err()).doesNotContain("pando:");
            List<String> tables = new ArrayList<>();
            result.first()
                    .get("tables")
                    .forEach(table -> tables.add(table.get("table").asString() + " "
                            + table.get("rows").asLong()));
            assertThat(tables).containsExactlyInAnyOrder("public.big 4000", "public.small 2000", "public.bare 0");
            assertThat(result.first().get("steps").get(0).get("estimate").asString())
                    .contains("rewrites big")
                    .contains("in the target");
        }
    }

    @Test
    void aServersLogIsReplayedWithItsParameters() throws IOException, SQLException {
        Map<String, String> logging =
                Map.of("logging_collector", "on", "log_destination", "csvlog", "log_min_duration_statement", "0");
        try (TemporaryServer server = TemporaryServer.start(Major.newest(), logging)) {
            String log;
            try (Connection connection = server.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        "CREATE TABLE words (id int PRIMARY KEY, word text); INSERT INTO words SELECT i, i FROM generate_series(1, 99) i; ANALYZE");
                try (PreparedStatement prepared = connection.prepareStatement(
                        "SELECT word, 1 / (id - id) FROM words WHERE id = ? AND word <> ?")) {
                    prepared.setInt(1, 7);
                    prepared.setString(2, "it's");
                    assertThatThrownBy(prepared::executeQuery).hasMessageContaining("division by zero");
                    prepared.setInt(1, -7);
                    prepared.executeQuery().close();
                }
                try (ResultSet rows = statement.executeQuery("SELECT pg_read_file(pg_current_logfile('csvlog'))")) {
                    rows.next();
                    log = rows.getString(1);
                }
            }
            Path replayed = file(
                    "log.csv",
                    log.lines().filter(line -> line.contains("words")).collect(Collectors.joining("\n", "", "\n")));

            Result result = run(
                    "--target",
                    "postgres://postgres@127.0.0.1:" + server.port() + "/postgres",
                    "--traffic",
                    replayed.toString(),
                    "--speed-up",
                    "10",
                    "--baseline",
                    "500ms",
                    "--after",
                    "200ms",
                    "--budget",
                    "10s",
                    "--json",
                    file("m.sql", "BEGIN; ALTER TABLE words ADD COLUMN more int; SELECT pg_sleep(0.5); COMMIT")
                            .toString());

            assertThat(result.err()).doesNotContain("pando:");
            assertThat(result.first().get("traffic").asString()).contains("of 1 sessions of database postgres");
            assertThat(result.tablesOfRequests()).containsExactly("public.words", "");
            assertThat(result.first()
                            .get("requests")
                            .get(0)
                            .get("before")
                            .get("requests")
                            .asInt())
                    .isPositive();
            assertThat(result.first().get("failures")).isEmpty();
            List<String> usual = new ArrayList<>();
            result.first()
                    .get("usual")
                    .forEach(failure ->
                            usual.add(failure.get("first").get("message").asString()));
            assertThat(usual).as("the rows of the log are made").contains("relation \"words\" already exists");
        }
    }

    @Test
    void statementsOfAFileAreDrawn() throws IOException {
        Path statements = file("traffic.sql", """
                SELECT count(*) FROM orders;
                BEGIN; UPDATE orders SET note = 'x' WHERE id = 1; UPDATE customers SET name = 'x' WHERE id = 1; COMMIT;
                """);

        Result result = rehearse("ALTER TABLE customers RENAME TO clients", "--traffic", statements.toString());

        assertThat(result.code()).as(result.err()).isEqualTo(1);
        JsonNode failures = result.first().get("failures");
        assertThat(failures).hasSize(1);
        assertThat(failures.get(0).get("first").get("sqlState").asString()).isEqualTo("42P01");
        assertThat(result.tablesOfRequests()).containsExactlyInAnyOrder("public.orders", "public.customers", "");
    }

    @Test
    void aDumpBringsItsRows() throws IOException {
        Path dump = file("dump.sql", """
                \\restrict abc
                CREATE TABLE public.orders (id bigint NOT NULL, note text);
                CREATE FUNCTION public.f() RETURNS void LANGUAGE sql AS $$
                COPY public.orders FROM stdin;
                $$;
                COPY public.orders (id, note) FROM stdin;
                1\ta;b
                2\t\\N
                \\.
                ALTER TABLE ONLY public.orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);
                \\unrestrict abc
                """);

        Result result = run(
                "--restore",
                dump.toString(),
                "--pg-version",
                "15",
                "--budget",
                "1min",
                "--baseline",
                "300ms",
                "--after",
                "100ms",
                "--json",
                file("m.sql", "ALTER TABLE orders ALTER COLUMN note SET DEFAULT 'x'")
                        .toString());

        assertThat(result.code()).as(result.out() + result.err()).isZero();
        assertThat(result.first().get("ground").asString()).contains("PostgreSQL 15");
        JsonNode table = result.first().get("tables").get(0);
        assertThat(table.get("table").asString()).isEqualTo("public.orders");
        assertThat(table.get("rows").asLong()).isEqualTo(2);
        assertThat(result.first().get("failures")).isEmpty();
    }

    @Test
    void wrongUseSaysWhatIsWrong() throws IOException {
        String migration = file("m.sql", "SELECT 1").toString();
        String schema = file("schema.sql", SCHEMA).toString();

        assertWrong(run(migration), "--schema FILE");
        assertWrong(run("--schema", schema, "--scale", "0.1", migration), "--target");
        assertWrong(run("--schema", schema, "--budget", "soon", migration), "no time such as 100ms");
        assertWrong(run("--schema", schema, folder.resolve("none.sql").toString()), "there is no such file");
        assertWrong(run("--schema", schema, file("p.sql", "SELECT ${x}").toString()), "placeholder has no value");
        assertWrong(run("--schema", schema, file("q.sql", "\\i other.sql").toString()), "command of psql's");
        assertWrong(
                run("--schema", schema, "--rows", "orders=5", "--rows", "orders=6", migration), "names orders twice");
        assertWrong(
                run(
                        "--schema",
                        schema,
                        "--traffic",
                        file("t.log", "2026-11-22 10:00:00.000 UTC [7] LOG:  x").toString(),
                        migration),
                "use csvlog or jsonlog");
        assertWrong(run("--restore", file("d.dump", "PGDMP and no more").toString(), migration), "pg_restore: error:");
    }

    private static void assertWrong(Result result, String message) {
        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.err()).contains(message);
    }

    @Test
    void aMigrationThatSwallowsItsCancellationFails() throws IOException {
        Result result = rehearse("""
                DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(600); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$;
                """, "--limit", "1s");

        assertThat(result.code()).as(result.err()).isEqualTo(1);
        assertThat(result.document().toString())
                .contains("the migration ran for more than 1 s and did not let itself be cancelled");
    }
}
