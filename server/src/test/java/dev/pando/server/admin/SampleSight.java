package dev.pando.server.admin;

import dev.pando.base.sql.Shaper;
import dev.pando.core.route.Across;
import dev.pando.core.route.Command;
import dev.pando.core.route.Plan;
import dev.pando.core.route.Planned;
import dev.pando.core.route.Target;
import dev.pando.core.route.Traces;
import dev.pando.core.sight.Account;
import dev.pando.core.sight.Accounts;
import dev.pando.core.sight.LoopSight;
import dev.pando.core.sight.Onlooker;
import dev.pando.core.sight.SessionSight;
import dev.pando.core.sight.SightCounts;
import dev.pando.core.sight.SightSettings;
import dev.pando.core.sight.SightStats;
import dev.pando.core.topology.ShardId;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What is seen after a transaction of ann's: one list of 20 orders on both shards, 12 lookups of items on shard 1 (2 ms each, 1 ms between),
 * and one error.
 */
final class SampleSight {
    private static final long MILLI = 1_000_000;

    private long now = MILLI;
    private final LoopSight loop =
            new LoopSight(new SightSettings(true, 100, -1, false, 10, 100 * MILLI), new Accounts(10), Onlooker.NONE);
    private final SessionSight ann = new SessionSight(loop, new Account("app", "ann"), 1, () -> now);

    static SightStats stats() {
        return SightStats.sum(List.of(sample().loop.snapshot()));
    }

    static SightCounts counts() {
        return SightCounts.sum(List.of(sample().loop.counts()));
    }

    private static SampleSight sample() {
        SampleSight sample = new SampleSight();
        sample.runs("BEGIN", new Command.Begin(null, false), 0, 0);
        sample.runs("SELECT id FROM orders WHERE day = '2026-11-22'", new Command.Read(), 5, 20, 0, 1);
        for (int i = 0; i < 12; i++) {
            sample.now += MILLI;
            sample.runs("SELECT * FROM items WHERE order_id = " + i, new Command.Read(), 2, 3, 1);
        }
        sample.begins("UPDATE orders SET day = 'never'", new Command.Write());
        sample.ann.failed();
        return sample;
    }

    private void begins(String sql, Command command) {
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        Plan plan = new Plan(
                command,
                new Target.Any(),
                new Across.Sum(),
                null,
                Traces.NONE,
                false,
                List.of("sharded table \"orders\""));
        ann.received((byte) 'Q', bytes.length + 6);
        ann.begun(Planned.single(new Shaper().shape(bytes), bytes, plan));
    }

    private void runs(String sql, Command command, long millis, long rows, int... shards) {
        begins(sql, command);
        for (int shard : shards) {
            ann.goesTo(new ShardId(shard));
        }
        now += millis * MILLI;
        ann.sent(500);
        ann.rows(rows);
        ann.ended();
        ann.rests(true);
    }
}
