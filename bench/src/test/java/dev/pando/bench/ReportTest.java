package dev.pando.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {
    private static final StepResult.Latency LATENCY = new StepResult.Latency(3.5, 2.25, 12, 48, 101.5, 1234);

    private static StepResult step(int clients, long succeeded, long failed) {
        return new StepResult(
                clients,
                clients,
                0.5,
                10,
                succeeded,
                failed,
                LATENCY,
                failed == 0
                        ? List.of()
                        : List.of(new StepResult.ErrorCount("53300", "too many <clients> & more", failed)),
                succeeded + 5,
                0,
                succeeded + 5);
    }

    private static WriteReport report(@Nullable FleetCounts servers, StepResult... steps) {
        return new WriteReport(
                Instant.EPOCH,
                "postgres://app@127.0.0.1:6432/app",
                "18.6",
                true,
                new WriteReport.Machine(2, 8192, "Linux amd64", "25"),
                Workload.USERS,
                3,
                10,
                1,
                List.of(steps),
                servers);
    }

    @Test
    void percentilesAreThoseOfTheMeasuredWindowInMilliseconds() {
        Tally tally = new Tally();
        LongStream.rangeClosed(1, 1000)
                .forEach(i -> tally.succeeded(Duration.ofMillis(i).toNanos(), true));
        tally.succeeded(Duration.ofHours(1).toNanos(), false);
        StepResult result = StepResult.of(10, 1, 2, tally, 1001);

        assertThat(result.latency().mean()).isBetween(500.0, 501.5);
        assertThat(result.latency().p50()).isBetween(499.5, 500.5);
        assertThat(result.latency().p99()).isBetween(989.0, 991.0);
        assertThat(result.latency().p999()).isBetween(998.0, 1000.0);
        assertThat(result.latency().max()).isBetween(999.5, 1000.5);
        assertThat(result.requestsPerSecond()).isEqualTo(500);
        assertThat(result.acknowledged()).isEqualTo(1001);
        assertThat(result.honest()).isTrue();
    }

    @Test
    void talliesOfSeveralLoopsAddUp() {
        Tally one = new Tally();
        Tally two = new Tally();
        ServerError full = new ServerError("53300", "full");
        one.succeeded(1_000_000, true);
        one.failed(full, true);
        two.succeeded(3_000_000, true);
        two.refused(full);
        two.leftOpen();
        one.add(two);

        StepResult result = StepResult.of(2, 0, 1, one, 2);
        assertThat(result.latency().mean()).isBetween(1.99, 2.01);
        assertThat(result.failed()).isEqualTo(2);
        assertThat(result.successPercent()).isEqualTo(50);
        assertThat(result.errors()).containsExactly(new StepResult.ErrorCount("53300", "full", 2));
        assertThat(result.open()).isOne();
    }

    @Test
    void kindsOfErrorsAreBounded() {
        Tally tally = new Tally();
        for (int i = 0; i < 10_000; i++) {
            tally.failed(new ServerError("23505", "key " + i), true);
        }
        assertThat(tally.errors()).hasSize(51).containsEntry(new ServerError("23505", "(further messages)"), 9950L);
    }

    @Test
    void aLostRowAndAnInventedRowAreBothDishonest() {
        Tally tally = new Tally();
        tally.succeeded(1, true);
        assertThat(StepResult.of(1, 0, 1, tally, 0).honest()).isFalse();
        assertThat(StepResult.of(1, 0, 1, tally, 2).honest()).isFalse();
        tally.leftOpen();
        assertThat(StepResult.of(1, 0, 1, tally, 2).honest()).isTrue();
        assertThat(StepResult.of(1, 0, 1, tally, 3).honest()).isFalse();
        assertThat(report(null, StepResult.of(1, 0, 1, tally, 2)).proof())
                .contains("1 rows acknowledged, 2 in the database: explained by 1 requests");
        assertThat(report(null, StepResult.of(1, 0, 1, tally, 0)).proof()).contains("DIFFERS");
    }

    @Test
    void onlyAConnectionErrorLeavesTheOutcomeOpen() {
        assertThat(new ServerError("08006", "").leavesOutcomeOpen()).isTrue();
        assertThat(new ServerError("57P01", "").leavesOutcomeOpen()).isTrue();
        assertThat(new ServerError("23505", "").leavesOutcomeOpen()).isFalse();
        assertThat(new ServerError("57014", "").leavesOutcomeOpen()).isFalse();
    }

    @Test
    void theTableStandsBesideThePublishedFigures() {
        String table = report(null, step(1_000, 54_321, 0), step(300, 1_000, 1)).table();
        assertThat(table.lines().toList().get(1).strip().split(" {2,}"))
                .containsExactly(
                        "1,000", "1,000", "5,432", "100 %", "3.50", "2.25", "12.0", "48.0", "102", "1,234", "384",
                        "100.0 %", "2");
        assertThat(table.lines().toList().get(2)).contains("99.90 %").endsWith("-");
    }

    @Test
    void anAlmostPerfectRunIsNeverRoundedUp() {
        assertThat(Lines.percent(99.9999)).isEqualTo("99.99 %");
        assertThat(Lines.percent(100)).isEqualTo("100 %");
        assertThat(Lines.percent(95)).isEqualTo("95.00 %");
    }

    @Test
    void progressTellsHowFarHowFastAndHowLongStill() {
        assertThat(Lines.progress("loading", 250, 1_000, Duration.ofSeconds(5)))
                .isEqualTo("loading [######..................]  25 %  250 of 1,000  50 rows/s, 15 s left");
        assertThat(Lines.progress("loading", 0, 1_000, Duration.ZERO)).endsWith("0 of 1,000  0 rows/s");
    }

    @Test
    void jsonHoldsWhatTheTableShowsAndItsUnits() {
        JsonNode json = JsonMapper.shared().readTree(Json.text(report(null, step(10_000, 70_000, 7))));
        JsonNode step = json.path("steps").path(0);
        assertThat(json.path("clean").asBoolean(true)).isFalse();
        assertThat(json.path("at").asString()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(json.path("method").asString()).startsWith("Closed loop");
        assertThat(step.path("requests_per_second").asDouble()).isEqualTo(7_000);
        assertThat(step.path("success_percent").asDouble()).isBetween(99.98, 99.995);
        assertThat(step.path("latency_milliseconds").path("p999").asDouble()).isEqualTo(101.5);
        assertThat(step.path("errors").path(0).path("sql_state").asString()).isEqualTo("53300");
        assertThat(json.toString()).doesNotContain("app:app");
    }

    @Test
    void spreadIsLargestBySmallestAndReplicasHaveToBeEqual() {
        FleetCounts equal = counts(233_831, 233_831, 259_363, 259_363);
        assertThat(equal.spread()).hasValueCloseTo(1.109, org.assertj.core.data.Offset.offset(0.001));
        assertThat(equal.replicasEqual()).isTrue();
        LoadReport report = new LoadReport(Instant.EPOCH, "postgres://x@y:1/z", "18.6", true, 493_194, 10, equal);
        assertThat(report.clean()).isTrue();
        assertThat(report.summary())
                .contains("493,194 counted on the primaries: equal")
                .contains("shard-0  47.41 %  127.0.0.1:5432  primary  233,831")
                .contains("replica  233,831  equal")
                .contains("largest ÷ smallest shard: 1.109 (published for an MD5 ring: 1.109)");

        FleetCounts behind = counts(10, 9, 10, 10);
        assertThat(behind.replicasEqual()).isFalse();
        assertThat(behind.render()).contains("9  DIFFERS");
        assertThat(counts(0, 0, 10, 10).spread()).isEmpty();
    }

    private static FleetCounts counts(long... rows) {
        return new FleetCounts(
                "users", List.of(shard("shard-0", rows[0], rows[1]), shard("shard-1", rows[2], rows[3])));
    }

    private static FleetCounts.ShardCount shard(String name, long primary, long replica) {
        return new FleetCounts.ShardCount(
                name,
                new FleetCounts.ServerCount("primary", "127.0.0.1:5432", primary, true, null),
                List.of(new FleetCounts.ServerCount("replica", "127.0.0.1:5433", replica, true, null)));
    }

    @Test
    void thePictureIsWellFormedAndLabelled() throws Exception {
        String svg = Chart.svg(report(null, step(1_000, 54_321, 0), step(5_000, 80_000, 2), step(10_000, 70_000, 0)));
        Document document = parse(svg);
        assertThat(document.getDocumentElement().getNodeName()).isEqualTo("svg");
        // Background, two marks of the legend, and a measured and a published bar for each step.
        assertThat(document.getElementsByTagName("rect").getLength()).isEqualTo(1 + 2 + 6);
        assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(4);
        assertThat(document.getDocumentElement().getTextContent())
                .contains(
                        "Requests per second",
                        "Latency, milliseconds",
                        "10,000 clients",
                        "7,783",
                        "p99.9",
                        "Closed loop");
    }

    @Test
    void thePictureStaysInsideItsFrameForAnyNumbers() throws Exception {
        for (StepResult only : List.of(step(1, 0, 3), step(7, 1, 0), step(100_000, 9_999_999_999L, 0))) {
            Document document = parse(Chart.svg(report(null, only)));
            var circles = document.getElementsByTagName("circle");
            for (int i = 0; i < circles.getLength(); i++) {
                assertThat(Double.parseDouble(((Element) circles.item(i)).getAttribute("cy")))
                        .isBetween(380.0, 640.0);
            }
            var bars = document.getElementsByTagName("rect");
            for (int i = 1; i < bars.getLength(); i++) {
                assertThat(Double.parseDouble(((Element) bars.item(i)).getAttribute("y")))
                        .isBetween(60.0, 321.0);
            }
        }
        assertThatThrownBy(() -> Chart.svg(report(null))).isInstanceOf(IllegalArgumentException.class);
    }

    private static Document parse(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }
}
