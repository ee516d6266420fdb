package dev.pando.bench;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One run of one of those compared: a load, what the proxy used meanwhile, and whether the tables hold what was acknowledged.
 *
 * @param perRequest transactions in a request
 */
record Run(Work work, int perRequest, int clients, Duration warmUp, Duration window) {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    static final WriteStep.Watcher UNWATCHED = new WriteStep.Watcher() {
        @Override
        public void connected(int connected, int clients, double seconds) {}

        @Override
        public void running(String phase, Duration elapsed, Duration total, long acknowledged) {}
    };

    /** What requests leave in the tables. */
    interface Effect {
        /** Requests whose effect is there; empty where they leave none, and less than before when it is wrong. */
        OptionalLong stored() throws SQLException;
    }

    /** Takes one sample. */
    interface Turn<T> {
        Sample take(T who) throws SQLException, InterruptedException;
    }

    /** Each round has a turn of each, and begins with another one. */
    static <T> Map<T, List<Sample>> inTurns(int rounds, List<T> all, Turn<T> turn)
            throws SQLException, InterruptedException {
        Map<T, List<Sample>> samples = new LinkedHashMap<>();
        all.forEach(who -> samples.put(who, new ArrayList<>()));
        List<T> order = new ArrayList<>(all);
        for (int round = 0; round < rounds; round++) {
            for (T who : order) {
                Objects.requireNonNull(samples.get(who)).add(turn.take(who));
            }
            Collections.rotate(order, 1);
        }
        return samples;
    }

    WriteStep.Plan plan(PostgresUrl url) {
        return new WriteStep.Plan(url, work, clients, 1, warmUp, window, ANSWER_LIMIT, new SecureRandom().nextLong());
    }

    Sample measure(PostgresUrl url, @Nullable ProxyProcess process, Effect effect)
            throws SQLException, InterruptedException {
        return measure(url, new Usage(process, UNWATCHED), effect);
    }

    Sample measure(PostgresUrl url, Usage usage, Effect effect) throws SQLException, InterruptedException {
        OptionalLong before = effect.stored();
        WriteStep.Outcome outcome = new WriteStep(plan(url), usage).run();
        long acknowledged = outcome.tally().acknowledged();
        OptionalLong after = effect.stored();
        StepResult step = StepResult.of(
                clients,
                outcome.rampSeconds(),
                outcome.windowSeconds(),
                outcome.tally(),
                after.isEmpty() ? acknowledged : after.getAsLong() - before.orElse(0));
        return Sample.of(step, perRequest, usage.seconds(), usage.residentKilobytes());
    }
}
