package dev.pando.bench;

import dev.pando.bench.Contestant.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Measures contestants in turns: each round has a run of each, and each round begins with another one. */
final class ProxyRuns {
    /**
     * @param connections to the server, of each proxy
     * @param scale of {@link BenchSchema}
     */
    record Setting(int connections, int scale) {}

    private final List<Contestant> contestants;
    private final BenchSchema schema;
    private final Setting setting;
    private final Pace pace;

    ProxyRuns(List<Contestant> contestants, BenchSchema schema, Setting setting, Pace pace) {
        this.contestants = List.copyOf(contestants);
        this.schema = schema;
        this.setting = setting;
        this.pace = pace;
    }

    /** Runs that nobody counts, so that none of those that are is a process's first. */
    void settle() throws SQLException, InterruptedException {
        for (Contestant contestant : contestants) {
            for (Protocol protocol : Protocol.values()) {
                Point point = new Point(8, Scenario.SELECT_ONLY, protocol);
                if (contestant.takes(point, setting.connections())) {
                    run(contestant, point, pace.settle().dividedBy(Protocol.values().length));
                }
            }
        }
    }

    PointResult measure(Point point) throws SQLException, InterruptedException {
        List<Contestant> part = contestants.stream()
                .filter(contestant -> contestant.takes(point, setting.connections()))
                .toList();
        Map<Kind, List<Sample>> samples = new EnumMap<>(Kind.class);
        Run.inTurns(pace.rounds(), part, contestant -> run(contestant, point, pace.window()))
                .forEach((contestant, rounds) -> samples.put(contestant.kind(), rounds));
        return new PointResult(point, samples);
    }

    private Sample run(Contestant contestant, Point point, Duration window) throws SQLException, InterruptedException {
        if (point.scenario() == Scenario.COPY_IN) {
            schema.emptyCopies();
        }
        var run = new Run(
                point.scenario().work(point.protocol(), setting.scale()),
                point.scenario().perRequest(point.protocol()),
                point.clients(),
                pace.warmUp(),
                window);
        return run.measure(contestant.url(), contestant.process(), () -> stored(point.scenario()));
    }

    private OptionalLong stored(Scenario scenario) throws SQLException {
        return switch (scenario) {
            case TPC_B -> OptionalLong.of(schema.balanced() ? schema.transfers() : -1);
            case COPY_IN -> OptionalLong.of(schema.copied() / Copies.ROWS);
            case SELECT_ONLY, ROWS_1_KB, ROWS_1_MB, COPY_OUT -> OptionalLong.empty();
        };
    }

    /** @param clients that log in and do nothing; 0 leaves them out */
    Resting rest(Contestant contestant, int clients) throws InterruptedException {
        long rest = contestant.residentKilobytes().orElse(0);
        return new Resting(
                contestant.kind(),
                contestant.startUps(),
                rest,
                clients,
                clients == 0 ? Long.valueOf(rest) : idle(contestant, clients));
    }

    private @Nullable Long idle(Contestant contestant, int clients) throws InterruptedException {
        Work nothing = Scenario.SELECT_ONLY.work(Protocol.SIMPLE, setting.scale());
        var run = new Run(nothing, 1, clients, pace.warmUp(), Duration.ZERO);
        Usage usage = new Usage(contestant.process(), Run.UNWATCHED);
        WriteStep.Outcome outcome = new WriteStep(run.plan(contestant.url()), usage).run();
        OptionalLong resident = usage.residentKilobytes();
        return outcome.tally().connected() < clients || resident.isEmpty() ? null : resident.getAsLong();
    }
}
