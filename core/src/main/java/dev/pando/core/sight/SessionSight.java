package dev.pando.core.sight;

import dev.pando.core.route.Command;
import dev.pando.core.route.Planned;
import dev.pando.core.session.StatementWatch;
import dev.pando.core.topology.ShardId;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one session, from the first byte of a request to its last answer; owned by the session's event loop.
 *
 * <p>A statement's time begins with its request, or with the end of the statement before it when both were sent at once, so that the times of
 * one client's statements never overlap. What happens before it begins to run (planning, and with the extended protocol the wait for a
 * connection) is noted and goes to it when it does.
 */
public final class SessionSight implements StatementWatch {
    private static final String PARAMETER = "pando.traceparent";

    /** Whether, and for how long, the session has said which trace its statements belong to. */
    private enum Following {
        NOTHING,
        /** Until the transaction ends. */
        LOCALLY,
        ALWAYS
    }

    private final LoopSight loop;
    private final Account account;
    private final Tally tally;
    private final int client;
    private final LongSupplier clock;
    private @Nullable Flight eldest;
    private @Nullable Flight youngest;
    private @Nullable Repeats repeats;
    private SightSettings settings;
    private int age;
    private final TraceParent session = new TraceParent();
    private Following following = Following.NOTHING;
    private List<String> searchPath = List.of();

    /** When the request under way began to arrive; 0 for none. */
    private long since;

    private long waited;
    private long planned;
    private long received;
    private long sent;
    private long lastEnd;
    private boolean rested = true;
    private boolean open;
    /** When the client ceased to read; 0 while it does. */
    private long stalledSince;

    /** {@code client}: its number, for those who are shown its statements. {@code clock}: nanoseconds. */
    public SessionSight(LoopSight loop, Account account, int client, LongSupplier clock) {
        this.loop = loop;
        this.account = account;
        this.client = client;
        this.clock = clock;
        this.tally = loop.came(account);
        this.settings = loop.settings();
        this.age = loop.age();
    }

    /** Whether anything is to be told at all. */
    public boolean on() {
        return loop.settings().on();
    }

    @Override
    public void received(byte type, int bytes) {
        Flight running = youngest;
        if (type == 'd' && running != null) {
            running.received += bytes;
            return;
        }
        received += bytes;
        if (since == 0 && (type == 'Q' || type == 'P' || type == 'B' || type == 'E' || type == 'F')) {
            since = clock.getAsLong();
        }
    }

    /** Bytes go to the client. */
    public void sent(int bytes) {
        sent += bytes;
    }

    /** The statement's plan is there, made for names that are looked up in these schemas. */
    public void planned(List<String> path) {
        searchPath = path;
        if (eldest == null && since != 0) {
            planned = Math.max(0, clock.getAsLong() - since - waited);
        }
    }

    /** Had to wait that long for a server connection. */
    public void waited(long nanos) {
        Flight running = youngest;
        if (running != null) {
            running.add(Part.QUEUE, nanos);
        } else if (since != 0 || !rested) {
            // Else it is no statement that waits, but a login.
            waited += nanos;
        }
    }

    /** The client has ceased to read, or goes on. */
    public void reads(boolean on) {
        if (!on) {
            stalledSince = stalledSince == 0 ? clock.getAsLong() : stalledSince;
        } else if (stalledSince != 0) {
            stalled(clock.getAsLong());
            stalledSince = 0;
        }
    }

    private void stalled(long now) {
        Flight running = eldest;
        if (stalledSince != 0 && running != null) {
            running.add(Part.CLIENT, Math.max(0, now - Math.max(stalledSince, running.began)));
        }
    }

    @Override
    public void begun(Planned what) {
        Flight flight = begin(what);
        if (settings.traces()) {
            follow(what);
            if (!flight.trace().find(what.sql()) && following != Following.NOTHING) {
                flight.trace().copy(session);
            }
        }
    }

    /** {@code SET pando.traceparent}: the trace that statements without one of their own belong to from then on. */
    private void follow(Planned what) {
        switch (what.plan().command()) {
            case Command.Set(String name, boolean local)
            when name.equals(PARAMETER) -> {
                String value = what.shaped().slots() == 0
                        ? null
                        : what.shaped().value(what.shaped().first(0));
                following = !session.read(value) ? Following.NOTHING : local ? Following.LOCALLY : Following.ALWAYS;
            }
            case Command.Reset(String name) when name.equals(PARAMETER) -> following = Following.NOTHING;
            case Command.ResetAll _, Command.Discard _ -> following = Following.NOTHING;
            case Command.Setting _,
                    Command.Own _,
                    Command.Writing _,
                    Command.OfCursor _,
                    Command.Read _,
                    Command.CopyOut _ -> {
                // They say nothing of it.
            }
        }
    }

