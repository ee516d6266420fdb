package dev.pando.bench;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Figures of several rounds as one. */
final class Medians {
    private Medians() {}

    /** The median over rounds; empty without any. */
    static OptionalDouble of(List<Sample> rounds, ToDoubleFunction<Sample> figure) {
        return middle(rounds.stream().mapToDouble(figure).toArray());
    }

    /** The median of each round's own ratio, so that what else the machine does in a round hits both sides of it. */
    static OptionalDouble ratio(List<Sample> above, List<Sample> below, ToDoubleFunction<Sample> figure) {
        return middle(IntStream.range(0, Math.min(above.size(), below.size()))
                .filter(round -> figure.applyAsDouble(below.get(round)) > 0)
                .mapToDouble(round -> figure.applyAsDouble(above.get(round)) / figure.applyAsDouble(below.get(round)))
                .toArray());
    }

    static OptionalDouble middle(double[] values) {
        if (values.length == 0) {
            return OptionalDouble.empty();
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2);
    }
}
