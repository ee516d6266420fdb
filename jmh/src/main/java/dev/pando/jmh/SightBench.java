package dev.pando.jmh;

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
import dev.pando.core.sight.SightSettings;
import dev.pando.core.topology.ShardId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it costs to watch one statement, the clock's readings included: all that a session tells of it, and all that is counted. */
@State(Scope.Benchmark)
public class SightBench extends NanosecondsPerCall {
    private static final List<String> PATH = List.of("app", "public");

    /** Shapes that take turns. */
    @Param({"1", "1000"})
    public int shapes = 1;

    /** Whether a trace is looked for in each text. */
    @Param({"false", "true"})
    public boolean traces;

    private Planned[] statements = {};
    private SessionSight session = session(false);
    private int next;

    private static SessionSight session(boolean traced) {
        SightSettings settings = new SightSettings(true, 2_000, -1, traced, 10, 100_000_000);
        return new SessionSight(
                new LoopSight(settings, new Accounts(100), Onlooker.NONE),
                new Account("app", "app"),
                1,
                System::nanoTime);
    }

    @Setup
    public void prepare() {
        session = session(traces);
        statements = new Planned[shapes];
        for (int i = 0; i < shapes; i++) {
            byte[] sql = ("SELECT abalance FROM pgbench_accounts_" + i + " WHERE aid = 4711")
                    .getBytes(StandardCharsets.UTF_8);
            Plan plan = new Plan(
                    new Command.Read(), new Target.Any(), new Across.Sum(), null, Traces.NONE, false, List.of());
            statements[i] = Planned.single(new Shaper().shape(sql), sql, plan);
        }
    }

    /** A simple query to one shard. */
    @Benchmark
    public void simple() {
        next = next + 1 == shapes ? 0 : next + 1;
        session.received((byte) 'Q', 60);
        session.planned(PATH);
        session.begun(statements[next]);
        session.goesTo(ShardId.HOME);
        session.waited(1_000);
        session.sent(80);
        session.rows(1);
        session.ended();
        session.rests(false);
    }

    /** Bind, Execute and Sync of a prepared statement. */
    @Benchmark
    public void prepared() {
        next = next + 1 == shapes ? 0 : next + 1;
        session.received((byte) 'B', 40);
        session.waited(1_000);
        session.received((byte) 'E', 10);
        session.begunOn(ShardId.HOME, statements[next]);
        session.received((byte) 'S', 5);
        session.sent(60);
        session.rows(1);
        session.ended();
        session.rests(false);
    }
}
