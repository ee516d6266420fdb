package dev.pando.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ProxyCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine command = new CommandLine(new BenchCommand());
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        command.setCaseInsensitiveEnumValuesAllowed(true);
        return command.execute(arguments);
    }

    private static List<String> common(String only, double seconds) {
        return List.of(
                "proxy",
                "--only",
                only,
                "--scale",
                "1",
                "--rounds",
                "1",
                "--seconds",
                Double.toString(seconds),
                "--warm-up",
                "0",
                "--settle",
                "0.1",
                "--connections",
                "5",
                "--idle",
                "20");
    }

    private int run(List<String> common, String... more) {
        return run(Stream.concat(common.stream(), Stream.of(more)).toArray(String[]::new));
    }

    private JsonNode json(Path file) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(file));
    }

    @Test
    void everyProtocolIsAnsweredRightByPostgresItself() throws Exception {
        Path file = folder.resolve("direct.json");
        assertThat(run(
                        common("direct", 0.5),
                        "--clients",
                        "2",
                        "--workloads",
                        "select_only,tpc_b",
                        "--json",
                        file.toString()))
                .as("%s%n%s", out, err)
                .isZero();

        assertThat(out.toString()).contains("2 × TPC-B-like, pipelined", "direct", "100 %");
        assertThat(json(file).path("points").size()).isEqualTo(8);
        assertThat(json(file).path("clean").asBoolean(false)).isTrue();
    }

    @Test
    void largeAnswersAndCopiesAreWholeFromPostgresItself() {
        String workloads = "rows_1_kb,rows_1_mb,copy_out,copy_in";
        assertThat(run(common("direct", 2), "--clients", "1", "--workloads", workloads, "--protocols", "simple"))
                .as("%s%n%s", out, err)
                .isZero();
        assertThat(out.toString()).contains("1 × 1 MB rows, simple", "1 × COPY in, simple");
    }

    @Test
    void pgBouncerIsMeasuredBesideIt() throws Exception {
        Optional<PgBouncer> program = PgBouncer.installed(System.getenv("PATH"));
        assumeThat(program).isPresent();
        Path file = folder.resolve("pgbouncer.json");
        Path picture = folder.resolve("pgbouncer.svg");
        assertThat(run(
                        common("direct,pgbouncer", 1),
                        "--clients",
                        "8",
                        "--protocols",
                        "simple,prepared",
                        "--json",
                        file.toString(),
                        "--svg",
                        picture.toString()))
                .as("%s%n%s", out, err)
                .isZero();

        assertThat(out.toString()).contains("PgBouncer " + program.get().version());
        assertThat(Files.readString(picture)).startsWith("<svg").contains("8 clients", "Pando beside PgBouncer");
        assertThat(pgBouncers(json(file), "cpu_seconds")).anyMatch(seconds -> seconds > 0);
        assertThat(pgBouncers(json(file), "resident_kilobytes")).allMatch(kilobytes -> kilobytes > 1000);
        assertThat(json(file).path("resting").path(0).path("idle_clients").asInt())
                .isEqualTo(20);
        assertThat(ProcessHandle.current()
                        .descendants()
                        .map(process -> process.info().command().orElse("")))
                .noneMatch(command -> command.endsWith("pgbouncer"));
    }

    private static List<Double> pgBouncers(JsonNode report, String figure) {
        return StreamSupport.stream(report.path("points").spliterator(), false)
                .map(point -> point.path("samples").path("PgBouncer").path(0))
                .filter(sample -> !sample.isMissingNode())
                .map(sample -> sample.path(figure).asDouble())
                .toList();
    }

    @Test
    void moreClientsThanConnectionsAreNotAskedOfPostgresItself() {
        assertThat(run(common("direct", 0.5), "--clients", "6", "--protocols", "simple"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).doesNotContain("6 × select-only");
    }

    @Test
    void aPathWithoutPgBouncerHasNone() throws Exception {
        assumeThat(Path.of("/usr/sbin/pgbouncer")).doesNotExist();
        assertThat(PgBouncer.installed(folder.toString())).isEmpty();
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        assertThat(run("proxy", "--rounds", "0")).isEqualTo(2);
        assertThat(run("proxy", "--workloads", "copy_in", "--protocols", "extended"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("COPY is of protocol simple");
    }
}
