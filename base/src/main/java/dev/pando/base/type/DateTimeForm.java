package dev.pando.base.type;

import java.time.DateTimeException;
import java.time.LocalDate;

/**
 * Dates and times in the text form of DateStyle ISO, turned into what the binary format holds: days or microseconds since 2000-01-01.
 * The other styles are refused: they leave out digits or name zones by ambiguous abbreviations.
 */
final class DateTimeForm {
    private static final long EPOCH = LocalDate.of(2000, 1, 1).toEpochDay();
    private static final long MICROS_OF_SECOND = 1_000_000;
    private static final long MICROS_OF_DAY = 86_400 * MICROS_OF_SECOND;
    private static final String BEFORE_CHRIST = " BC";

    private DateTimeForm() {}

    static long date(String text) {
        return switch (text) {
            case "infinity" -> Integer.MAX_VALUE;
            case "-infinity" -> Integer.MIN_VALUE;
            default -> {
                boolean before = text.endsWith(BEFORE_CHRIST);
                yield days(before ? text.substring(0, text.length() - 3) : text, before, ScalarType.DATE);
            }
        };
    }

    static long time(String text) {
        return timeOfDay(text, ScalarType.TIME);
    }

    static long timestamp(String text) {
        return moment(text, false, ScalarType.TIMESTAMP);
    }

    static long timestampWithZone(String text) {
        return moment(text, true, ScalarType.TIMESTAMPTZ);
    }

    private static long moment(String text, boolean zoned, ScalarType type) {
        if (text.equals("infinity")) {
            return Long.MAX_VALUE;
        }
        if (text.equals("-infinity")) {
            return Long.MIN_VALUE;
        }
        boolean before = text.endsWith(BEFORE_CHRIST);
        int end = before ? text.length() - BEFORE_CHRIST.length() : text.length();
        int blank = text.indexOf(' ');
        if (blank < 0 || blank >= end) {
            throw Malformed.value(type);
        }
        int clockEnd = zoned ? zoneAt(text, blank, end, type) : end;
        long clock = timeOfDay(text.substring(blank + 1, clockEnd), type);
        long offset = zoned ? zoneSeconds(text.substring(clockEnd, end), type) : 0;
        return days(text.substring(0, blank), before, type) * MICROS_OF_DAY + clock - offset * MICROS_OF_SECOND;
    }

    private static int zoneAt(String text, int from, int end, ScalarType type) {
        for (int at = from; at < end; at++) {
            if (text.charAt(at) == '+' || text.charAt(at) == '-') {
                return at;
            }
        }
        throw Malformed.value(type);
    }

    /** {@code ±hh[:mm[:ss]]}. */
    private static long zoneSeconds(String zone, ScalarType type) {
        String[] parts = zone.substring(1).split(":", -1);
        if (parts.length > 3) {
            throw Malformed.value(type);
        }
        long seconds = 0;
        long unit = 3600;
        for (String part : parts) {
            seconds += digits(part, type) * unit;
            unit /= 60;
        }
        return zone.charAt(0) == '-' ? -seconds : seconds;
    }

    /** {@code y…yyyy-mm-dd}. */
    private static long days(String text, boolean beforeChrist, ScalarType type) {
        int dash = text.indexOf('-');
        if (dash < 4 || text.length() != dash + 6 || text.charAt(dash + 3) != '-') {
            throw Malformed.value(type);
        }
        long year = digits(text.substring(0, dash), type);
        int month = (int) digits(text.substring(dash + 1, dash + 3), type);
        int day = (int) digits(text.substring(dash + 4), type);
        try {
            return LocalDate.of((int) (beforeChrist ? 1 - year : year), month, day)
                            .toEpochDay()
                    - EPOCH;
        } catch (DateTimeException e) {
            throw Malformed.causedBy(e, type);
        }
    }

    /** {@code hh:mm:ss[.f…ffffff]}, up to 24:00:00. */
    private static long timeOfDay(String text, ScalarType type) {
        int length = text.length();
        if (length < 8 || length > 15 || text.charAt(2) != ':' || text.charAt(5) != ':') {
            throw Malformed.value(type);
        }
        long seconds = digits(text.substring(0, 2), type) * 3600
                + digits(text.substring(3, 5), type) * 60
                + digits(text.substring(6, 8), type);
        long micros = 0;
        if (length > 8) {
            if (text.charAt(8) != '.') {
                throw Malformed.value(type);
            }
            micros = digits((text.substring(9) + "00000").substring(0, 6), type);
        }
        return seconds * MICROS_OF_SECOND + micros;
    }

    private static long digits(String text, ScalarType type) {
        if (text.isEmpty() || text.length() > 9) {
            throw Malformed.value(type);
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw Malformed.value(type);
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
