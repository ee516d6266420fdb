package dev.pando.bench;

import java.time.Duration;
import java.util.Locale;

/** How numbers and errors read in a line of output. */
final class Lines {
    private Lines() {}

    /** An exception's message up to its first line break. */
    static String first(Throwable error) {
        String message = String.valueOf(error.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Milliseconds with about three digits. */
    static String millis(double millis) {
        if (millis >= 100) {
            return String.format(Locale.ROOT, "%,.0f", millis);
        }
        return String.format(Locale.ROOT, millis >= 10 ? "%.1f" : "%.2f", millis);
    }

    /** Never rounded up to 100. */
    static String percent(double percent) {
        double shown = percent < 100 ? Math.min(percent, 99.99) : percent;
        return String.format(Locale.ROOT, shown == 100 ? "%.0f %%" : "%.2f %%", shown);
    }

    /** {@code loading [#####.....] 50 % …}: how far, how fast, how long still. */
    static String progress(String what, long done, long total, Duration elapsed) {
        int width = 24;
        double part = total == 0 ? 1 : (double) done / total;
        int filled = (int) (part * width);
        double seconds = Math.max(1e-3, elapsed.toNanos() / 1e9);
        double rate = done / seconds;
        String left = done == 0 ? "" : String.format(Locale.ROOT, ", %.0f s left", Math.ceil((total - done) / rate));
        return String.format(
                Locale.ROOT,
                "%s [%s%s] %3d %%  %,d of %,d  %,.0f rows/s%s",
                what,
                "#".repeat(filled),
                ".".repeat(width - filled),
                (int) (part * 100),
                done,
                total,
                rate,
                left);
    }
}
