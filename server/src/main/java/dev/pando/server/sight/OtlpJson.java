package dev.pando.server.sight;

import dev.pando.base.Version;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The body of an OTLP/HTTP request for traces in its JSON form (opentelemetry-proto 1.x): ids in hexadecimal, times as decimal text. */
final class OtlpJson {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int ERROR = 2;

    private OtlpJson() {}

    static byte[] of(List<Span> spans) {
        Map<String, Object> scope = Map.of("name", "dev.pando", "version", Version.number());
        Map<String, Object> resource = Map.of("attributes", List.of(attribute("service.name", "pando")));
        Map<String, Object> scoped = Map.of(
                "scope", scope, "spans", spans.stream().map(OtlpJson::span).toList());
        return MAPPER.writeValueAsBytes(
                Map.of("resourceSpans", List.of(Map.of("resource", resource, "scopeSpans", List.of(scoped)))));
    }

    private static Map<String, Object> span(Span span) {
        return Map.ofEntries(
                Map.entry("traceId", span.trace()),
                Map.entry("spanId", span.id()),
                Map.entry("parentSpanId", orEmpty(span.parent())),
                Map.entry("name", span.name()),
                Map.entry("kind", span.kind()),
                Map.entry("startTimeUnixNano", Long.toString(span.began())),
                Map.entry("endTimeUnixNano", Long.toString(span.ended())),
                Map.entry(
                        "attributes",
                        span.attributes().entrySet().stream()
                                .map(entry -> attribute(entry.getKey(), entry.getValue()))
                                .toList()),
                Map.entry("status", span.failed() ? Map.of("code", ERROR) : Map.of()));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static Map<String, Object> attribute(String key, Object value) {
        Map<String, Object> typed = value instanceof Long number
                ? Map.of("intValue", number.toString())
                : Map.of("stringValue", value.toString());
        return Map.of("key", key, "value", typed);
    }
}
