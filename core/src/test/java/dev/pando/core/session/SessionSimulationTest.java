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

    @Test
    void everyClientGetsWhatOnePostgresWouldGiveIt() {
        Long only = Long.getLong("pando.sim.seed");
        long first = only == null ? Long.getLong("pando.sim.from", FIRST) : only;
        long last = only == null ? Long.getLong("pando.sim.seeds", 500) : only;
        for (long seed = first; seed <= last; seed++) {
            check(seed);
        }
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed = 1; seed <= 50; seed++) {
            assertThat(digest(seed)).as("seed %d", seed).isEqualTo(digest(seed));
        }
    }

    private static long digest(long seed) {
        Simulation simulation = new Simulation(seed, false);
        simulation.run();
        return simulation.digest();
    }

    private static void check(long seed) {
        try {
            new Simulation(seed, false).run();
        } catch (RuntimeException | AssertionError first) {
            explain(seed, first);
        }
    }

    /** Once more, with a trace. */
    private static void explain(long seed, Throwable first) {
        Simulation again = new Simulation(seed, true);
        try {
            again.run();
        } catch (RuntimeException | AssertionError second) {
            fail(again.report(second), second);
        }
        fail("seed " + seed + " fails only once: " + first, first);
    }
}
