package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.TemporaryServer;
import dev.pando.lab.twin.SnapshotFile;
import dev.pando.lab.twin.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LintCommandTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int lint(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(new LintCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void saysWhatIsLockedForHowLongAndWhatToRunInstead() throws IOException {
        String schema = file(
                "schema.sql",
                "CREATE TABLE customers (id bigint PRIMARY KEY);"
                        + " CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);");
        String migration = file("m.sql", "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers;");

        assertThat(lint("--schema", schema, migration, "--size", "orders=41GB")).isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        "→ ShareRowExclusive on orders and on customers, scans orders (41 GB), about 3 min; blocks writes")
                .contains("[constraint-validated-under-lock]")
                .contains("- ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers;")
                .contains("FOREIGN KEY (customer_id) REFERENCES customers NOT VALID;")
                .contains("+ ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_fkey;")
                .contains("1 error, 2 advice in 1 statement of 1 file; measured on PostgreSQL 18.")
                .contains("next: replace the statement at " + migration + ":1 as shown")
                .doesNotContain("\u001b");
    }

    @Test
    void controlCharactersAreShownAndNotObeyed() throws IOException {
        String migration =
                file("a\u001b[2Jb.sql", "CREATE TABLE \"x\u001b]0;y\" (a int); DROP TABLE \"\u202egone\r\";");

        for (String output : new String[] {"--fail-on=never", "--github"}) {
            lint(migration, "--no-history", output);
            assertThat(out.toString())
                    .contains("a<U+001B>[2Jb.sql")
                    .contains("<U+202E>gone")
                    .doesNotContain("\u001b");
        }
        assertThat(lint(migration + "\u001b")).isEqualTo(2);
        assertThat(err.toString()).contains("<U+001B>").doesNotContain("\u001b");
    }

    @Test
    void jsonAndSarifSayTheSame() throws IOException {
        file("V1__a.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, amount int);");
        String second = file("V2__ä b.sql", "\n  CREATE INDEX orders_amount ON orders (amount);");

        assertThat(lint("--json", second)).isEqualTo(1);
        JsonNode json = JSON.readTree(out.toString());
        assertThat(json.at("/files/0/statements/0/locks/0/mode").asString()).isEqualTo("Share");
        assertThat(json.at("/files/0/findings/0/rule").asString()).isEqualTo("index-not-concurrently");
        assertThat(json.at("/files/0/findings/0/rewrite/statements/0").asString())
                .isEqualTo("CREATE INDEX CONCURRENTLY orders_amount ON orders (amount)");
        assertThat(json.at("/summary/error").asInt()).isEqualTo(1);

        assertThat(lint("--sarif", second)).isEqualTo(1);
        JsonNode sarif = JSON.readTree(out.toString());
        assertThat(sarif.at("/version").asString()).isEqualTo("2.1.0");
        JsonNode run = sarif.at("/runs/0");
        assertThat(run.at("/tool/driver/name").asString()).isEqualTo("pando lint");
        JsonNode result = run.at("/results/0");
        assertThat(result.at("/ruleId").asString()).isEqualTo("index-not-concurrently");
        assertThat(run.at("/tool/driver/rules/" + result.at("/ruleIndex").asInt() + "/id")
                        .asString())
                .isEqualTo("index-not-concurrently");
        assertThat(result.at("/level").asString()).isEqualTo("error");
        assertThat(result.at("/message/text").asString()).contains("Share on orders");
        assertThat(result.at("/locations/0/physicalLocation/artifactLocation/uri")
                        .asString())
                .endsWith("V2__%C3%A4%20b.sql");
        assertThat(result.at("/locations/0/physicalLocation/region/startLine").asInt())
                .isEqualTo(2);
        assertThat(result.at("/locations/0/physicalLocation/region/startColumn").asInt())
                .isEqualTo(3);

        assertThat(lint("--github", second)).isEqualTo(1);
        assertThat(out.toString()).contains("::error file=").contains(",line=2,col=3,title=index-not-concurrently::");
    }

    @Test
    void exitCodesAreThoseOfTheManual() throws IOException {
        String harmless = file("a.sql", "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b int DEFAULT 5;");
        String unknown = file("b.sql", "ALTER TABLE elsewhere ADD COLUMN b int;");

        assertThat(lint("--no-history", harmless)).isZero();
        assertThat(out.toString())
                .isEqualTo("nothing found in 2 statements of 1 file; measured on PostgreSQL "
                        + dev.pando.lab.Major.newest().version() + System.lineSeparator());
        assertThat(lint("--no-history", unknown)).isZero();
        assertThat(out.toString()).contains("unknown").contains("[not-judged]").contains("elsewhere");
        assertThat(lint("--no-history", "--strict", unknown)).isEqualTo(3);
        assertThat(lint(folder.resolve("none.sql").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("none.sql").contains("PD8301");
        assertThat(lint()).isEqualTo(2);
        assertThat(lint("--size", "orders=big", harmless)).isEqualTo(2);
        assertThat(lint("--pg-version", "9", harmless)).isEqualTo(2);
    }

    @Test
    void whatCannotBeMeantIsRefused() throws IOException {
        String migration = file("a.sql", "SELECT 1;");

        assertThat(lint("--json", "--sarif", migration)).isEqualTo(2);
        assertThat(err.toString()).contains("exclude each other");
        assertThat(lint("--speed", "scan=0", migration)).isEqualTo(2);
        assertThat(err.toString()).contains("scan=0 is not between 1 and 100000 MB a second");
        assertThat(lint("--speed", "scan=99999999999", migration)).isEqualTo(2);
        assertThat(lint("--speed", "read=5", migration)).isEqualTo(2);
        assertThat(lint("--size", "orders=1GB", "--size", "orders=2GB", migration))
                .isEqualTo(2);
        assertThat(err.toString()).contains("two things of orders: 1GB and 2GB");

        assertThat(lint(Files.createDirectory(folder.resolve("empty")).toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("empty: no .sql file");
        assertThat(lint("--size", "ordres=1GB", "--no-history", migration)).isZero();
        assertThat(out.toString()).contains("--size ordres: there is no such table");
    }

    @Test
    void eachIndexTakesItsTime() throws IOException {
        String schema = file(
                "schema.sql",
                "CREATE TABLE orders (id int PRIMARY KEY, a int UNIQUE, b int); CREATE INDEX ON orders (b);");
        String migration = file("m.sql", "ALTER TABLE orders ADD COLUMN key uuid DEFAULT gen_random_uuid();");

        lint("--schema", schema, "--size", "orders=1GB", "--speed", "rewrite=1000", "--speed", "build=100", migration);
        assertThat(out.toString())
                .contains("rewrites orders (1.0 GB), builds 3 indexes on orders (1.0 GB), about 31 s")
                .doesNotContain("no such table");
    }

    @Test
    void schemasOfPgDumpAreTakenAsTheyAre() throws IOException {
        String schema = file("dump.sql", """
                \\restrict abc
                SET statement_timeout = 0;
                SELECT pg_catalog.set_config('search_path', '', false);
                CREATE TABLE public.orders (id bigint NOT NULL);
                ALTER TABLE public.orders OWNER TO app;
                COPY public.orders (id) FROM stdin;
                1
                \\.
                ALTER TABLE ONLY public.orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);
                GRANT SELECT ON TABLE public.orders TO reader;
                \\unrestrict abc
                """);
        String migration = file("m.sql", "GRANT INSERT ON orders TO writer; ALTER TABLE orders SET (fillfactor = 80);");

        assertThat(lint("--schema", schema, migration)).isZero();
        assertThat(out.toString()).startsWith("nothing found in 2 statements");
    }

    @Test
    void aTargetGivesSchemaAndSizes() throws IOException, SQLException {
        String migration = file(
                "m.sql",
                "CREATE INDEX ON orders (amount); ALTER TABLE orders ADD COLUMN x int DEFAULT 5;"
                        + " ALTER TABLE orders ADD COLUMN amount int; CREATE INDEX ON small (a);");
        Path snapshot = folder.resolve("shop.snapshot");
        try (TemporaryServer server = TemporaryServer.start()) {
            try (Connection connection = server.connect()) {
                Bench.execute(
                        connection,
                        "CREATE TABLE small AS SELECT 1 AS a;"
                                + " CREATE TABLE orders AS SELECT i AS amount, repeat('x', 1000) AS note FROM generate_series(1, 9000) i");
            }

            String url = "postgres://postgres@127.0.0.1:" + server.port() + "/postgres";
            SnapshotFile.write(Target.of(url, Map.of()).read(), snapshot);

            assertThat(lint("--target", url, migration)).isEqualTo(1);
            assertThat(out.toString())
                    .contains("→ Share on orders, builds an index on orders (11 MB), about 0.3 s; blocks writes")
                    .contains("error   CREATE INDEX blocks writes to orders")
                    .contains("advice  CREATE INDEX blocks writes to small")
                    .contains("builds an index on small (8.2 kB), under 0.1 s")
                    .contains("[statement-fails]")
                    .contains("measured on a twin of postgres, PostgreSQL 18");
            try (Connection connection = server.connect()) {
                Bench.execute(connection, "ALTER TABLE orders ADD COLUMN x int");
            }
        }
        String ofTarget = out.toString();
        assertThat(lint("--snapshot", snapshot.toString(), migration)).isEqualTo(1);
        assertThat(out.toString()).isEqualTo(ofTarget);
        assertThat(lint("--snapshot", snapshot + ".gone", migration)).isEqualTo(2);
        assertThat(err.toString()).contains("it is not there");
        assertThat(lint("--snapshot", snapshot.toString(), "--target", "postgres://u@h/d", migration))
                .isEqualTo(2);
        assertThat(lint("--target", "mysql://127.0.0.1/x", migration)).isEqualTo(2);
        assertThat(err.toString()).contains("postgres://user@host");
        assertThat(lint("--target", "postgres://u@127.0.0.1:99999/d?password=s3cret", migration))
                .isEqualTo(2);
        assertThat(err.toString()).doesNotContain("s3cret");
    }

    @Test
    void offlineTellsWhatIsCertain() throws IOException {
        String schema = file(
                "schema.sql",
                "SELECT pg_catalog.set_config('search_path', '', false);"
                        + " CREATE TABLE public.customers (id bigint PRIMARY KEY);"
                        + " CREATE TABLE public.orders (id bigint NOT NULL, customer_id bigint, CONSTRAINT small CHECK (id < 900) NOT VALID);");
        String migration = file("m.sql", """
                ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers;
                CREATE INDEX CONCURRENTLY ON orders (customer_id);
                CREATE TABLE fresh (id bigint);
                ALTER TABLE fresh ADD COLUMN x uuid DEFAULT gen_random_uuid();
                UPDATE orders SET id = 1;
                ALTER TABLE orders VALIDATE CONSTRAINT small;
                DO 'BEGIN END';
                ALTER TABLE orders ADD COLUMN x int;
                """);

        assertThat(lint("--offline", "--schema", schema, migration, "--size", "orders=41GB"))
                .isEqualTo(1);
        assertThat(out.toString())
                .contains("→ ShareRowExclusive on orders and on customers, scans")
                .contains("[constraint-validated-under-lock]")
                .contains(
                        "unknown not in the oracle's tables: statements of this kind (UpdateStmt); run without --offline")
                .contains("the schema is not known since a statement that is not understood (DoStmt)")
                .contains("looked up in the tables of PostgreSQL 18, no server was asked, schema of ")
                .doesNotContain("column-default-rewrite");
        lint("--offline", "--schema", schema, migration, "--size", "orders=41GB", "--json");
        assertThat(out.toString())
                .contains("ShareUpdateExclusive on orders, builds an index on orders (41 GB), about 17 min")
                .contains("ShareUpdateExclusive on orders, scans orders (41 GB), about 3 min; blocks neither");
        assertThat(lint("--offline", "--schema", schema, migration, "--fail-on", "never", "--strict"))
                .isEqualTo(3);
        assertThat(lint("--offline", "--target", "postgres://u@h/d", migration)).isEqualTo(2);
    }

    @Test
    void offlineIsNoMoreCertainThanTheFilesItWasGiven() throws IOException {
        String made = "CREATE TABLE t (a int);";
        String drop = file("drop.sql", "\\echo hello\nDROP TABLE t;");
        lint("--offline", "--schema", file("whole.sql", "\\set x 1\n" + made), drop);
        assertThat(out.toString()).contains("→ AccessExclusive on t").doesNotContain("locks unknown");
        lint("--offline", "--schema", file("part.sql", made + "\n\\i more.sql\n"), drop);
        assertThat(out.toString())
                .contains("part.sql:2:1; run without --offline")
                .doesNotContain("→ AccessExclusive on t");

        String swap = file(
                "swap.sql",
                "CREATE TABLE fresh (a int); ALTER TABLE t RENAME TO old; ALTER TABLE fresh RENAME TO t; CREATE INDEX ON t (a);");
        lint("--offline", "--schema", file("small.sql", made), swap);
        assertThat(out.toString()).contains("[index-not-concurrently]");

        String maybe = file("maybe.sql", "CREATE TABLE IF NOT EXISTS u (a int); CREATE INDEX ON u (a);");
        lint("--offline", "--no-history", maybe);
        assertThat(out.toString()).contains("IF NOT EXISTS may have found another u");
        lint("--offline", "--schema", file("empty.sql", made), maybe);
        assertThat(out.toString()).doesNotContain("unknown");
    }

    @Test
    void olderVersionsHaveTheirOwnWay() throws IOException {
        String schema = file("schema.sql", "CREATE TABLE orders (id bigint, amount int);");
        String migration = file("m.sql", "SET lock_timeout = '2s'; ALTER TABLE orders ADD PRIMARY KEY (id);");

        assertThat(lint("--pg-version", "15", "--schema", schema, migration)).isEqualTo(1);
        assertThat(out.toString())
                .contains("measured on PostgreSQL 15.")
                .containsSubsequence(
                        "+ ALTER TABLE orders ADD CONSTRAINT pando_not_null CHECK (id IS NOT NULL) NOT VALID;",
                        "+ ALTER TABLE orders VALIDATE CONSTRAINT pando_not_null;",
                        "+ ALTER TABLE orders ALTER COLUMN id SET NOT NULL;",
                        "+ ALTER TABLE orders DROP CONSTRAINT pando_not_null;",
                        "+ CREATE UNIQUE INDEX CONCURRENTLY orders_pkey ON orders (id);",
                        "+ ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_pkey;");
    }

    @Test
    void settingsEndWithTheirTransactionAndTheirFile() throws IOException {
        file("V1__a.sql", "CREATE SCHEMA app; SET LOCAL search_path = app; CREATE TABLE t (a int);");
        file("V2__b.sql", "SET search_path = app; ALTER TABLE t ADD COLUMN b int;");
        String last = file("V3__c.sql", "CREATE TABLE t (a int); ALTER TABLE public.t ADD COLUMN b int;");
        String several = file(
                "plain.sql",
                "SET search_path = app; BEGIN; SET LOCAL search_path = public; CREATE TABLE u (a int); COMMIT;"
                        + " CREATE TABLE u (a int); ALTER TABLE app.u ADD COLUMN b int;");

        assertThat(lint(last)).isZero();
        assertThat(out.toString()).startsWith("nothing found in 2 statements").doesNotContain("failed");
        assertThat(lint("--schema", folder.resolve("V1__a.sql").toString(), several))
                .isZero();
        assertThat(out.toString()).startsWith("nothing found in 7 statements");
    }

    @Test
    void whateverLintRunsHasALimitInTime() throws IOException {
        String schema = file("schema.sql", """
                CREATE FUNCTION limited(a int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
                  IF current_setting('statement_timeout') = '0' THEN RAISE EXCEPTION 'no limit'; END IF; RETURN a; END $$;
                CREATE TABLE parent (a int NOT NULL) PARTITION BY RANGE (a);
                CREATE INDEX ON parent (limited(a));
                CREATE TABLE part (a int NOT NULL);
                CREATE VIEW seen AS SELECT a FROM part;
                INSERT INTO part VALUES (5);
                SET statement_timeout = 0;
                CREATE INDEX late ON part (limited(a));
                """);
        String migration = file(
                "m.sql",
                "DROP INDEX late; ALTER TABLE parent ATTACH PARTITION part FOR VALUES FROM (1) TO (9); DROP TABLE part CASCADE;");

        assertThat(lint("--schema", schema, migration)).isEqualTo(1);
        assertThat(out.toString())
                .contains("builds an index on part")
                .contains("[drop-cascade]")
                .doesNotContain("no limit")
                .doesNotContain("failed");
    }

    @Test
    void failuresAreNotTakenForFindings() throws IOException {
        assertThat(lint("a\0b.sql")).isEqualTo(2);
        assertThat(err.toString()).contains("PD9001").hasLineCount(1);

        assertThat(lint(file("m.sql", "SELECT 1;".repeat(10_001)))).isEqualTo(2);
        assertThat(err.toString())
                .contains("PD8301")
                .contains("10001 statements")
                .hasLineCount(1);
    }

    @Test
    void searchPathsHoldForTheStatementsAfterThem() throws IOException {
        String migration = file(
                "V1__x.sql",
                "CREATE SCHEMA app; SET LOCAL search_path = app; CREATE TABLE t (a int); ALTER TABLE app.t ADD COLUMN b int;");
        List<String> names = new ArrayList<>(List.of("--no-history", migration, "--json"));

        assertThat(lint(names.toArray(String[]::new))).isZero();
        assertThat(JSON.readTree(out.toString()).at("/files/0/findings").size())
                .as(out.toString())
                .isZero();
    }

    @Test
    void whatOnlyPostgresqlsOwnParserTakesIsNotJudged() throws IOException {
        String deep = "SELECT 1" + "+1".repeat(100_000) + ";";
        String schema = file("schema.sql", "CREATE TABLE t (a int);");
        String migration = file("m.sql", deep);

        for (String way : new String[] {"--fail-on=never", "--offline"}) {
            lint("--schema", schema, migration, way);
            assertThat(out.toString()).contains("[not-judged]").doesNotContain("syntax-error");
        }
    }

    @Test
    void aFileInAnotherEncodingSaysWhereAndWhatToDo() throws IOException {
        Path latin =
                Files.write(folder.resolve("m.sql"), "SELECT 1;\nSELECT 'ü';".getBytes(StandardCharsets.ISO_8859_1));
        Path wide = Files.write(folder.resolve("n.sql"), "SELECT 1;".getBytes(StandardCharsets.UTF_16));

        assertThat(lint(latin.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("m.sql: line 2, byte 18 is not UTF-8; convert it, as with iconv -f LATIN1");
        assertThat(lint(wide.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("n.sql: line 1, byte 0 is not UTF-8; convert it, as with iconv -f UTF-16");
    }
}
