package dev.pando.core.config;

import java.time.Duration;
import java.util.List;

/** Kinds of value that several keys have. */
final class Kinds {
    /** A number of connections; zero for none, or for any number. */
    static final ValueKind COUNT = new ValueKind.Whole(0, 10_000);

    /** Zero for never, or for ever. */
    static final ValueKind PERIOD = new ValueKind.Time(Duration.ZERO, Duration.ofDays(30));

    /** Of sockets, which count in seconds. */
    static final ValueKind SECONDS = new ValueKind.Time(Duration.ZERO, Duration.ofHours(9));

    static final ValueKind VERSION = new ValueKind.Choice(List.of("TLSv1.2", "TLSv1.3"));

    private Kinds() {}
}
