package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.Injected;
import dev.pando.core.link.Numbering;
import dev.pando.core.link.Reported;
import dev.pando.core.link.ServerLink;
import dev.pando.core.topology.ShardId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server connections a session holds and the transaction that spans them.
 *
 * <p>Outside a transaction a connection is leased for one statement (or one batch up to Sync). Within one, each shard that is touched joins
 * with its own BEGIN when it is first needed, and stays until COMMIT or ROLLBACK. A pinned connection stays until the client leaves.
 */
final class Leases {
    /** NONE: each statement for itself. IMPLICIT: until the end of the query string or Sync. EXPLICIT: the client said BEGIN. */
    enum Mode {
        NONE,
        IMPLICIT,
        EXPLICIT
    }

    /** For a lease, until it is granted or refused. */
    private final class Wait implements SessionPort.Tenant {
        private final boolean join;
        private final Consumer<ServerLink> then;
        private final Consumer<Failure> refused;
        private SessionPort.@Nullable Lease request;

        Wait(boolean join, Consumer<ServerLink> then, Consumer<Failure> refused) {
            this.join = join;
            this.then = then;
            this.refused = refused;
        }

        @Override
        public void granted(ServerLink link) {
            waiting = null;
            if (abandoned) {
                port.release(link, link.reusable());
                return;
            }
            Participant participant = new Participant(link);
            held.add(participant);
            link.reportsTo(reported);
            link.numbering(numbering);
            equip(participant, join, then, refused);
        }

        @Override
        public void refused(PandoException reason) {
            waiting = null;
            refused.accept(Failure.of(reason));
        }
    }

    private final SessionPort port;
    private final Settings settings;
    private final Reported reported;
    private final SearchPath searchPath;
    /** Connections are this session's until it ends. */
    private final boolean keeping;

    private final Participants held = new Participants();
    /** Shards where something was kept for this session whose connection is gone, and why: their next statement must hear of it. */
    private final Map<ShardId, String> lostKept = new TreeMap<>();

    private final Numbering numbering;
    private final Prelude prelude = new Prelude();
    private Mode mode = Mode.NONE;
    private String beginSql = "BEGIN";
    private @Nullable String isolation;
    private boolean failed;
    /** A shard that took part is gone, and with it what it did: not even ROLLBACK TO SAVEPOINT helps. */
    private boolean doomed;

    private Map<String, String> settingsBefore = Map.of();
    private SearchPath.State searchPathBefore;
    private @Nullable Wait waiting;
    private boolean abandoned;

    Leases(SessionPort port, Settings settings, SearchPath searchPath, Reported reported, boolean keeping) {
        this.port = port;
        this.settings = settings;
        this.reported = reported;
        this.numbering = new Numbering(port);
        this.keeping = keeping;
        this.searchPath = searchPath;
        this.searchPathBefore = searchPath.state();
    }

    Numbering numbering() {
        return numbering;
    }

    Mode mode() {
        return mode;
    }

    /** Whether the transaction can only be rolled back. */
    boolean failed() {
        return mode != Mode.NONE && (failed || doomed || held.firstFailed() != null);
    }

    /** Failed, but a shard's server does not know: a statement must not reach it. */
    boolean failedWithout(ShardId shard) {
        Participant participant = held.on(shard);
        return failed() && !(participant != null && participant.begun && participant.link.status() == 'E');
    }

    /** Nothing but its end can follow. */
    boolean doomed() {
        return doomed;
    }

    void fail() {
        failed = true;
    }

    /** Status for ReadyForQuery; implicit transactions are still open only after a simple query that came before Sync. */
    byte status() {
        return (byte) (mode == Mode.NONE ? 'I' : failed() ? 'E' : 'T');
    }

    Participants participants() {
        return held;
    }

    /** The shards in the open transaction. */
    List<Participant> joined() {
        return held.stream().filter(p -> p.begun).toList();
    }

    @Nullable
    Participant on(ShardId shard) {
        return held.on(shard);
    }

    /** The shard to prefer when any would do: one that is held already; of a failed transaction the one that knows. */
    @Nullable
    ShardId preferred() {
        if (held.isEmpty()) {
            return null;
        }
        Participant best = held.firstFailed();
        if (best == null && mode != Mode.NONE) {
            best = held.firstBegun();
        }
        return (best == null ? held.first() : best).link.shard();
    }

    void begin(Mode newMode, String sql, @Nullable String newIsolation) {
        if (mode == Mode.NONE) {
            settingsBefore = settings.snapshot();
            searchPathBefore = searchPath.state();
        }
        mode = newMode;
        beginSql = sql;
        isolation = newIsolation == null ? settings.isolation() : newIsolation;
    }

    /** BEGIN inside a transaction: an implicit one becomes explicit, and what it says of the transaction holds on all shards. */
    void beginAgain(String sql, @Nullable String newIsolation) {
        if (mode == Mode.IMPLICIT) {
            beginSql = sql;
        } else {
            prelude.add(sql);
            prelude.characteristic(sql);
        }
        mode = Mode.EXPLICIT;
        isolation = newIsolation == null ? isolation : newIsolation;
    }

