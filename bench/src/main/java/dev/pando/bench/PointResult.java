package dev.pando.bench;

import dev.pando.bench.Contestant.Kind;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * All rounds at one point.
 *
 * @param samples one for each round, of those who take part
 */
record PointResult(Point point, Map<Kind, List<Sample>> samples) {
    PointResult {
        samples = new EnumMap<>(samples);
    }

    boolean clean() {
        return samples.values().stream()
                .flatMap(List::stream)
                .allMatch(sample -> sample.step().clean());
    }

    Optional<List<Sample>> of(Kind kind) {
        return Optional.ofNullable(samples.get(kind));
    }

    /** The median over rounds; empty for who takes no part. */
    OptionalDouble median(Kind kind, ToDoubleFunction<Sample> figure) {
        return of(kind).map(rounds -> middle(rounds.stream().mapToDouble(figure).toArray()))
                .orElse(OptionalDouble.empty());
    }

    /** The median of each round's own ratio, so that what else the machine does in a round hits both sides of it. */
    OptionalDouble ratio(Kind kind, Kind base, ToDoubleFunction<Sample> figure) {
        List<Sample> above = samples.get(kind);
        List<Sample> below = samples.get(base);
        if (above == null || below == null) {
            return OptionalDouble.empty();
        }
        return middle(IntStream.range(0, Math.min(above.size(), below.size()))
                .filter(round -> figure.applyAsDouble(below.get(round)) > 0)
                .mapToDouble(round -> figure.applyAsDouble(above.get(round)) / figure.applyAsDouble(below.get(round)))
                .toArray());
    }

    private static OptionalDouble middle(double[] values) {
        if (values.length == 0) {
            return OptionalDouble.empty();
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2);
    }
}
