package dev.pando.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Small runs of each part, with real servers and a real {@code pando serve}. A run is clean only with an answer in its window: each way has
 * answered before, when it settled, and windows are long enough for a machine that has other work.
 */
class BenchFleetTest {
    private static final List<String> SHORT =
            List.of("--rounds", "1", "--seconds", "2", "--warm-up", "0.1", "--settle", "0.1");

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(List<String> common, String part, String... options) {
        List<String> arguments = new ArrayList<>(List.of("bench", "fleet", part));
        arguments.addAll(common);
        arguments.addAll(List.of(options));
        arguments.addAll(List.of(
                "--json", folder.resolve("report.json").toString(),
                "--svg", folder.resolve("picture.svg").toString()));
        return Pando.run(new PrintWriter(out), new PrintWriter(err), arguments.toArray(String[]::new));
    }

    private JsonNode report() throws IOException {
        return JsonMapper.shared().readTree(Files.readString(folder.resolve("report.json")));
    }

    @AfterEach
    void nothingIsLeftRunning() {
        assertThat(ProcessHandle.current()
                        .descendants()
                        .map(process -> process.info().commandLine().orElse("")))
                .noneMatch(line -> line.contains("pando-bench-") || line.contains("dev.pando.cli.Pando"));
    }

    @Test
    void loadIsCountedOnPrimariesAndReplicas() throws Exception {
        assertThat(run(SHORT, "load", "--shards", "2", "--replicas", "1", "--clients", "20", "--mix", "messages"))
                .as("%s%n%s", out, err)
                .isZero();

        JsonNode counted = report().path("counted").path(0);
        assertThat(counted.path("way").asString()).isEqualTo("Pando, shards");
        assertThat(counted.path("rows").asLong())
                .isPositive()
                .isEqualTo(counted.path("acknowledged").asLong());
        assertThat(counted.path("tables").size()).isEqualTo(2);
        assertThat(out.toString())
                .contains(
                        "2 shards with 1 replicas each",
                        "Pando, one server",
                        "on the primaries: equal",
                        "replica",
                        "published for")
                .doesNotContain("FAILED", "DIFFERS");
        assertThat(Files.readString(folder.resolve("picture.svg"))).contains("20 clients");
    }

    @Test
    void routingIsMeasuredOnAndOff() throws Exception {
        assertThat(run(SHORT, "routing", "--clients", "4", "--protocols", "simple,prepared"))
                .as("%s%n%s", out, err)
                .isZero();

        assertThat(report().path("protocols").size()).isEqualTo(2);
        assertThat(report().path("targets").size()).isGreaterThanOrEqualTo(4);
        assertThat(out.toString()).contains("unread", "read", "routed, 1 shard", "CPU, prepared, read");
    }

    @Test
    void theCurveHasEachNumberOfShardsAndEachRequest() throws Exception {
        assertThat(run(SHORT, "curve", "--clients", "2", "--shards", "1,2"))
                .as("%s%n%s", out, err)
                .isZero();

        assertThat(report().path("requests").size()).isEqualTo(4);
        assertThat(report().path("requests")
                        .path(3)
                        .path("entries")
                        .path(1)
                        .path("way")
                        .asString())
                .isEqualTo("2 shards");
        assertThat(out.toString()).contains("UPDATE, all shards", "not of throughput");
    }

    @Test
    void theSoakLooksAtMemoryAndFiles() throws Exception {
        List<String> brief = List.of("--minutes", "0.12", "--warm-up", "0.2", "--every", "3");
        assertThat(run(brief, "soak", "--shards", "1", "--replicas", "0", "--clients", "20"))
                .as("%s%n%s", out, err)
                .isZero();

        JsonNode look = report().path("looks").path(1);
        assertThat(look.path("requests_per_second").asDouble()).isPositive();
        assertThat(look.path("resident_megabytes").asDouble()).isGreaterThan(50);
        assertThat(look.path("heap_megabytes").asDouble()).isPositive();
        assertThat(look.path("open_files").asDouble()).isGreaterThan(20);
        assertThat(out.toString()).contains("too short to say: resident memory", "on the primaries: equal", "min left");
    }

    @Test
    void helpNamesWhatCanBeTyped() {
        assertThat(Pando.run(new PrintWriter(out), new PrintWriter(err), "bench", "fleet", "curve", "--help"))
                .isZero();
        assertThat(out.toString()).contains("LOOK_UP, AGGREGATE").doesNotContain("one shard");
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        assertThat(run(SHORT, "load", "--connections", "3")).isEqualTo(2);
        assertThat(run(SHORT, "load", "--replicas", "129")).isEqualTo(2);
        assertThat(run(SHORT, "curve", "--shards", "2,2")).isEqualTo(2);
        assertThat(run(SHORT, "routing", "--clients", "0")).isEqualTo(2);
        assertThat(run(List.of(), "soak", "--minutes", "0")).isEqualTo(2);
        assertThat(err.toString())
                .contains("--replicas 0 to 128, --connections start at the number of shards", "--minutes");
    }
}
