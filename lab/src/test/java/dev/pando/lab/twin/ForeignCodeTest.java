package dev.pando.lab.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoException;
import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Code of a target runs on its twin, and reaches nothing outside of it: nowhere has it a superuser's rights. */
class ForeignCodeTest {
    private static final String SCHEMA = """
            CREATE ROLE watcher LOGIN IN ROLE pg_read_all_data;
            CREATE SEQUENCE ran;
            CREATE FUNCTION touch() RETURNS void LANGUAGE plpgsql AS 'BEGIN END';
            CREATE FUNCTION touching(a int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM public.touch(); RETURN a; END $$;
            CREATE FUNCTION same(a int, b int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT public.touching(a) = b';
            CREATE OPERATOR === (FUNCTION = same, LEFTARG = int, RIGHTARG = int, RESTRICT = eqsel);
            CREATE DOMAIN checked AS int CHECK (touching(VALUE) > 0);
            CREATE TYPE pair AS (left_one checked, right_one int);
            CREATE TABLE t (a int DEFAULT touching(1), b checked, CHECK (touching(a) > 0));
            INSERT INTO t SELECT g, g % 5 + 1 FROM generate_series(1, 400) g;
            CREATE TABLE w (c checked[], d pair);
            INSERT INTO w SELECT ARRAY[g % 3 + 1], ROW(g % 4 + 1, 1)::pair FROM generate_series(1, 400) g;
            CREATE INDEX ON t (touching(a));
            CREATE INDEX ON t ((touching(7)));
            CREATE INDEX ON t (b) WHERE a === 3;
            CREATE STATISTICS expressions ON touching(a % 7), (b + 1) FROM t;
            CREATE STATISTICS common (mcv, ndistinct, dependencies) ON a, b FROM t;
            CREATE TABLE p (a int) PARTITION BY RANGE (touching(a));
            CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);
            CREATE VIEW v AS SELECT touching(a) FROM t;
            ANALYZE;
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(
            value = Major.class,
            names = {"POSTGRES_15", "POSTGRES_18"})
    void aPlannersTwinAndWhatIsTriedThereStayInside(Major major) throws SQLException, IOException {
        // The server may be another user's.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path proof = folder.resolve("proof");
        try (TemporaryServer server = TemporaryServer.start(major, Targets.SETTINGS)) {
            Snapshot snapshot = target(server, proof);
            try (Twin twin = Twin.ofPlanner(snapshot, step -> {});
                    Connection owner = twin.connect()) {
                assertThat(proof).doesNotExist();
                assertThat(twin.omissions())
                        .extracting(Omission::name)
                        .containsExactlyElementsOf(
                                major == Major.POSTGRES_15 ? List.of("public.w.c", "public.w.d") : List.of());
                assertThat(Sql.one(owner, "SELECT is_called FROM ran")).isEqualTo("t");
                assertThat(SnapshotReader.read(owner).columns())
                        .containsAll(snapshot.columns().stream()
                                .filter(column -> List.of("a", "b").contains(column.name()))
                                .toList());

                tryAll(twin, "postgres://watcher@127.0.0.1:" + server.port() + "/postgres");
                Sql.run(owner, "EXPLAIN ANALYZE SELECT touching(1) FROM v WHERE touching(2) = 2");
                assertThatThrownBy(() -> Sql.run(owner, "COPY (SELECT 1) TO PROGRAM 'touch " + proof + "'"))
                        .hasMessageContaining("COPY to or from an external program");
            }
        }
        assertThat(proof).doesNotExist();
    }

    private static Snapshot target(TemporaryServer server, Path proof) throws SQLException {
        try (Connection target = Sql.plain(server, "postgres")) {
            // From here on it runs a program, or fails where it may not.
            Sql.run(target, SCHEMA, """
                    CREATE OR REPLACE FUNCTION touch() RETURNS void LANGUAGE plpgsql AS $$
                    BEGIN
                      PERFORM nextval('public.ran');
                      EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch %s''';
                    EXCEPTION WHEN insufficient_privilege THEN END $$
                    """.formatted(proof));
            return SnapshotReader.read(target);
        }
    }

    private static void tryAll(Twin twin, String rows) throws SQLException {
        Trial.Comparison comparison = Trial.compare(
                twin,
                "SELECT * FROM t WHERE a = touching(7) AND a === 3 AND b = 2",
                new Trial.Candidates(
                        List.of("t BY RANGE (a) AT (public.touching(100), 200)"),
                        false,
                        List.of(
                                "CREATE STATISTICS tried ON touching(a % 3), (b + 2) FROM t",
                                "CREATE STATISTICS common_too (mcv) ON a, b FROM t"),
                        List.of("CREATE INDEX ON t (touching(b)) WHERE touching(a) > 1")),
                Target.of(rows, Map.of()));
        assertThat(comparison.partitionings().getFirst().partitions()).hasSize(3);
        assertThat(comparison.statistics()).hasSize(2);
        assertThatThrownBy(() -> Trial.compare(
                        twin,
                        "SELECT 1",
                        new Trial.Candidates(
                                List.of(),
                                false,
                                List.of(),
                                List.of("CREATE INDEX ON t (a); COPY (SELECT 1) TO PROGRAM 'true'")),
                        null))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("COPY to or from an external program");
    }
}
