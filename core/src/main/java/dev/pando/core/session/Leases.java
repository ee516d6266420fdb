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
 * The server connections a session holds, for the transaction that spans them.
 *
 * <p>Outside a transaction a connection is leased for one statement (or one batch up to Sync). Within one, each shard that is touched joins
 * with its own BEGIN when it is first needed, and stays until COMMIT or ROLLBACK. A pinned connection stays until the client leaves.
 */
final class Leases {
    /** Whether the shard becomes a part of the transaction that is open. */
    enum Join {
        /** No: for a look at a statement. */
        NOT,
        /** It has begun when the connection is handed over. */
        BEGUN,
        /** Its BEGIN may be left to what is sent next, see {@link Participant#opening}. */
        WITH_NEXT
    }

    /** For a lease, until it is granted or refused. */
    private final class Wait implements SessionPort.Tenant {
        private final Join join;
        private final Consumer<Participant> then;
        private final Consumer<Failure> refused;
        private SessionPort.@Nullable Lease request;

        Wait(Join join, Consumer<Participant> then, Consumer<Failure> refused) {
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
    /** Connections are this session's until it ends. */
    private final boolean keeping;

    private final Participants held = new Participants();
    /** Shards where something was kept for this session whose connection is gone, and why: their next statement must hear of it. */
    private final Map<ShardId, String> lostKept = new TreeMap<>();

    private final Numbering numbering;
    private final TransactionState transaction;
    private @Nullable Wait waiting;
    private boolean abandoned;

    Leases(SessionPort port, Settings settings, SearchPath searchPath, Reported reported, boolean keeping) {
        this.port = port;
        this.settings = settings;
        this.reported = reported;
        this.numbering = new Numbering(port);
        this.keeping = keeping;
        this.transaction = new TransactionState(settings, searchPath);
    }

    Numbering numbering() {
        return numbering;
    }

    TransactionState transaction() {
        return transaction;
    }

    TransactionState.Mode mode() {
        return transaction.mode();
    }

    /** Whether the transaction can only be rolled back. */
    boolean failed() {
        return transaction.open() && (transaction.failed() || held.firstFailed() != null);
    }

    /** Failed, but a shard's server does not know: a statement must not reach it. */
    boolean failedWithout(ShardId shard) {
        Participant participant = held.on(shard);
        return failed() && !(participant != null && participant.begun && participant.link.status() == 'E');
    }

    /** Status for ReadyForQuery; implicit transactions are still open only after a simple query that came before Sync. */
    byte status() {
        return (byte) (!transaction.open() ? 'I' : failed() ? 'E' : 'T');
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
        if (best == null && transaction.open()) {
            best = held.firstBegun();
        }
        return (best == null ? held.first() : best).link.shard();
    }

    /** Undoes what was noted since the savepoint; the servers have done it. */
    void rollbackTo(String name) {
        transaction.rollbackTo(name);
        joined().forEach(participant -> settings.markApplied(participant.link.settings()));
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
        transaction.ended(committed);
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
        take(shard, Join.BEGUN, participant -> then.accept(participant.link), refused);
    }

    /** As above. */
    void take(ShardId shard, Join join, Consumer<Participant> then, Consumer<Failure> refused) {
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
        boolean joins = join != Join.NOT && (participant == null || !participant.begun);
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
        if (mode() == TransactionState.Mode.EXPLICIT && held.firstBegun() != null && transaction.wantsSnapshot()) {
            return Failure.of(
                    new PandoException(PandoError.ISOLATION_ACROSS_SHARDS, String.valueOf(transaction.isolation())));
        }
        return null;
    }

    private void equip(Participant participant, Join join, Consumer<Participant> then, Consumer<Failure> refused) {
        Map<String, String> onServer = participant.link.settings();
        boolean joins = join != Join.NOT && transaction.open() && !participant.begun;
        // What the transaction itself has set since comes behind its BEGIN, so that it is undone with it.
        Map<String, String> before = joins ? transaction.settingsBefore() : settings.snapshot();
        boolean equal = onServer.isEmpty() ? before.isEmpty() : onServer.equals(before);
        if (!joins && (participant.begun || equal)) {
            then.accept(participant);
            return;
        }
        String begin = joins && equal && join == Join.WITH_NEXT ? transaction.beginAlone() : null;
        if (begin != null) {
            participant.beginsWith(begin);
            settings.markApplied(onServer);
            then.accept(participant);
            return;
        }
        Deque<String> steps = new ArrayDeque<>();
        if (!participant.begun) {
            steps.addAll(Settings.difference(before, onServer));
        }
        if (joins) {
            steps.addAll(transaction.steps());
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
                    then.accept(participant);
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
        if (participant.begun) {
            transaction.doom();
        }
        String why = reason.isEmpty() ? participant.link.lossReason() : reason;
        return Failure.of(new PandoException(PandoError.SHARD_LOST, port.shardName(participant.link.shard()), why));
    }

    /** Between statements outside a transaction, when they have been looked at: gives back what need not be kept. */
    void settle() {
        if (transaction.open()) {
            return;
        }
        int kept = 0;
        while (kept < held.size()) {
            Participant participant = held.at(kept);
            if (!participant.link.lost() && (keeping || participant.pinned() || participant.unfinished())) {
                kept++;
            } else {
                held.removeAt(kept);
                if (participant.pinned()) {
                    lostKept.put(participant.link.shard(), participant.link.lossReason());
                }
                port.release(participant.link, participant.link.reusable() && participant.clean());
            }
        }
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
            // Of a transaction that has ended here and not yet elsewhere it is not noted what its end has taken back.
            boolean reusable = participant.link.reusable() && !participant.begun && (keeping || participant.clean());
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
