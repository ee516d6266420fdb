package dev.pando.bench;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.UUID;

/**
 * The users that {@code bench load} makes: user number {@code i} of a seed is the same on every machine and in any order, so a load can be
 * repeated and checked. Keys are random-looking version 4 UUIDs, as an application would make them.
 */
final class UserRows {
    /** Column order of {@link #append}. */
    static final String COLUMNS = "id, name, email, region, created_at";

    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;
    private static final String[] FIRST = {
        "Ada",
        "Alan",
        "Barbara",
        "Edgar",
        "Frances",
        "Grace",
        "Jim",
        "Katherine",
        "Margaret",
        "Niklaus",
        "Radia",
        "Tony"
    };
    private static final String[] LAST = {
        "Allen",
        "Berg",
        "Costa",
        "Dubois",
        "Eriksen",
        "Fischer",
        "García",
        "Haddad",
        "Ito",
        "Jansen",
        "Kowalski",
        "Lindqvist"
    };
    private static final String[] REGIONS = {"eu", "us", "apac"};
    private static final long NEWEST = LocalDateTime.of(2026, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);
    private static final int THREE_YEARS_SECONDS = 3 * 365 * 24 * 3600;

    private final long seed;

    UserRows(long seed) {
        this.seed = mix(seed + GOLDEN_GAMMA);
    }

    UUID id(long index) {
        return new UUID(Workload.version4(word(index, 0)), Workload.variant2(word(index, 1)));
    }

    /** Appends one row in COPY's text format; no value needs escaping. */
    void append(StringBuilder out, long index) {
        long bits = word(index, 2);
        String first = pick(FIRST, bits);
        String last = pick(LAST, bits >>> 16);
        long createdAt = NEWEST - Long.remainderUnsigned(word(index, 3), THREE_YEARS_SECONDS);
        out.append(id(index)).append('\t');
        out.append(first).append(' ').append(last).append('\t');
        out.append("user").append(index).append("@example.org\t");
        out.append(pick(REGIONS, bits >>> 32)).append('\t');
        out.append(LocalDateTime.ofEpochSecond(createdAt, 0, ZoneOffset.UTC)).append("Z\n");
    }

    private static String pick(String[] choices, long bits) {
        return choices[(int) ((bits & 0xFFFF) % choices.length)];
    }

    private long word(long index, int which) {
        return mix(seed + (4 * index + which) * GOLDEN_GAMMA);
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). */
    private static long mix(long value) {
        long z = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }
}
