package dev.pando.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.pando.base.error.PandoException;
import dev.pando.lab.Fleet;
import dev.pando.lab.FleetOptions;
import dev.pando.lab.FleetShard;
import dev.pando.lab.TemporaryServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Exit code; 99 for an error that the launcher would print. */
    private int run(String... arguments) {
        CommandLine command = new CommandLine(new BenchCommand());
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        command.setExecutionExceptionHandler((e, line, parsed) -> {
            assertThat(e).isInstanceOf(PandoException.class);
            err.write(String.valueOf(e.getMessage()));
            return 99;
        });
        return command.execute(arguments);
    }

    private static String url(TemporaryServer server) {
        return "postgres://postgres@127.0.0.1:" + server.port() + "/postgres";
    }

    @Test
    void loadsAndMeasuresAPlainPostgres() throws Exception {
        try (TemporaryServer server = TemporaryServer.start()) {
            Path json = folder.resolve("deep/load.json");
            assertThat(run(
                            "load",
                            "--url",
                            url(server),
                            "--users",
                            "2500",
                            "--batch",
                            "1000",
                            "--json",
                            json.toString()))
                    .as(err.toString())
                    .isZero();
            assertThat(out.toString()).contains("a plain PostgreSQL", "2,500 counted on the primaries: equal");
            JsonNode load = JsonMapper.shared().readTree(Files.readString(json));
            assertThat(load.path("clean").asBoolean(false)).isTrue();
            assertThat(load.path("servers").path("rows").asInt()).isEqualTo(2500);

            assertThat(run("load", "--url", url(server), "--users", "10")).isEqualTo(99);
            assertThat(err.toString()).contains("table \"users\" already holds 2,500 rows (PD8101)");
            assertThat(run("load", "--url", url(server), "--users", "10", "--replace"))
                    .isZero();

            Path report = folder.resolve("write.json");
            Path picture = folder.resolve("write.svg");
            assertThat(run(
                            "write",
                            "--url",
                            url(server),
                            "--clients",
                            "5,20",
                            "--seconds",
                            "1",
                            "--warm-up",
                            "0",
                            "--json",
                            report.toString(),
                            "--svg",
                            picture.toString()))
                    .as(out + "\n" + err)
                    .isZero();
            assertThat(out.toString()).contains("20 of 20 clients connected", "rows acknowledged", "Closed loop");
            assertThat(Files.readString(picture)).startsWith("<svg");
            JsonNode steps =
                    JsonMapper.shared().readTree(Files.readString(report)).path("steps");
            assertThat(steps.size()).isEqualTo(2);
            assertThat(steps.path(1).path("inserted").asLong())
                    .isPositive()
                    .isEqualTo(steps.path(1).path("acknowledged").asLong());
        }
    }

    /** A real primary and standby under a stand-in for Pando's own functions and its HTTP address. */
    @Test
    void countsPrimaryAndReplicaSeparatelyBehindPando() throws Exception {
        FleetOptions options =
                FleetOptions.of(folder.resolve("fleet")).shards(1).replicas(1);
        try (Fleet fleet = Fleet.open(options)) {
            FleetShard shard = fleet.shards().getFirst();
            declareFunctions(fleet, shard);
            HttpServer http = statistics(shard);
            String url = "postgres://app:app@127.0.0.1:" + shard.primary().port() + "/app";
            try {
                String address = "http://127.0.0.1:" + http.getAddress().getPort() + "/";
                assertThat(run("load", "--url", url, "--http", address, "--users", "5000"))
                        .as(out + "\n" + err)
                        .isZero();
                assertThat(out.toString())
                        .contains("primary  5,000")
                        .contains("replica  5,000  equal")
                        .contains("127.0.0.1:" + shard.replicas().getFirst().port());

                assertThat(run(
                                "load",
                                "--url",
                                url,
                                "--http",
                                address,
                                "--users",
                                "1",
                                "--replace",
                                "--function",
                                "ring"))
                        .as(out + "\n" + err)
                        .isZero();
                assertThat(run("load", "--url", url, "--http", "http://127.0.0.1:1", "--users", "1", "--replace"))
                        .isEqualTo(99);
                assertThat(err.toString()).contains("--http http://127.0.0.1:1").contains("cannot be reached");
                assertThat(run("load", "--url", url, "--http", "none", "--users", "1", "--replace"))
                        .isZero();
            } finally {
                http.stop(0);
            }
        }
    }

    private static void declareFunctions(Fleet fleet, FleetShard shard) throws SQLException {
        String jdbc = "jdbc:postgresql://127.0.0.1:" + shard.primary().port() + "/app";
        try (Connection connection = DriverManager.getConnection(
                        jdbc, fleet.superuser().user(), fleet.superuser().password());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS pando; GRANT USAGE ON SCHEMA pando TO app");
            statement.execute("CREATE FUNCTION pando.distribute(name text, key text, function text DEFAULT NULL,"
                    + " colocate_with text DEFAULT NULL) RETURNS text LANGUAGE sql AS 'SELECT name'");
            statement.execute("CREATE FUNCTION pando.undistribute(name text) RETURNS text LANGUAGE plpgsql AS"
                    + " $$BEGIN RAISE 'not declared' USING ERRCODE = '22023'; END$$");
        }
    }

    private static HttpServer statistics(FleetShard shard) throws java.io.IOException {
        String json = "{\"shards\":[{\"id\":0,\"name\":\"shard-0\",\"primary\":{\"address\":\"127.0.0.1:"
                + shard.primary().port() + "\",\"state\":\"up\"},\"replicas\":[{\"address\":\"127.0.0.1:"
                + shard.replicas().getFirst().port() + "\",\"state\":\"up\"}]}],\"tables\":[]}";
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/api/v1/shards/stats", exchange -> {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        http.start();
        return http;
    }

    @Test
    void badArgumentsAreOneLineAndNotAStackTrace() {
        assertThat(run("write", "--url", "mysql://x/y")).isEqualTo(2);
        assertThat(err.toString()).contains("postgres://");
        assertThat(run("write", "--clients", "0")).isEqualTo(2);
        assertThat(run("load", "--users", "0")).isEqualTo(2);
        assertThat(run("load", "--url", "postgres://app@127.0.0.1:1/app")).isEqualTo(99);
        assertThat(err.toString()).contains("postgres://app@127.0.0.1:1/app: Connection to 127.0.0.1:1 refused");
    }

    @Test
    void tooFewFilesAreSaidWithTheNumberNeeded() {
        WriteCommand.requireFiles(700, 44, 1000);
        assertThatThrownBy(() -> WriteCommand.requireFiles(700, 45, 1000)).isInstanceOf(PandoException.class);
        assertThatThrownBy(() -> WriteCommand.requireFiles(10_000, 200, 1024))
                .hasMessage("10,000 clients and 456 other connections and files need 10456 open files and the limit is"
                        + " 1024; run: ulimit -n 10456 (PD8103)");
    }

    @Test
    void statisticsWithoutShardsOrAddressesAreRefused() {
        assertThatThrownBy(() -> dev.pando.bench.Fleet.parse("{}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> dev.pando.bench.Fleet.parse("{\"shards\":[{\"primary\":{}}]}"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(dev.pando.bench.Fleet.parse("{\"shards\":[{\"primary\":{\"address\":\"[::1]:5432\"}}]}")
                        .shards())
                .first()
                .satisfies(shard -> assertThat(shard.primary()).hasToString("[::1]:5432"));
    }
}
