package dev.pando.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Whether a figure grows: the straight line through the second half of its values (least squares), by how much it rises over that half, in
 * percent of the half's mean.
 *
 * @param risePercent NaN when nothing can be said
 */
record Trend(String what, double mean, double risePercent, double tolerance, Verdict verdict) {
    static final String RULE =
            "Flat: the straight line through the second half rises by no more than the tolerance over that half, in percent of"
                    + " its mean.";

    /** With fewer in the second half, or over a shorter time, a line through them says nothing. */
    private static final int LEAST = 6;

    private static final double LEAST_SECONDS = 30;

    enum Verdict {
        FLAT,
        GROWS,
        /** Too few moments, or all too near to each other. */
        TOO_SHORT,
        /** Moments enough, and too few of them with a value, or with none but 0. */
        UNKNOWN
    }

    /** @param seconds when each value was taken; a value that is NaN is left out */
    static Trend of(String what, List<Double> seconds, List<Double> values, double tolerance) {
        double half = seconds.isEmpty() ? 0 : seconds.getLast() / 2;
        List<Double> moments = seconds.stream().filter(second -> second >= half).toList();
        int[] taken = IntStream.range(0, values.size())
                .filter(i -> seconds.get(i) >= half && Double.isFinite(values.get(i)))
                .toArray();
        double meanX = IntStream.of(taken).mapToDouble(seconds::get).average().orElse(0);
        double meanY = IntStream.of(taken).mapToDouble(values::get).average().orElse(Double.NaN);
        if (moments.size() < LEAST || moments.getLast() - moments.getFirst() < LEAST_SECONDS) {
            return new Trend(what, meanY, Double.NaN, tolerance, Verdict.TOO_SHORT);
        }
        if (taken.length < LEAST || meanY <= 0) {
            return new Trend(what, meanY, Double.NaN, tolerance, Verdict.UNKNOWN);
        }
        double across = 0;
        double square = 0;
        for (int i : taken) {
            double x = seconds.get(i) - meanX;
            across += x * (values.get(i) - meanY);
            square += x * x;
        }
        double length = seconds.get(taken[taken.length - 1]) - seconds.get(taken[0]);
        double rise = 100 * across / square * length / meanY;
        return new Trend(what, meanY, rise, tolerance, rise <= tolerance ? Verdict.FLAT : Verdict.GROWS);
    }

    String render() {
        return String.format(
                Locale.ROOT,
                switch (verdict) {
                    case FLAT -> "flat: %s, mean %,.0f, %+.2f %% in the second half (at most %.1f %%)";
                    case GROWS -> "GROWS: %s, mean %,.0f, %+.2f %% in the second half (at most %.1f %%)";
                    case TOO_SHORT -> "too short to say: %s";
                    case UNKNOWN -> "UNKNOWN: %s, of which the system does not tell enough to say";
                },
                what,
                mean,
                risePercent,
                tolerance);
    }
}
