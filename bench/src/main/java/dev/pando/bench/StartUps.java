package dev.pando.bench;

import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** How a proxy starts: the same start several times, as one alone says little. */
record StartUps(List<StartUp> all) {
    /**
     * @param wall from the start of its process to its first answer
     * @param cpu processor time of that process until then
     */
    record StartUp(Duration wall, Duration cpu) {
        double milliseconds() {
            return wall.toNanos() / 1e6;
        }

        double cpuMilliseconds() {
            return cpu.toNanos() / 1e6;
        }
    }

    StartUps {
        all = List.copyOf(all);
    }

    double milliseconds() {
        return median(StartUp::milliseconds);
    }

    double cpuMilliseconds() {
        return median(StartUp::cpuMilliseconds);
    }

    double least() {
        return all.stream().mapToDouble(StartUp::milliseconds).min().orElseThrow();
    }

    double most() {
        return all.stream().mapToDouble(StartUp::milliseconds).max().orElseThrow();
    }

    private double median(ToDoubleFunction<StartUp> figure) {
        return Medians.middle(all.stream().mapToDouble(figure).toArray()).orElseThrow();
    }
}
