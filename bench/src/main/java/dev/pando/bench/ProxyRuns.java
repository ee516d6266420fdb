package dev.pando.bench;

import dev.pando.bench.Contestant.Kind;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Measures contestants in turns: each round has a run of each, and each round begins with another one. */
final class ProxyRuns {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    /** @param scale of {@link BenchSchema} */
    record Pace(int rounds, Duration warmUp, Duration window, int connections, int scale) {}

    private final List<Contestant> contestants;
    private final BenchSchema schema;
    private final Pace pace;

    ProxyRuns(List<Contestant> contestants, BenchSchema schema, Pace pace) {
        this.contestants = List.copyOf(contestants);
        this.schema = schema;
        this.pace = pace;
    }

    /** Runs that nobody counts, so that none of those that are is a process's first. */
    void settle(Duration each) throws SQLException, InterruptedException {
        for (Contestant contestant : contestants) {
            for (Protocol protocol : Protocol.values()) {
                Point point = new Point(8, Scenario.SELECT_ONLY, protocol);
                if (contestant.takes(point, pace.connections())) {
                    run(contestant, point, each.dividedBy(Protocol.values().length));
                }
            }
        }
    }

    PointResult measure(Point point) throws SQLException, InterruptedException {
        Map<Kind, List<Sample>> samples = new EnumMap<>(Kind.class);
        List<Contestant> order = new ArrayList<>(contestants);
        for (int round = 0; round < pace.rounds(); round++) {
            for (Contestant contestant : order) {
                if (contestant.takes(point, pace.connections())) {
                    samples.computeIfAbsent(contestant.kind(), _ -> new ArrayList<>())
                            .add(run(contestant, point, pace.window()));
                }
            }
            Collections.rotate(order, 1);
        }
        return new PointResult(point, samples);
    }

    private Sample run(Contestant contestant, Point point, Duration window) throws SQLException, InterruptedException {
        if (point.scenario() == Scenario.COPY_IN) {
            schema.emptyCopies();
        }
        long before = stored(point.scenario(), 0);
        Usage usage = new Usage(contestant);
        var plan = plan(contestant, point.scenario().work(point.protocol(), pace.scale()), point.clients(), window);
        WriteStep.Outcome outcome = new WriteStep(plan, usage).run();
        long acknowledged = outcome.tally().acknowledged();
        StepResult step = StepResult.of(
                point.clients(),
                outcome.rampSeconds(),
                outcome.windowSeconds(),
                outcome.tally(),
                inserted(point.scenario(), before, acknowledged));
        return Sample.of(step, point.scenario().perRequest(point.protocol()), usage.seconds(), usage.resident);
    }

    private WriteStep.Plan plan(Contestant contestant, Work work, int clients, Duration window) {
        return new WriteStep.Plan(
                contestant.url(), work, clients, 1, pace.warmUp(), window, ANSWER_LIMIT, new SecureRandom().nextLong());
    }

    /** Requests whose effect the tables hold; as many as were acknowledged where there is none. */
    private long inserted(Scenario scenario, long before, long acknowledged) throws SQLException {
        if (scenario == Scenario.TPC_B && !schema.balanced()) {
            return -1;
        }
        return stored(scenario, acknowledged) - before;
    }

    private long stored(Scenario scenario, long otherwise) throws SQLException {
        return switch (scenario) {
            case TPC_B -> schema.transfers();
            case COPY_IN -> schema.copied() / Copies.ROWS;
            case SELECT_ONLY, ROWS_1_KB, ROWS_1_MB, COPY_OUT -> otherwise;
        };
    }

    /** @param clients that log in and do nothing; 0 leaves them out */
    Resting rest(Contestant contestant, int clients) throws InterruptedException {
        long rest = contestant.residentKilobytes().orElse(0);
        Usage usage = new Usage(contestant);
        if (clients > 0) {
            Work nothing = Scenario.SELECT_ONLY.work(Protocol.SIMPLE, pace.scale());
            WriteStep.Outcome outcome = new WriteStep(plan(contestant, nothing, clients, Duration.ZERO), usage).run();
            if (outcome.tally().connected() < clients) {
                usage.resident = OptionalLong.empty();
            }
        }
        Duration startUp = contestant.startUp();
        return new Resting(
                contestant.kind(),
                startUp == null ? 0 : startUp.toNanos() / 1e6,
                rest,
                clients,
                idle(usage, clients, rest));
    }

    private static @Nullable Long idle(Usage usage, int clients, long rest) {
        if (clients == 0) {
            return rest;
        }
        return usage.resident.isPresent() ? usage.resident.getAsLong() : null;
    }

    /** What a contestant uses while it is measured. On the thread that runs the step. */
    private static final class Usage implements WriteStep.Watcher {
        private final Contestant contestant;
        private Duration begin = Duration.ZERO;
        private Duration end = Duration.ZERO;
        private OptionalLong resident = OptionalLong.empty();

        Usage(Contestant contestant) {
            this.contestant = contestant;
        }

        double seconds() {
            return end.minus(begin).toNanos() / 1e9;
        }

        @Override
        public void connected(int connected, int clients, double seconds) {
            resident = contestant.residentKilobytes();
        }

        @Override
        public void measuring() {
            begin = contestant.cpu();
        }

        @Override
        public void measured() {
            end = contestant.cpu();
            resident = contestant.residentKilobytes();
        }

        @Override
        public void running(String phase, Duration elapsed, Duration total, long acknowledged) {}
    }
}
