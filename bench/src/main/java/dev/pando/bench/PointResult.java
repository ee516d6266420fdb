package dev.pando.bench;

import dev.pando.bench.Contestant.Kind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

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
        return Medians.of(samples.getOrDefault(kind, List.of()), figure);
    }

    /** As {@link Medians#ratio}; empty unless both take part. */
    OptionalDouble ratio(Kind kind, Kind base, ToDoubleFunction<Sample> figure) {
        return Medians.ratio(samples.getOrDefault(kind, List.of()), samples.getOrDefault(base, List.of()), figure);
    }
}
