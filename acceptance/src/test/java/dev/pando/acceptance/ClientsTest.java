package dev.pando.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.testkit.RunningPando;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** psql, pgbench and node-postgres against four shards. */
class ClientsTest {
    private static @Nullable RunningPando running;

    @BeforeAll
    static void start() {
        running = RunningPando.start(RunningPando.Options.shards(4));
    }

    @AfterAll
    static void stop() {
        pando().close();
    }

    private static RunningPando pando() {
        return Objects.requireNonNull(running);
    }

    private static String url(String database) {
        return "postgres://app:app@127.0.0.1:" + pando().port() + "/" + database;
    }

    @Test
    void theSessionInTheReadmeIsTodays() throws IOException, InterruptedException {
        Programs.need("psql");
        Programs.Ended psql =
                Programs.run(Programs.ROOT, List.of("psql", "-X", url("app"), "-a", "-f", "docs/tour.sql"));

        assertThat(Files.readString(Programs.ROOT.resolve("README.md")))
                .contains(psql.output().strip());
    }

    @Test
    void psqlDescribesTablesAndListsThem() throws IOException, InterruptedException {
        Programs.need("psql");
        Programs.Ended psql = psql(
                "CREATE TABLE psql_words (id int PRIMARY KEY, word text)",
                "SELECT pando.distribute('psql_words', 'id')",
                "INSERT INTO psql_words SELECT n, 'word ' || n FROM generate_series(1, 3) n");
        assertThat(psql.output()).contains("PD3");

        psql = psql("INSERT INTO psql_words VALUES (1, 'one'), (2, 'two'), (3, 'three')", "\\d psql_words", "\\dt");
        assertThat(psql.output()).contains("INSERT 0 3", "psql_words_pkey", "pando_shard", "List of relations");
        assertThat(psql.exitCode()).isZero();
    }

    @Test
    void psqlCopiesFilesInAndOut(@TempDir Path folder) throws IOException, InterruptedException {
        Programs.need("psql");
        StringBuilder csv = new StringBuilder("id,word\n");
        for (int i = 0; i < 5_000; i++) {
            csv.append(i).append(",\"word, ").append(i).append("\"\n");
        }
        Path file = Files.writeString(folder.resolve("words.csv"), csv);
        Programs.Ended psql = psql(
                "CREATE TABLE copied (id int PRIMARY KEY, word text)",
                "SELECT pando.distribute('copied', 'id')",
                "\\copy copied FROM '" + file + "' (FORMAT csv, HEADER)",
                "SELECT count(*), min(id), max(id) FROM copied",
                "\\copy copied TO '" + folder.resolve("out.csv") + "' (FORMAT csv)");

        assertThat(psql.output()).contains("COPY 5000", "5000 |   0 | 4999");
        assertThat(psql.exitCode()).isZero();
        assertThat(Files.readAllLines(folder.resolve("out.csv")))
                .containsExactlyInAnyOrderElementsOf(
                        csv.toString().lines().skip(1).toList());
    }

    @Test
    void theAdminDatabaseShowsShards() throws IOException, InterruptedException {
        Programs.need("psql");
        Programs.Ended psql = Programs.run(
                Programs.ROOT,
                List.of("psql", "-X", url("pando"), "-c", "SHOW SHARDS", "-c", "SHOW POOLS", "-c", "SHOW CLIENTS"));

        assertThat(psql.output()).contains("shard-0", "shard-3", "primary", "pool_size", "psql");
        assertThat(psql.exitCode()).isZero();
    }

    @Test
    void pgbenchRunsInEveryMode() throws IOException, InterruptedException {
        Programs.need("pgbench");
        Programs.Ended made = pgbench("-i", "-s", "1", "-q");
        assertThat(made.exitCode()).as(made.output()).isZero();

        for (String mode : List.of("simple", "extended", "prepared")) {
            Programs.Ended run = pgbench("-n", "-c", "8", "-t", "20", "-M", mode);
            assertThat(run.output()).as(mode).contains("160/160");
            assertThat(run.exitCode()).as(run.output()).isZero();
        }
    }

    @Test
    void nodePostgresWorksAsWithPostgres() throws IOException, InterruptedException {
        Programs.need("node");
        Programs.need("npm");
        Path source = Path.of("src/test/node").toAbsolutePath();
        Path folder = Files.createDirectories(Path.of("target/node").toAbsolutePath());
        for (String file : List.of("package.json", "package-lock.json", "session.mjs")) {
            Files.copy(source.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(folder.resolve("node_modules/pg"))) {
            Programs.Ended npm = Programs.run(
                    folder, List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"));
            assertThat(npm.exitCode()).as(npm.output()).isZero();
        }

        Programs.Ended node = Programs.run(folder, List.of("node", "session.mjs", url("app")));

        assertThat(node.exitCode()).as(node.output()).isZero();
        assertThat(node.output())
                .contains(
                        "\"one\":[{\"name\":\"name 7\",\"score\":\"1.75\",\"tags\":[\"a\",\"t7\"],\"extra\":{\"n\":7}}]")
                .contains("\"count\":[{\"n\":\"20\",\"total\":\"52.50\"}]")
                .contains("\"sorted\":[\"name 20\",\"name 19\",\"name 18\"]")
                .contains("\"any\":[\"name 11\",\"name 2\"]")
                .contains("\"updated\":20", "\"after\":[{\"total\":\"72.50\"}]")
                .contains("\"duplicate\":{\"code\":\"23505\",\"constraint\":\"node_users_pkey\"}")
                .contains("\"refused\":\"0A000\"", "\"pooled\":true");
    }

    private static Programs.Ended psql(String... commands) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("psql", "-X", url("app")));
        for (String command : commands) {
            line.add("-c");
            line.add(command);
        }
        return Programs.run(Programs.ROOT, line);
    }

    private static Programs.Ended pgbench(String... options) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(
                List.of("pgbench", "-h", "127.0.0.1", "-p", Integer.toString(pando().port()), "-U", "app"));
        line.addAll(List.of(options));
        line.add("app");
        return Programs.run(Programs.ROOT, line);
    }
}
