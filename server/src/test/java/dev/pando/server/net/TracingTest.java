package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Spans of statements whose caller tells of a trace, as a collector gets them. */
class TracingTest {
    private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String SAMPLED = "00-" + ID + "-" + SPAN + "-01";
    private static final String COMMENT = " /*traceparent='" + SAMPLED + "'*/";

    private static String settings(Collector collector) {
        return "[listen]\nport = 0\n[tracing]\nendpoint = \"" + collector.endpoint() + "/\"\n";
    }

    @Test
    void aStatementOfATraceBecomesASpanWithItsParts() throws Exception {
        for (String mode : List.of("simple", "extended")) {
            try (Collector collector = new Collector();
                    Running pando = Running.before(2, settings(collector));
                    Connection app = pando.connect("preferQueryMode=" + mode)) {
                long before = nanos();
                Sql.run(app, "SELECT 'geheim'");
                Sql.run(app, "SELECT 'geheim', pg_sleep(0.05)" + COMMENT);
                Sql.run(app, "SELECT 3" + COMMENT.replace("-01'", "-00'"));
                await().until(() -> collector.named("SELECT").count() == 1);
                JsonNode span = collector.named("SELECT").findFirst().orElseThrow();
                assertThat(text(span, "traceId")).isEqualTo(ID);
                assertThat(text(span, "parentSpanId")).isEqualTo(SPAN);
                assertThat(text(span, "spanId")).matches("[0-9a-f]{16}");
                assertThat(span.get("kind").asInt()).isEqualTo(2);
                long began = Long.parseLong(text(span, "startTimeUnixNano"));
                long ended = Long.parseLong(text(span, "endTimeUnixNano"));
                assertThat(began).isBetween(before, nanos());
                assertThat(ended - began).isBetween(50_000_000L, 20_000_000_000L);
                assertThat(attributes(span))
                        .containsEntry("db.query.text", "select '' , pg_sleep ( 0.0 )")
                        .containsEntry("db.system.name", "postgresql")
                        .containsEntry("db.namespace", "app")
                        .containsEntry("db.response.returned_rows", "1")
                        .containsEntry("pando.user", "app");
                assertThat(collector.spans().toString()).doesNotContain("geheim");
                JsonNode backend = collector.named("pando backend").findFirst().orElseThrow();
                assertThat(text(backend, "parentSpanId")).isEqualTo(text(span, "spanId"));
                assertThat(text(backend, "traceId")).isEqualTo(ID);
                assertThat(collector.named("pando plan")).isNotEmpty();
                long at = began;
                for (JsonNode part : collector.spans()) {
                    if (text(part, "name").startsWith("pando ")) {
                        assertThat(Long.parseLong(text(part, "startTimeUnixNano")))
                                .isEqualTo(at);
                        at = Long.parseLong(text(part, "endTimeUnixNano"));
                    }
                }
                assertThat(at).isEqualTo(ended);
                assertThat(collector.types()).containsOnly("POST application/json");
            }
        }
    }

    @Test
    void aSessionCanTellItOnceForAll() throws Exception {
        try (Collector collector = new Collector();
                Running pando = Running.before(1, settings(collector));
                Connection app = pando.connect()) {
            Sql.run(app, "SET pando.traceparent = '" + SAMPLED + "'");
            Sql.run(app, "VALUES (1)");
            assertThatThrownBy(() -> Sql.run(app, "TABLE there_is_none")).isInstanceOf(SQLException.class);
            Sql.run(app, "RESET pando.traceparent");
            Sql.run(app, "VALUES (2)");
            await().until(() -> collector.named("VALUES").count() == 1);
            await().until(() -> collector.named("SET").count() == 1);
            await().until(() -> collector.named("TABLE").count() == 1);
            assertThat(collector.named("TABLE").map(span -> span.get("status").toString()))
                    .containsExactly("{\"code\":2}");
            assertThat(collector.named("VALUES").map(span -> span.get("status").toString()))
                    .containsExactly("{}");
        }
    }

    private static Map<String, String> attributes(JsonNode span) {
        Map<String, String> found = new HashMap<>();
        for (JsonNode each : span.get("attributes")) {
            found.put(text(each, "key"), each.get("value").iterator().next().asString());
        }
        return found;
    }

    private static String text(JsonNode span, String key) {
        return span.get(key).asString();
    }

    private static long nanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000 + now.getNano();
    }
}