    /** What a transaction is like, for the one that COMMIT AND CHAIN or ROLLBACK AND CHAIN begins. */
    record Chain(
            String beginSql,
            List<String> characteristics,
            @Nullable String isolation) {}

    Chain chained() {
        return new Chain(beginSql, List.copyOf(prelude.characteristics()), isolation);
    }

    void begin(Chain chain) {
        begin(Mode.EXPLICIT, chain.beginSql(), chain.isolation());
        for (String sql : chain.characteristics()) {
            prelude.add(sql);
            prelude.characteristic(sql);
        }
    }

    /** The transaction has been given a level or mode; its servers know, {@link #addPrelude} tells those that join. */
    void characteristic(String sql) {
        prelude.characteristic(sql);
    }

    /** Whether the level asks for one view of everything, which several shards do not have. */
    static boolean wantsSnapshot(@Nullable String isolation) {
        return isolation != null && !isolation.equals("read committed") && !isolation.equals("read uncommitted");
    }

    /** A statement every shard that joins later has to run after its BEGIN (SET LOCAL, SAVEPOINT before the first shard). */
    void addPrelude(String sql) {
        prelude.add(sql);
    }

    void isolation(String newIsolation) {
        isolation = newIsolation;
    }

    /** Whether a failed statement's servers may be cancelled: a cancel comes late, and must not hit what ROLLBACK TO lets follow. */
    boolean mayCancel() {
        return !prelude.hasSavepoints();
    }

    boolean hasSavepoint(String name) {
        return prelude.has(name);
    }

    /** Every shard of the transaction has it now. */
    void setSavepoint(String name, String sql) {
        prelude.savepoint(name, sql, settings, searchPath.state());
    }

    /** Grows with each savepoint. */
    long savepointSerial() {
        return prelude.serial();
    }

    /** That of a savepoint that stands. */
    long savepointSerial(String name) {
        return prelude.serial(name);
    }

    void releaseSavepoint(String name) {
        prelude.release(name);
    }

    /** Undoes what was noted since the savepoint; the servers have done it. */
    void rollbackTo(String name) {
        Prelude.Savepoint savepoint = prelude.back(name);
        settings.restore(savepoint.settings());
        settings.restoreLocal(savepoint.local());
        searchPath.restore(savepoint.searchPath());
        joined().forEach(participant -> settings.markApplied(participant.link.settings()));
        failed = false;
    }

    /** The shards do not agree on what happened: nothing but the end of the transaction can follow. */
    void doom() {
        doomed = true;
    }

    /** The transaction is over on every shard. */
    void ended(boolean committed) {
        for (Participant participant : held) {
            if (!committed && participant.begun) {
                participant.link.settings().clear();
                participant.link.settings().putAll(participant.settingsBefore);
            }
            participant.begun = false;
            participant.wrote = false;
        }
        if (!committed && mode != Mode.NONE) {
            settings.restore(settingsBefore);
            searchPath.restore(searchPathBefore);
        }
        mode = Mode.NONE;
        failed = false;
        doomed = false;
        isolation = null;
        prelude.clear();
    }

    /** Leases what is not held yet, in shard order (so that two sessions cannot wait for each other), and hands over all links. */
    void withAll(Collection<ShardId> shards, Consumer<List<ServerLink>> then, Consumer<Failure> refused) {
        Deque<ShardId> missing = new ArrayDeque<>(shards.stream().sorted().toList());
        List<ServerLink> links = new ArrayList<>();
        next(missing, links, then, refused);
    }

    private void next(
            Deque<ShardId> missing,
            List<ServerLink> links,
            Consumer<List<ServerLink>> then,
            Consumer<Failure> refused) {
        ShardId shard = missing.pollFirst();
        if (shard == null) {
            then.accept(links);
            return;
        }
        with(
                shard,
                link -> {
                    links.add(link);
                    next(missing, links, then, refused);
                },
                refused);
    }

    /** Hands over the link to a shard, leased, with this session's settings and within its transaction. */
    void with(ShardId shard, Consumer<ServerLink> then, Consumer<Failure> refused) {
        with(shard, true, then, refused);
    }

    /**
     * As above.
     *
     * @param join false: for a look at a statement, which does not make the shard a part of the transaction
     */
    void with(ShardId shard, boolean join, Consumer<ServerLink> then, Consumer<Failure> refused) {
        Participant participant = held.on(shard);
        if (abandoned) {
            return;
        }
        port.watch().goesTo(shard);
        String gone = lostKept.isEmpty() ? null : lostKept.remove(shard);
        if (gone != null) {
            refused.accept(Failure.of(new PandoException(PandoError.SHARD_LOST, port.shardName(shard), gone)));
            return;
        }
        if (participant != null && participant.link.lost()) {
            refused.accept(lose(participant, "it closed the connection"));
            return;
        }
        boolean joins = join && (participant == null || !participant.begun);
        Failure impossible = joins ? joinRefused() : null;
        if (impossible != null) {
            refused.accept(impossible);
        } else if (participant != null) {
            equip(participant, join, then, refused);
        } else {
            Wait wait = new Wait(join, then, refused);
            waiting = wait;
            wait.request = port.lease(shard, wait);
        }
    }

