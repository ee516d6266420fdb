package dev.pando.server.sight;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time of a trace, as OpenTelemetry has it.
 *
 * @param trace 32 hexadecimal digits
 * @param id 16 hexadecimal digits
 * @param parent as {@code id}
 * @param kind as OTLP numbers them
 * @param began nanoseconds since 1970
 * @param attributes texts, whole numbers and flags
 */
record Span(
        String trace,
        String id,
        @Nullable String parent,
        String name,
        int kind,
        long began,
        long ended,
        Map<String, Object> attributes,
        boolean failed) {
    /** Something within a process. */
    static final int INTERNAL = 1;

    /** What was asked of a process. */
    static final int SERVER = 2;

    /** What a process asked of another one. */
    static final int CLIENT = 3;

    Span {
        attributes = Map.copyOf(attributes);
    }
}
