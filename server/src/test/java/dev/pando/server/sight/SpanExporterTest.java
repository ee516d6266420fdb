package dev.pando.server.sight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pando.core.config.ConfigLoader;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.Purpose;
import dev.pando.core.config.SecretSource;
import dev.pando.server.admin.AdminView.SpansView;
import dev.pando.server.net.Collector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpanExporterTest {
    private static LiveConfig config(String tracing) {
        PandoConfig config = ConfigLoader.parse(
                "[tracing]\n" + tracing, "test", Purpose.UP, SecretSource.of(Path.of("."), Map.of()));
        return LiveConfig.of(config);
    }

    private static List<Span> spans(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Span(
                        "0".repeat(31) + "1", "0".repeat(15) + "2", null, "SELECT", Span.SERVER, 1, 2, Map.of(), false))
                .toList();
    }

    @Test
    void whatACollectorDoesNotTakeIsCountedAndTheRestGoesOn() throws Exception {
        try (Collector collector = new Collector();
                SpanExporter exporter = new SpanExporter(config("endpoint = \"" + collector.endpoint() + "\""))) {
            collector.answers(503);
            exporter.offer(spans(3));
            await().until(() -> exporter.counts().equals(new SpansView(0, 3, 0)));
            collector.answers(200);
            exporter.offer(spans(4));
            await().until(() -> exporter.counts().equals(new SpansView(4, 3, 0)));
            assertThat(collector.spans()).hasSize(4);
        }
    }

    @Test
    void aCollectorThatStopsCostsNoMoreThanTheQueue() throws Exception {
        try (Collector collector = new Collector();
                SpanExporter exporter =
                        new SpanExporter(config("queue = 100\nendpoint = \"" + collector.endpoint() + "\""))) {
            collector.hold();
            // One batch may be under way beside those in the queue.
            for (int i = 0; i < 10_000; i++) {
                exporter.offer(spans(5));
            }
            SpansView counts = exporter.counts();
            assertThat(counts.dropped()).isGreaterThanOrEqualTo(50_000 - 100 - SpanExporter.BATCH - 5);
            collector.release();
            await().until(() -> exporter.counts().sent() + exporter.counts().dropped() == 50_000);
            assertThat(exporter.counts().failed()).isZero();
            long sent = exporter.counts().sent();
            assertThat(sent).as("what found a place").isBetween(100L, 100L + SpanExporter.BATCH + 5);
            assertThat(collector.spans()).hasSize((int) sent);
            // Places are free again.
            exporter.offer(spans(100));
            await().until(() -> exporter.counts().sent() == sent + 100);
        }
    }

    @Test
    void withoutACollectorNothingWaits() {
        long began = System.nanoTime();
        try (SpanExporter exporter = new SpanExporter(config("endpoint = \"http://127.0.0.1:1\""))) {
            exporter.offer(spans(1));
            await().until(() -> exporter.counts().equals(new SpansView(0, 1, 0)));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void whatWaitsWhenItEndsStillGoesOut() throws Exception {
        try (Collector collector = new Collector()) {
            SpanExporter exporter = new SpanExporter(config("endpoint = \"" + collector.endpoint() + "\""));
            exporter.offer(spans(2));
            exporter.close();
            assertThat(collector.spans()).hasSize(2);
            exporter.offer(spans(1));
            assertThat(exporter.counts().dropped()).isEqualTo(1);
        }
    }
}
