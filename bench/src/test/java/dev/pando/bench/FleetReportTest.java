package dev.pando.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.plot.Plot;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FleetReportTest {
    private static final Circumstances CIRCUMSTANCES = new Circumstances(
            Instant.EPOCH, new WriteReport.Machine(2, 8192, "Linux amd64", "25"), 0.5, List.of("PgBouncer 1.18"));
    private static final Pace PACE = new Pace(2, Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO);

    /** @param inserted is right when it is {@code succeeded} */
    private static Sample sample(long succeeded, double cpuSeconds, long inserted) {
        return new Sample(step(8, succeeded, inserted), 1, cpuSeconds, 102_400);
    }

    private static StepResult step(int clients, long succeeded, long inserted) {
        var latency = new StepResult.Latency(4, 3, 5, 9, 12, 20);
        return new StepResult(clients, clients, 0, 1, succeeded, 0, latency, List.of(), succeeded, 0, inserted);
    }

    private static Comparison.Entry entry(String way, boolean proxy, Sample... samples) {
        return new Comparison.Entry(way, proxy, List.of(samples));
    }

    private static String printed(java.util.function.Consumer<PrintWriter> report) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        report.accept(writer);
        writer.flush();
        return out.toString();
    }

    @Test
    void ratiosAreMediansOfEachRoundsOwn() {
        Comparison comparison = new Comparison(
                "1,000",
                List.of(
                        entry("Pando", true, sample(50, 0.001, 50), sample(400, 0.004, 400)),
                        entry("PgBouncer", true, sample(100, 0.001, 100), sample(200, 0.001, 200))));

        // Rounds of 0.5 and 2.0: what the machine did in the second hit both.
        assertThat(comparison.ratio("Pando", "PgBouncer", Sample::rate)).hasValue(1.25);
        String table = Comparison.table("clients", List.of(comparison), "PgBouncer");
        assertThat(table.lines().toList().get(1).split(" {2,}"))
                .startsWith("1,000", "Pando", "225", "1.25", "15.0", "2.00", "4.00", "3.00", "9.00", "12.0", "100");
        assertThat(table.lines().toList().get(2)).contains("PgBouncer", "7.5").doesNotContain("1.00 ");
        assertThat(comparison.clean()).isTrue();

        // Where the system does not tell, there is no memory, not none.
        Sample untold = new Sample(step(8, 50, 50), 1, 0.001, -1);
        Comparison unknown = new Comparison("1", List.of(entry("Pando", true, untold)));
        assertThat(Comparison.table("clients", List.of(unknown), "Pando")
                        .lines()
                        .toList()
                        .get(1))
                .contains("12.0   –  ")
                .doesNotContain("-0");
    }

    @Test
    void aRowThatIsNotThereFailsTheRun() {
        Comparison lost = new Comparison("64", List.of(entry("Pando", true, sample(50, 0.001, 49))));
        assertThat(lost.clean()).isFalse();
        assertThat(lost.failures()).isEqualTo("FAILED  64, Pando: DIFFERS: the tables hold 49 of 50 acknowledged\n");

        FleetCounts counts = new FleetCounts(
                "users",
                List.of(new FleetCounts.ShardCount(
                        "shard-0",
                        new FleetCounts.ServerCount("primary", "127.0.0.1:1", 100, true, null),
                        List.of(new FleetCounts.ServerCount("replica", "127.0.0.1:2", 100, true, null)))));
        assertThat(new Counted("Pando", 100, 0, List.of(counts)).equal()).isTrue();
        assertThat(new Counted("Pando", 98, 2, List.of(counts)).equal()).isTrue();
        assertThat(new Counted("Pando", 97, 2, List.of(counts)).equal()).isFalse();
        assertThat(new Counted("Pando", 101, 0, List.of(counts)).render()).contains("100 on the primaries: DIFFERS");
    }

    @Test
    void whatGrowsInTheSecondHalfIsNotFlat() {
        List<Double> seconds = IntStream.range(0, 61).mapToObj(i -> i * 5.0).toList();
        // Steep at first, as a heap is, then level.
        assertThat(trend(seconds, i -> i < 25 ? 100 + 10 * i : 350).verdict()).isEqualTo(Trend.Verdict.FLAT);
        Trend growing = trend(seconds, i -> 200 + 2 * i);
        assertThat(growing.verdict()).isEqualTo(Trend.Verdict.GROWS);
        assertThat(growing.risePercent()).isBetween(20.6, 20.8);
        assertThat(growing.render()).startsWith("GROWS: MB, mean 290, +20.69 %");
        assertThat(trend(seconds, i -> 200 - 2 * i).verdict()).isEqualTo(Trend.Verdict.FLAT);
        // One look that failed is left out.
        assertThat(trend(seconds, i -> i == 40 ? Double.NaN : 300).verdict()).isEqualTo(Trend.Verdict.FLAT);
        assertThat(trend(seconds.subList(0, 12), i -> 200 + 50 * i).verdict()).isEqualTo(Trend.Verdict.TOO_SHORT);
        assertThat(Trend.of("MB", List.of(), List.of(), 5).verdict()).isEqualTo(Trend.Verdict.TOO_SHORT);
        // Long enough, and the system does not tell.
        assertThat(trend(seconds, i -> Double.NaN).verdict()).isEqualTo(Trend.Verdict.UNKNOWN);
        assertThat(trend(seconds, i -> 0).render()).startsWith("UNKNOWN: MB,");
    }

    private static Trend trend(List<Double> seconds, java.util.function.IntToDoubleFunction value) {
        return Trend.of(
                "MB",
                seconds,
                IntStream.range(0, seconds.size()).mapToDouble(value).boxed().toList(),
                5);
    }

    private static SoakReport soak(int looks, double growth) {
        return soak(looks, growth, 10_500);
    }

    private static SoakReport soak(int looks, double growth, double files) {
        var setting = new LoadStage.Setting(4, 1, 100, Workload.USERS);
        return new SoakReport(
                CIRCUMSTANCES,
                setting,
                10_000,
                5,
                sample(1_000, 1, 1_000),
                IntStream.rangeClosed(1, looks)
                        .mapToObj(i -> new SoakReport.Look(
                                i * 5.0, 300 + i * growth, 80, 20, files, 1.5, 5_000, 0, 1_800, 2_300))
                        .toList(),
                List.of());
    }

    private static List<String> table(SoakReport report) {
        List<String> lines = printed(report::print).lines().toList();
        int first = IntStream.range(0, lines.size())
                .filter(i -> lines.get(i).contains("MB resident"))
                .findFirst()
                .orElseThrow();
        return lines.subList(first, lines.size()).stream()
                .takeWhile(line -> !line.isBlank())
                .toList();
    }

    @Test
    void aSoakThatGrowsFailsAndOneThatIsTooShortSaysSo() {
        assertThat(soak(60, 0.1).clean()).isTrue();
        assertThat(soak(60, 2).clean()).isFalse();
        assertThat(printed(soak(60, 2)::print)).contains("GROWS: resident memory", "flat: open files", Trend.RULE);
        assertThat(soak(60, 0.1, Double.NaN).clean()).isFalse();
        assertThat(printed(soak(60, 0.1, Double.NaN)::print)).contains("flat: resident memory", "UNKNOWN: open files");
        // The line of titles, those of 20 looks, and the last.
        assertThat(table(soak(39, 0))).hasSizeBetween(12, 22);
        assertThat(table(soak(60, 0))).hasSize(22);
        assertThat(soak(3, 50).clean()).isTrue();
        assertThat(printed(soak(3, 50)::print)).contains("too short to say: resident memory");
        JsonNode json = JsonMapper.shared().readTree(Json.text(soak(60, 2)));
        assertThat(json.path("trends").path(0).path("rise_percent").asDouble()).isPositive();
        assertThat(json.path("clean").asBoolean(true)).isFalse();
    }

    @Test
    void picturesAreWellFormedAndStayInsideTheirFrame() throws Exception {
        Comparison lookUps = new Comparison(
                CurveReport.Request.LOOK_UP.title(),
                List.of(entry("1 shard", true, sample(50, 0.001, 50)), entry("2 shards", true, sample(40, 0.002, 40))));
        CurveReport curve = new CurveReport(CIRCUMSTANCES, 8, PACE, List.of(lookUps));
        RoutingReport routing = new RoutingReport(
                CIRCUMSTANCES,
                64,
                PACE,
                List.of(new Comparison("simple", List.of(entry(RoutingReport.UNREAD, true, sample(9, 0.001, 9))))));
        FleetLoadReport load = new FleetLoadReport(
                CIRCUMSTANCES,
                new LoadStage.Setting(4, 1, 100, Workload.USERS),
                PACE,
                List.of(new Comparison(
                        "5,000", List.of(entry("Pando", true, new Sample(step(5_000, 9, 9), 1, 0.001, 102_400))))),
                List.of());
        for (Plot plot : List.of(soak(60, 2).plot(), soak(1, 0).plot(), curve.plot(), routing.plot(), load.plot())) {
            Document document = parse(plot.svg());
            Element svg = document.getDocumentElement();
            double height = Double.parseDouble(svg.getAttribute("height"));
            var texts = document.getElementsByTagName("text");
            for (int i = 0; i < texts.getLength(); i++) {
                Element text = (Element) texts.item(i);
                assertThat(Double.parseDouble(text.getAttribute("y"))).isBetween(20.0, height);
                assertThat(Double.parseDouble(text.getAttribute("x"))).isBetween(20.0, 940.0);
            }
        }
        assertThat(parse(load.plot().svg()).getDocumentElement().getTextContent())
                .contains("7,783", "published", "Pando p99");
        assertThat(parse(curve.plot().svg()).getDocumentElement().getTextContent())
                .contains("look-up", "2 shards", "not of throughput");
    }

    /** Six that end at the top, over six that end at the bottom, in the second of two panels. */
    @Test
    void labelsStayInTheirPanelAndApart() throws Exception {
        List<Plot.Series> crowd = IntStream.range(0, 12)
                .mapToObj(i -> new Plot.Series("s" + i, i < 6 ? 1_000 : 1))
                .toList();
        Plot.Panel first = new Plot.Panel("first", Plot.Style.LOGARITHMIC, crowd);
        Plot.Panel second = new Plot.Panel("second", Plot.Style.LOGARITHMIC, crowd);
        Plot plot = new Plot("title", "subtitle", Plot.Axis.places(List.of("here")), List.of(first, second), List.of());
        var texts = parse(plot.svg()).getElementsByTagName("text");
        double top = 0;
        List<Double> heights = new ArrayList<>();
        for (int i = 0; i < texts.getLength(); i++) {
            Element text = (Element) texts.item(i);
            double y = Double.parseDouble(text.getAttribute("y"));
            if (text.getAttribute("class").equals("head")) {
                top = y + 22;
            } else if (text.getAttribute("style").startsWith("fill:")) {
                // The middle of a label is 4 above its base line.
                assertThat(y - 4).as(text.getTextContent()).isBetween(top, top + 212);
                heights.add(y);
            }
        }
        assertThat(heights).hasSize(24);
        for (int i = 1; i < heights.size(); i++) {
            assertThat(Math.abs(heights.get(i) - heights.get(i - 1))).isGreaterThan(14.9);
        }
    }

    private static Document parse(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    @Test
    void targetsSayWhatUnderstandingCosts() {
        Comparison simple = new Comparison(
                "simple",
                List.of(
                        entry(RoutingReport.UNREAD, true, sample(100, 0.001, 100)),
                        entry(RoutingReport.READ, true, sample(100, 0.00105, 100)),
                        entry(RoutingReport.ROUTED, true, sample(100, 0.0013, 100))));
        RoutingReport report = new RoutingReport(CIRCUMSTANCES, 64, PACE, List.of(simple));
        assertThat(report.targets()).extracting(Target::met).containsExactly(true, false);
        assertThat(printed(report::print))
                .contains("CPU, simple, routed, 1 shard  ≤ 1.10 × unread  1.30 × unread  missed by 18 %");
    }

    @Test
    void progressTellsHowFarAndHowLongStill() {
        assertThat(Progress.bar("x", 5, 20, Duration.ofSeconds(100)))
                .isEqualTo("[#####...............] 5 of 20  x, about 5:00 min left");
        assertThat(Progress.bar("x", 0, 20, Duration.ZERO)).isEqualTo("[....................] 0 of 20  x");
    }

    @Test
    void aBeatIsWhatCameSinceTheLast() {
        Pulse pulse = new Pulse();
        pulse.succeeded(3_000_000);
        pulse.succeeded(5_000_000);
        pulse.failed();
        Pulse.Beat first = pulse.take();
        assertThat(first.succeeded()).isEqualTo(2);
        assertThat(first.failed()).isOne();
        assertThat(first.longest()).isBetween(4.99, 5.01);
        pulse.succeeded(1_000_000);
        Pulse.Beat second = pulse.take();
        assertThat(second.succeeded()).isOne();
        assertThat(second.failed()).isZero();
        assertThat(second.p99()).isBetween(0.99, 1.01);
        assertThat(pulse.acknowledged()).isEqualTo(3);
    }

    @Test
    void memoryIsReadFromTheMetrics() {
        String metrics = "# TYPE x gauge\npando_memory_used_bytes{area=\"heap\"} 2097152\nother 1\n";
        assertThat(SoakWatch.megabytes(metrics, "pando_memory_used_bytes{area=\"heap\"} "))
                .hasValue(2);
        assertThat(SoakWatch.megabytes("", "pando_memory_used_bytes{area=\"heap\"} "))
                .isEmpty();
    }

    @Test
    void moreClientsThanPortsAreRefusedWithTheWayOut() {
        CommandLine command = new CommandLine(new BenchCommand());
        FleetArguments.requirePorts(command, 28_000, 28_232);
        assertThatThrownBy(() -> FleetArguments.requirePorts(command, 30_000, 28_232))
                .hasMessageContaining("30,000 clients")
                .hasMessageContaining("28,232")
                .hasMessageContaining("sysctl -w net.ipv4.ip_local_port_range");
        OptionalInt ports = OperatingSystem.ports();
        ports.ifPresent(number -> assertThat(number).isBetween(1, 65_536));
    }
}
