package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/**
 * Sessions, pools and two-phase commit in simulated worlds, one per seed: see docs/simulation.md. {@code -Dpando.sim.seeds=100000} runs
 * more of them, {@code -Dpando.sim.seed=4711} only that one.
 */
class SessionSimulationTest {
    private static final long FIRST = 1;

    private static final long CROWDS = 3;

    private interface Kind {
        Simulation of(long seed, boolean keepTrace);
    }

    @Test
    void everyClientGetsWhatOnePostgresWouldGiveIt() {
        all(Long.getLong("pando.sim.seeds", 400), Simulation::few);
    }

    @Test
    void aCrowdSharesAFewConnections() {
        all(Long.getLong("pando.sim.crowds", CROWDS), Simulation::crowd);
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed = 1; seed <= 50; seed++) {
            assertThat(digest(seed)).as("seed %d", seed).isEqualTo(digest(seed));
        }
    }

    private static void all(long count, Kind kind) {
        Long only = Long.getLong("pando.sim.seed");
        long first = only == null ? Long.getLong("pando.sim.from", FIRST) : only;
        long last = only == null ? count : only;
        for (long seed = first; seed <= last; seed++) {
            check(seed, kind);
        }
    }

    private static long digest(long seed) {
        Simulation simulation = Simulation.few(seed, false);
        simulation.run();
        return simulation.digest();
    }

    private static void check(long seed, Kind kind) {
        Simulation simulation = kind.of(seed, false);
        try {
            simulation.run();
        } catch (RuntimeException | AssertionError first) {
            explain(seed, kind, first);
        }
        if (Boolean.getBoolean("pando.sim.queues")) {
            System.out.println("seed " + seed + ": " + simulation.queues());
        }
    }

    /** Once more, with a trace. */
    private static void explain(long seed, Kind kind, Throwable first) {
        Simulation again = kind.of(seed, true);
        try {
            again.run();
        } catch (RuntimeException | AssertionError second) {
            fail(again.report(second), second);
        }
        fail("seed " + seed + " fails only once: " + first, first);
    }
}
