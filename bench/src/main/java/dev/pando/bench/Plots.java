package dev.pando.bench;

import dev.pando.base.plot.Plot;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What pictures of fleets and proxies have in common. */
final class Plots {
    private Plots() {}

    static String subtitle(Circumstances circumstances) {
        return String.format(
                Locale.ROOT,
                "%s · %s, %d processors · load average before %.1f",
                circumstances.at().toString().substring(0, 10),
                circumstances.machine().os(),
                circumstances.machine().processors(),
                circumstances.loadBefore());
    }

    /** Medians of one way. */
    static Plot.Series of(String name, String way, List<Comparison> comparisons, ToDoubleFunction<Sample> figure) {
        return new Plot.Series(
                name,
                comparisons.stream()
                        .mapToDouble(one -> one.median(way, figure).orElse(Double.NaN))
                        .toArray());
    }
}