    /** Ends the wait for a lease, if there is one, with this failure. */
    void cancelWait(Failure failure) {
        Wait wait = waiting;
        if (wait != null && wait.request != null) {
            waiting = null;
            wait.request.cancel();
            wait.refused.accept(failure);
        }
    }

    private @Nullable Failure joinRefused() {
        if (mode != Mode.EXPLICIT || held.firstBegun() == null) {
            return null;
        }
        if (wantsSnapshot(isolation)) {
            return Failure.of(new PandoException(PandoError.ISOLATION_ACROSS_SHARDS, String.valueOf(isolation)));
        }
        return null;
    }

    private void equip(Participant participant, boolean join, Consumer<ServerLink> then, Consumer<Failure> refused) {
        Map<String, String> onServer = participant.link.settings();
        boolean joins = join && mode != Mode.NONE && !participant.begun;
        // What the transaction itself has set since comes behind its BEGIN, so that it is undone with it.
        Map<String, String> before = joins ? settingsBefore : settings.snapshot();
        if (!joins && (participant.begun || onServer.equals(before))) {
            then.accept(participant.link);
            return;
        }
        Deque<String> steps = new ArrayDeque<>();
        if (!participant.begun) {
            steps.addAll(Settings.difference(before, onServer));
        }
        if (joins) {
            steps.add(beginSql);
            steps.addAll(prelude.steps());
        }
        runSteps(
                participant,
                steps,
                () -> {
                    if (!participant.begun) {
                        onServer.clear();
                        onServer.putAll(before);
                    }
                    if (joins) {
                        participant.begins();
                        settings.markApplied(onServer);
                    }
                    then.accept(participant.link);
                },
                refused);
    }

    private void runSteps(Participant participant, Deque<String> steps, Runnable then, Consumer<Failure> refused) {
        String sql = steps.pollFirst();
        if (sql == null) {
            then.run();
            return;
        }
        Injected.run(participant.link, sql, result -> {
            if (abandoned) {
                return;
            }
            ErrorFields error = result.error();
            if (result.lost()) {
                refused.accept(lose(participant, error == null ? "" : error.message()));
            } else if (error != null) {
                // Half-equipped: not fit for anybody else.
                held.remove(participant);
                port.release(participant.link, false);
                refused.accept(new Failure(error));
            } else {
                runSteps(participant, steps, then, refused);
            }
        });
    }

    /** A link is gone: the transaction, if any, cannot succeed any more. */
    Failure lose(Participant participant, String reason) {
        held.remove(participant);
        port.release(participant.link, false);
        doomed = doomed || participant.begun;
        return Failure.of(new PandoException(PandoError.SHARD_LOST, port.shardName(participant.link.shard()), reason));
    }

    /** Between statements outside a transaction, when they have been looked at: gives back what need not be kept. */
    void settle() {
        if (mode != Mode.NONE) {
            return;
        }
        held.removeIf(participant -> {
            boolean keep = !participant.link.lost() && (keeping || participant.pinned() || participant.unfinished());
            if (!keep) {
                if (participant.pinned()) {
                    lostKept.put(participant.link.shard(), participant.link.lossReason());
                }
                port.release(participant.link, participant.link.reusable() && participant.clean());
            }
            return !keep;
        });
    }

    /** Why connections are kept for this session between transactions, null when none is. */
    @Nullable
    String pinned() {
        String reason = null;
        for (Participant participant : held) {
            if (participant.pinned()) {
                reason = (reason == null ? "" : reason + ", ") + Look.reason(participant.kept, participant.unseen);
            }
        }
        return reason;
    }

    /** DISCARD ALL: nothing of this session that can be taken away is left on its connections. */
    void unpin() {
        lostKept.clear();
        held.forEach(participant -> {
            participant.kept.clear();
            participant.suspected.clear();
            participant.link.settingsKnown();
        });
    }

    /** The client is gone: connections in the middle of something are not fit for anybody else. */
    void abandon() {
        abandoned = true;
        if (waiting != null && waiting.request != null) {
            waiting.request.cancel();
        }
        waiting = null;
        List<Participant> all = List.copyOf(held);
        held.clear();
        for (Participant participant : all) {
            boolean reusable = participant.link.reusable() && (keeping || participant.clean());
            if (!reusable) {
                participant.link.discard();
                port.release(participant.link, false);
            } else if (keeping) {
                Cleaning.run(port, participant.link, List.of());
            } else {
                port.release(participant.link, true);
            }
        }
    }
}
