package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.fact.Speeds;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What lint runs reaches nothing outside of its server, and what it does not run for that is unknown, neither failed nor safe. */
class ForeignCodeTest {
    /** Runs a program, or fails where it may not. */
    private static final String TOUCHING = """
            CREATE FUNCTION touch() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $f$
            BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''cat > %1$s'''; EXCEPTION WHEN insufficient_privilege THEN END $f$;
            CREATE FUNCTION touching(a int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $f$
            BEGIN PERFORM public.touch(); RETURN a; END $f$;
            """;

    private static Bench bench;

    @TempDir
    Path folder;

    private Path proof = Path.of("");
    private final StringWriter out = new StringWriter();

    @BeforeAll
    static void start() throws SQLException, IOException {
        bench = new Bench(Major.newest());
    }

    @AfterAll
    static void stop() {
        bench.close();
    }

    @BeforeEach
    void openFolder() throws IOException {
        // The server may be another user's.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        proof = folder.resolve("proof");
    }

    private int lint(String... arguments) {
        out.getBuffer().setLength(0);
        return new CommandLine(new LintCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute(arguments);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void whatTakesASuperuserIsUnknown() throws SQLException {
        for (String sql : List.of(
                "COPY (SELECT 1) TO PROGRAM 'touch " + proof + "'",
                "COPY orders FROM '/etc/passwd'",
                "DO $$ BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch " + proof + "'''; END $$",
                "SELECT pg_read_file('/etc/passwd')",
                "SELECT lo_export(lo_from_bytea(0, 'x'), '" + proof + "')",
                "CREATE EXTENSION dblink",
                "CREATE EXTENSION plperlu",
                "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION suppress_redundant_updates_trigger()",
                "ALTER SYSTEM SET work_mem = '8MB'",
                "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = false)",
                "CREATE PUBLICATION p FOR ALL TABLES",
                "CREATE FOREIGN DATA WRAPPER w",
                "ALTER ROLE CURRENT_USER SUPERUSER",
                "GRANT pg_execute_server_program TO CURRENT_USER",
                "SET log_parser_stats = on",
                "ALTER TABLE orders DISABLE TRIGGER ALL; SELECT 1",
                "CREATE OPERATOR CLASS c FOR TYPE int USING btree AS FUNCTION 1 btint4cmp(int, int)")) {
            Report.File file = bench.lint(sql + "; ALTER TABLE orders ADD COLUMN seen int;");

            assertThat(file.findings())
                    .filteredOn(finding -> finding.rule().equals("statement-fails"))
                    .as(sql)
                    .extracting(Finding::message)
                    .isEmpty();
            assertThat(file.steps().getLast().effect().known()).as(sql).isTrue();
            if (!sql.contains("DISABLE")) {
                assertThat(file.findings().getFirst().rule()).as(sql).isEqualTo("not-judged");
                assertThat(file.findings().getFirst().message())
                        .as(sql)
                        .startsWith("it is measured without a superuser's rights: ");
            }
        }
        assertThat(proof).doesNotExist();
    }

    @Test
    void aSettingThatIsRefusedEndsNothing() throws SQLException {
        Report.File file =
                bench.lint("SET work_mem = 'much'; SET LOCAL no_such_thing = 1; ALTER TABLE orders ADD COLUMN x int;");

        assertThat(file.findings()).extracting(Finding::rule).startsWith("statement-fails", "statement-fails");
        assertThat(file.steps().getLast().effect().known()).isTrue();
    }

    @Test
    void whatMigrationsCommonlyDoIsStillJudged() throws SQLException {
        for (Major major : List.of(Major.POSTGRES_15, Major.newest())) {
            try (TemporaryServer server = TemporaryServer.startGuarded(major, Map.of());
                    var facts = new Facts(server, "postgres");
                    var linter = new Linter(
                            facts, new Linter.Options(major.number(), Sizes.NONE, Speeds.DEFAULT, true, false))) {
                Report.File file = linter.lint(Bench.migration("migration.sql", """
                        CREATE ROLE app;
                        CREATE TABLE t (id int PRIMARY KEY, a int, b int);
                        ALTER TABLE t OWNER TO app;
                        ALTER TABLE t OWNER TO other_role;
                        ALTER TABLE t ADD COLUMN c int;
                        GRANT SELECT ON t TO reader;
                        ALTER DEFAULT PRIVILEGES FOR ROLE app GRANT SELECT ON TABLES TO reader;
                        CREATE SCHEMA AUTHORIZATION app;
                        CREATE SCHEMA theirs AUTHORIZATION app;
                        CREATE TABLE theirs.x (a int);
                        COMMENT ON TABLE t IS 'x';
                        COMMENT ON EXTENSION plpgsql IS 'x';
                        CREATE TYPE span AS RANGE (SUBTYPE = float8);
                        CREATE TYPE mood AS ENUM ('a');
                        CREATE CAST (text AS mood) WITH INOUT AS IMPLICIT;
                        CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
                        ALTER FUNCTION f() OWNER TO app;
                        ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
                        CREATE POLICY p ON t TO app USING (a > 1);
                        CREATE MATERIALIZED VIEW m AS SELECT * FROM t;
                        REFRESH MATERIALIZED VIEW m;
                        CREATE STATISTICS s ON a, b FROM t;
                        REINDEX TABLE t;
                        CLUSTER t USING t_pkey;
                        VACUUM t;
                        CREATE INDEX CONCURRENTLY i ON t (a);
                        SET ROLE app;
                        RESET ROLE;
                        SET session_replication_role = replica;
                        CREATE EXTENSION pg_trgm;
                        CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
                        SELECT count(*) FROM pg_stat_statements_info;
                        COMMENT ON EXTENSION pg_stat_statements IS 'x';
                        ALTER TABLE t OWNER TO postgres;
                        ALTER ROLE postgres PASSWORD 'mine';
                        GRANT pg_monitor, pg_read_all_data TO app;
                        """));

                assertThat(file.findings())
                        .as(major.toString())
                        .filteredOn(finding ->
                                List.of("statement-fails", "not-judged").contains(finding.rule()))
                        .extracting(finding -> finding.step().statement().sql() + ": " + finding.message())
                        .allMatch(text -> text.contains("pg_stat_statements_info")); // is not preloaded
            }
        }
    }

    @Test
    void aSchemaFileStaysInside() throws IOException {
        String schema = file("schema.sql", TOUCHING.formatted(proof) + """
                CREATE TABLE t (a int DEFAULT touching(1), CHECK (touching(a) > 0));
                INSERT INTO t (a) VALUES (1);
                CREATE INDEX ON t (touching(a));
                CREATE INDEX ON t ((touching(7)));
                CREATE VIEW v AS SELECT touching(a) FROM t;
                CREATE MATERIALIZED VIEW m AS SELECT touching(a) FROM t;
                SELECT touching(1);
                COPY (SELECT 1) TO PROGRAM 'cat > %1$s';
                DO $$ BEGIN PERFORM touching(2); END $$;
                """.formatted(proof));
        String migration = file(
                "m.sql",
                "ALTER TABLE t ADD COLUMN b int DEFAULT touching(3); CREATE INDEX CONCURRENTLY i ON t (touching(a)); VACUUM FULL t;"
                        + " ANALYZE t; REINDEX TABLE t; CREATE EXTENSION pgstattuple; ALTER TABLE t OWNER TO app; DROP TABLE t CASCADE;");

        lint("--schema", schema, migration);
        assertThat(out.toString()).contains("builds 3 indexes on t").doesNotContain("failed");
        assertThat(proof).doesNotExist();
    }

    /** Lint may get no further then, but nothing of it runs with other rights. */
    @Test
    void namesThatShadowPostgresqlsStayInside() throws IOException {
        String schema = file("schema.sql", TOUCHING.formatted(proof) + """
                CREATE TABLE t (a int);
                ALTER DATABASE postgres SET search_path = public, pg_catalog;
                CREATE FUNCTION public.pg_has_role(name, oid, text) RETURNS boolean LANGUAGE sql AS 'SELECT touching(1) > 0';
                CREATE FUNCTION public.to_regclass(text) RETURNS regclass LANGUAGE sql AS 'SELECT pg_catalog.to_regclass($1) WHERE touching(1) > 0';
                CREATE FUNCTION public.equals(name, name) RETURNS boolean LANGUAGE sql AS 'SELECT touching(1) > 0';
                CREATE OPERATOR public.= (FUNCTION = public.equals, LEFTARG = name, RIGHTARG = name);
                """);
        lint(
                "--schema",
                schema,
                file("m.sql", "CREATE EXTENSION pgstattuple; CREATE INDEX CONCURRENTLY i ON t (a); VACUUM t"));
        assertThat(out.toString()).isNotEmpty();
        assertThat(proof).doesNotExist();
    }

    @Test
    void aTargetStaysInside() throws IOException, SQLException {
        String migration =
                file("m.sql", "ALTER TABLE t ADD COLUMN b int; CREATE INDEX CONCURRENTLY i ON t (touching(a));");
        try (TemporaryServer server = TemporaryServer.start()) {
            try (Connection connection = server.connect()) {
                Bench.execute(
                        connection,
                        TOUCHING.formatted(proof)
                                + """
                        CREATE TABLE t (a int);
                        CREATE INDEX ON t (touching(a));
                        CREATE INDEX ON t ((touching(7)));
                        CREATE TABLE p (a int) PARTITION BY RANGE (touching(a));
                        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);
                        CREATE EXTENSION dblink;
                        CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION nothing();
                        """.replace(
                                                "CREATE EVENT",
                                                "CREATE FUNCTION nothing() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT"));
            }
            assertThat(Files.deleteIfExists(proof)).isTrue(); // by the target's own superuser
            lint("--target", server.url("postgres"), migration);
        }
        assertThat(out.toString())
                .contains("the twin lacks extension dblink: only a superuser may make it")
                .contains("measured on a twin");
        assertThat(proof).doesNotExist();
    }
}
