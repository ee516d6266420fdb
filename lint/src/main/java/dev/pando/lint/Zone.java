package dev.pando.lint;

import dev.pando.base.sql.Quote;
import java.util.List;

/**
 * The TimeZone of sessions: how times without a zone are read, which decides whether bounds of partitions overlap and whether timestamp
 * becomes timestamptz as it is.
 *
 * @param assumed whether nobody has said so. A driver sets its own, so that not even the target knows.
 */
record Zone(String name, boolean assumed) {
    static final Zone USUAL = new Zone("UTC", true);
    static final String SETTING = "timezone";
    /** Before and after all others by more than a day between them: what both refuse none takes. */
    static final List<String> OTHERS = List.of("SET TIME ZONE 14", "SET TIME ZONE -12");

    String sql() {
        return "SET timezone = " + Quote.literal(name);
    }
}
