package dev.pando.core.sight;

import dev.pando.base.sql.Shaper;
import dev.pando.core.route.Across;
import dev.pando.core.route.Command;
import dev.pando.core.route.Plan;
import dev.pando.core.route.Planned;
import dev.pando.core.route.Target;
import dev.pando.core.route.Traces;
import dev.pando.core.topology.ShardId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** An event loop whose statements are watched, with a clock that stands still unless it is told to go on. */
final class Watched implements Onlooker {
    static final long MILLI = 1_000_000;

    private final LoopSight loop;
    private final Accounts accounts;
    private final List<String> told = new ArrayList<>();
    private long now = 1_000 * MILLI;

    Watched(SightSettings settings) {
        this(settings, new Accounts(3));
    }

    private Watched(SightSettings settings, Accounts accounts) {
        this.accounts = accounts;
        loop = new LoopSight(settings, accounts, this);
    }

    /** Another loop of the same process. */
    Watched beside() {
        return new Watched(loop.settings(), accounts);
    }

    /** What monitoring is told of these loops. */
    static SightCounts counts(Watched... loops) {
        return SightCounts.sum(
                Arrays.stream(loops).map(each -> each.loop.counts()).toList());
    }

    static Watched usual() {
        return new Watched(new SightSettings(true, 100, -1, false, 10, 100 * MILLI));
    }

    LoopSight loop() {
        return loop;
    }

    Client client() {
        return client("app", "ann");
    }

    Client client(String database, String user) {
        return new Client(new SessionSight(loop, new Account(database, user), 7, () -> now));
    }

    void pass(long millis) {
        now += millis * MILLI;
    }

    /** What onlookers have been shown. */
    List<String> told() {
        return told;
    }

    List<StatementStats> statements() {
        return loop.snapshot().statements().stream()
                .sorted(Comparator.comparing(StatementStats::text))
                .toList();
    }

    StatementStats statement(String text) {
        return statements().stream()
                .filter(each -> each.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new AssertionError(text + " is none of "
                        + statements().stream().map(StatementStats::text).toList()));
    }

    static Planned planned(String sql) {
        Command command = sql.startsWith("BEGIN")
                ? new Command.Begin(null, false)
                : sql.startsWith("COMMIT")
                        ? new Command.Commit(false)
                        : sql.startsWith("SET") ? new Command.Set(sql.split("[ =]", -1)[1], false) : new Command.Read();
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        Plan plan =
                new Plan(command, new Target.Any(), new Across.Sum(), null, Traces.NONE, false, List.of("table \"t\""));
        return Planned.single(new Shaper().shape(bytes), bytes, plan);
    }

    @Override
    public void slow(Flight flight, int client) {
        told.add("slow " + StatementText.of(flight) + " " + flight.nanos() / MILLI);
    }

    @Override
    public void traced(Flight flight, int client) {
        told.add("traced " + flight.trace().trace() + " " + flight.trace().parent());
    }

    @Override
    public void repeated(StatementStats statement) {
        RepetitionStats repetition = statement.repetition();
        told.add("repeated " + statement.text() + " " + (repetition == null ? -1 : repetition.repeats()));
    }

    /** A client that runs statements as the simple protocol does. */
    final class Client {
        private final SessionSight sight;
        private boolean open;

        Client(SessionSight sight) {
            this.sight = sight;
        }

        SessionSight sight() {
            return sight;
        }

        /** Runs a statement that takes that long and returns so many rows. */
        Client runs(String sql, long millis, long rows) {
            sends(sql);
            pass(millis);
            return gets(rows);
        }

        Client sends(String sql) {
            sight.received((byte) 'Q', sql.length() + 6);
            sight.planned(List.of("ann", "public"));
            sight.begun(planned(sql));
            sight.goesTo(ShardId.HOME);
            open = sql.startsWith("BEGIN") || (open && !sql.startsWith("COMMIT"));
            return this;
        }

        Client gets(long rows) {
            sight.sent(100);
            sight.rows(rows);
            sight.ended();
            sight.rests(open);
            return this;
        }

        Client fails() {
            sight.failed();
            sight.rests(open);
            return this;
        }
    }
}
