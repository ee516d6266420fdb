package dev.pando.core.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations such as {@code "10s"} and sizes such as {@code "64MB"}, with PostgreSQL's unit names; 1 kB is 1024 bytes as there. */
final class Units {
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,18})\\s*([A-Za-z]+)");
    private static final Map<String, Duration> DURATIONS = durations();
    private static final Map<String, Long> SIZES = sizes();

    private Units() {}

    static Duration duration(String text) throws BadValue {
        Matcher amount = amount(text, "a duration such as \"10s\" (units: ms, s, min, h, d)");
        Duration unit = DURATIONS.get(amount.group(2));
        if (unit == null) {
            throw new BadValue("unknown unit \"" + amount.group(2) + "\"; there are ms, s, min, h, d");
        }
        try {
            return unit.multipliedBy(Long.parseLong(amount.group(1)));
        } catch (ArithmeticException e) {
            throw new BadValue("\"" + text + "\" is too long", e);
        }
    }

    static long size(String text) throws BadValue {
        Matcher amount = amount(text, "a size such as \"64MB\" (units: B, kB, MB, GB)");
        Long unit = SIZES.get(amount.group(2).toUpperCase(Locale.ROOT));
        if (unit == null) {
            throw new BadValue("unknown unit \"" + amount.group(2) + "\"; there are B, kB, MB, GB");
        }
        try {
            return Math.multiplyExact(Long.parseLong(amount.group(1)), unit);
        } catch (ArithmeticException e) {
            throw new BadValue("\"" + text + "\" is too large", e);
        }
    }

    /** In the largest unit that leaves no rest. */
    static String print(Duration duration) {
        String best = duration.toMillis() + "ms";
        for (Map.Entry<String, Duration> unit : DURATIONS.entrySet()) {
            long millis = unit.getValue().toMillis();
            if (duration.toMillis() >= millis && duration.toMillis() % millis == 0) {
                best = duration.toMillis() / millis + unit.getKey();
            }
        }
        return duration.isZero() ? "0s" : best;
    }

    static String print(long bytes) {
        if (bytes > 0 && bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "GB";
        }
        if (bytes > 0 && bytes % (1L << 20) == 0) {
            return (bytes >> 20) + "MB";
        }
        return bytes > 0 && bytes % 1024 == 0 ? (bytes >> 10) + "kB" : bytes + "B";
    }

    private static Matcher amount(String text, String expected) throws BadValue {
        Matcher amount = AMOUNT.matcher(text.strip());
        if (!amount.matches()) {
            throw new BadValue("\"" + text + "\" is not " + expected);
        }
        return amount;
    }

    private static Map<String, Duration> durations() {
        Map<String, Duration> units = new LinkedHashMap<>();
        units.put("ms", Duration.ofMillis(1));
        units.put("s", Duration.ofSeconds(1));
        units.put("min", Duration.ofMinutes(1));
        units.put("h", Duration.ofHours(1));
        units.put("d", Duration.ofDays(1));
        return units;
    }

    private static Map<String, Long> sizes() {
        return Map.of("B", 1L, "KB", 1L << 10, "MB", 1L << 20, "GB", 1L << 30);
    }
}
