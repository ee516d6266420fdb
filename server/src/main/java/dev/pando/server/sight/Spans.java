package dev.pando.server.sight;

import dev.pando.core.route.Planned;
import dev.pando.core.sight.Flight;
import dev.pando.core.sight.Part;
import dev.pando.core.sight.StatementText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The spans of a statement: one of its whole time, whose parent is the caller's, and within it one for each part that took any. Parts are
 * drawn one after the other in the order in which they begin; in truth a client may be waited for in between.
 */
final class Spans {
    private static final List<Part> ORDER = List.of(Part.PLAN, Part.QUEUE, Part.BACKEND, Part.CLIENT, Part.MERGE);

    private Spans() {}

    /** {@code now}: the moment, in nanoseconds since 1970, at which the statement has ended. */
    static List<Span> of(Flight flight, int client, long now, LongSupplier random) {
        String trace = flight.trace().trace();
        String id = hex(random.getAsLong());
        long began = now - flight.nanos();
        List<Span> spans = new ArrayList<>();
        spans.add(new Span(
                trace,
                id,
                flight.trace().parent(),
                name(flight),
                Span.SERVER,
                began,
                now,
                attributes(flight, client),
                flight.failed()));
        long at = began;
        for (Part part : ORDER) {
            long nanos = flight.part(part);
            if (nanos > 0) {
                int kind = part == Part.BACKEND ? Span.CLIENT : Span.INTERNAL;
                spans.add(new Span(
                        trace,
                        hex(random.getAsLong()),
                        id,
                        "pando " + part.word(),
                        kind,
                        at,
                        at + nanos,
                        Map.of(),
                        false));
                at += nanos;
            }
        }
        return spans;
    }

    private static String hex(long id) {
        return HexFormat.of().toHexDigits(id == 0 ? 1 : id);
    }

    private static String name(Flight flight) {
        Planned planned = flight.planned();
        String verb = planned == null ? "" : planned.shaped().word(0).toUpperCase(Locale.ROOT);
        return verb.isEmpty() ? "statement" : verb;
    }

    private static Map<String, Object> attributes(Flight flight, int client) {
        Map<String, Object> attributes = new TreeMap<>();
        attributes.put("db.system.name", "postgresql");
        attributes.put("db.namespace", flight.account().database());
        attributes.put("db.query.text", StatementText.of(flight));
        attributes.put("db.response.returned_rows", flight.rows());
        attributes.put("pando.user", flight.account().user());
        attributes.put("pando.client", (long) client);
        attributes.put(
                "pando.shards",
                Arrays.stream(flight.shardNumbers()).mapToObj(Integer::toString).collect(Collectors.joining(",")));
        return attributes;
    }
}