    @Override
    public void begunUnread() {
        begin(null);
    }

    private Flight begin(@Nullable Planned what) {
        if (age != loop.age()) {
            // What ran while nobody watched is not known, nor what was noted of it.
            drop();
            forgetNoted();
            received = 0;
            sent = 0;
            rested = true;
            age = loop.age();
            settings = loop.settings();
            repeats = null;
        }
        Flight flight = loop.take();
        flight.begin(account, what, since != 0 ? since : rested ? clock.getAsLong() : lastEnd);
        flight.add(Part.PLAN, planned);
        flight.add(Part.QUEUE, waited);
        flight.received = received;
        flight.searchPath = searchPath;
        forgetNoted();
        received = 0;
        rested = false;
        Flight before = youngest;
        if (before == null) {
            eldest = flight;
        } else {
            flight.crowd();
            before.next = flight;
        }
        youngest = flight;
        return flight;
    }

    @Override
    public void standsFor(Planned what) {
        Flight running = youngest;
        if (running != null) {
            running.planned = what;
        }
    }

    @Override
    public void goesTo(ShardId shard) {
        Flight running = youngest;
        if (running != null) {
            running.touch(shard.index());
        }
    }

    @Override
    public void answered(ShardId shard) {
        Flight running = eldest;
        if (running != null) {
            long now = clock.getAsLong();
            running.answeredAt = now;
            long stalling = stalledSince == 0 ? 0 : now - Math.max(stalledSince, running.began);
            running.stalledBefore = running.part(Part.CLIENT) + stalling;
            if (running.shardCount() > 1) {
                long before = running.part(Part.QUEUE) + running.part(Part.PLAN) + running.stalledBefore;
                tally.answered(shard.index(), Math.max(0, now - running.began - before));
            }
        }
    }

    @Override
    public void rows(long rows) {
        Flight running = eldest;
        if (running != null) {
            running.rows = rows;
        }
    }

    @Override
    public void ended() {
        Flight running = eldest;
        if (running != null) {
            end(running, false);
        }
    }

    @Override
    public void failed() {
        Flight running = eldest;
        if (running == null) {
            tally.failed();
            return;
        }
        boolean read = running.planned() != null;
        end(running, true);
        if (read) {
            drop();
        }
    }

    private void end(Flight flight, boolean unsuccessful) {
        long now = clock.getAsLong();
        if (stalledSince != 0) {
            stalled(now);
            stalledSince = now;
        }
        flight.sent = sent;
        sent = 0;
        flight.end(now, unsuccessful);
        StatementEntry entry = loop.ended(flight, tally, client);
        if (entry != null && settings.repeats() > 0 && flight.planned() != null) {
            watchRepeats(entry, flight);
        }
        lastEnd = now;
        eldest = flight.next;
        if (eldest == null) {
            youngest = null;
        } else {
            eldest.startsAt(now);
        }
        loop.give(flight);
    }

    private void watchRepeats(StatementEntry entry, Flight flight) {
        Repeats watching = repeats;
        if (watching == null) {
            if (entry.kind() == StatementEntry.Kind.OTHER) {
                return;
            }
            watching = new Repeats(settings);
            repeats = watching;
        }
        long pause = lastEnd == 0 ? 0 : Math.max(0, flight.began - lastEnd);
        if (watching.ended(entry, flight, pause, open)) {
            loop.repeated(entry);
        }
        if (flight.planned() != null && flight.planned().plan().command() instanceof Command.End) {
            watching.forget();
        }
    }

    @Override
    public void rests(boolean inTransaction) {
        drop();
        forgetNoted();
        rested = true;
        if (open && !inTransaction && repeats != null) {
            repeats.forget();
        }
        if (!inTransaction && following == Following.LOCALLY) {
            following = Following.NOTHING;
        }
        open = inTransaction;
    }

    /** Times noted of the request under way. */
    private void forgetNoted() {
        since = 0;
        planned = 0;
        waited = 0;
    }

    private void drop() {
        Flight flight = eldest;
        while (flight != null) {
            Flight behind = flight.next;
            loop.give(flight);
            flight = behind;
        }
        eldest = null;
        youngest = null;
    }

    /** The client is gone. */
    public void closed() {
        drop();
        loop.left(tally);
    }
}
