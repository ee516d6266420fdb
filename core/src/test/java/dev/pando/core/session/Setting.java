package dev.pando.core.session;

import dev.pando.core.pool.PoolMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What kind of world a seed stands for: a few clients that do everything there is, or a crowd at a few connections.
 *
 * @param span microseconds in which faults strike
 * @param strikes how often a fault of a connection strikes
 * @param mode null when each client has its own
 */
record Setting(
        String test,
        World.Size size,
        int clients,
        World.Faults faults,
        int span,
        int strikes,
        @Nullable PoolMode mode) {
    private static final int CROWD = 3_000;
    private static final int CONNECTIONS = 20;
    private static final Duration PATIENT = Duration.ofSeconds(100);

    /** Microseconds in which clients come: all at once to one server, so that they queue; one after the other where they may block each other. */
    int arrival() {
        return size.shards() > 1 && clients == CROWD ? 3 * span : span / 6;
    }

    /** Drawn by the seed. */
    static Setting few(Chance chance) {
        World.Faults faults = chance.oneIn(2) ? quiet(chance) : faults(chance);
        int shards = chance.between(1, 4);
        int count = chance.between(1, SimulatedPlans.CLIENTS);
        boolean hurry = faults.queueTimeouts();
        return new Setting(
                "SessionSimulationTest#everyClientGetsWhatOnePostgresWouldGiveIt",
                new World.Size(
                        shards, hurry ? chance.between(1, count) : count, hurry ? Duration.ofMillis(8) : PATIENT),
                count,
                faults,
                30_000,
                1,
                null);
    }

    /** The first seed's network is merely slow; with several shards transactions may wait for each other until one gives up. */
    static Setting crowd(long seed, Chance chance) {
        int shards = seed % 3 == 0 ? 4 : 1;
        World.Network network = seed == 1
                ? new World.Network(true, false, false, false)
                : new World.Network(true, chance.oneIn(2), chance.oneIn(2), false);
        boolean rough = seed > 1;
        boolean hurry = shards > 1 || (rough && chance.oneIn(3));
        World.Faults faults = new World.Faults(
                rough && chance.oneIn(2),
                rough && chance.oneIn(2),
                rough,
                rough && chance.oneIn(2),
                hurry,
                false,
                false,
                network);
        return new Setting(
                "SessionSimulationTest#aCrowdSharesAFewConnections",
                new World.Size(
                        shards, CONNECTIONS / shards, hurry ? Duration.ofMillis(shards > 1 ? 30 : 400) : PATIENT),
                CROWD,
                faults,
                1_500_000,
                20,
                seed % 4 == 0 ? PoolMode.STATEMENT : PoolMode.TRANSACTION);
    }

    private static World.Faults quiet(Chance chance) {
        return World.Faults.NONE.on(new World.Network(chance.oneIn(2), false, false, false));
    }

    private static World.Faults faults(Chance chance) {
        return new World.Faults(
                chance.oneIn(3),
                chance.oneIn(3),
                chance.oneIn(3),
                chance.oneIn(3),
                chance.oneIn(4),
                chance.oneIn(4),
                chance.oneIn(6),
                new World.Network(chance.oneIn(3), chance.oneIn(3), chance.oneIn(3), chance.oneIn(10)));
    }
}
