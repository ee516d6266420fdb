package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
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

    /** A shard's connection within this session. */
    static final class Participant {
        final ServerLink link;
        boolean begun;
        boolean wrote;
        boolean pinned;
        /** What it holds of this session must not reach another one. */
        boolean tainted;

        private Map<String, String> settingsBefore = Map.of();

        Participant(ServerLink link) {
            this.link = link;
        }
    }

    private final SessionPort port;
    private final Settings settings;
    private final TreeMap<ShardId, Participant> held = new TreeMap<>();
    private final List<String> prelude = new ArrayList<>();
    private final List<String> savepoints = new ArrayList<>();
    private Mode mode = Mode.NONE;
    private String beginSql = "BEGIN";
    private @Nullable String isolation;
    private boolean failed;
    private Map<String, String> settingsBefore = Map.of();
    private SessionPort.@Nullable Lease request;
    private boolean abandoned;

    Leases(SessionPort port, Settings settings) {
        this.port = port;
        this.settings = settings;
    }

    Mode mode() {
        return mode;
    }

    /** Whether the transaction can only be rolled back. */
    boolean failed() {
        return mode != Mode.NONE && (failed || held.values().stream().anyMatch(p -> p.begun && p.link.status() == 'E'));
    }

    /** Failed in a way the server cannot know of: the next statement must not reach it. */
    boolean failedHere() {
        return failed() && held.values().stream().noneMatch(p -> p.begun && p.link.status() == 'E');
    }

    void fail() {
        failed = true;
    }

    /** The failure was undone by ROLLBACK TO SAVEPOINT. */
    void recovered() {
        failed = false;
    }

    /** Status for ReadyForQuery. */
    byte status() {
        if (mode != Mode.EXPLICIT) {
            return 'I';
        }
        return (byte) (failed() ? 'E' : 'T');
    }

    Collection<Participant> participants() {
        return held.values();
    }

    /** The shards in the open transaction. */
    List<Participant> joined() {
        return held.values().stream().filter(p -> p.begun).toList();
    }

    @Nullable
    Participant on(ShardId shard) {
        return held.get(shard);
    }

    /** The shard to prefer when any would do: one that is held already. */
    @Nullable
    ShardId preferred() {
        for (Map.Entry<ShardId, Participant> entry : held.entrySet()) {
            if (entry.getValue().begun || mode == Mode.NONE) {
                return entry.getKey();
            }
        }
        return held.isEmpty() ? null : held.firstKey();
    }

    void begin(Mode newMode, String sql, @Nullable String newIsolation) {
        if (mode == Mode.NONE) {
            settingsBefore = settings.snapshot();
        }
        mode = newMode;
        beginSql = sql;
        isolation = newIsolation;
    }

    /** BEGIN inside an implicit transaction makes it an explicit one. */
    void promote() {
        mode = Mode.EXPLICIT;
    }

    /** A statement every shard that joins later has to run after its BEGIN (SET LOCAL, SAVEPOINT before the first shard). */
    void addPrelude(String sql) {
        prelude.add(sql);
    }

    void isolation(String newIsolation) {
        isolation = newIsolation;
    }

    List<String> savepoints() {
        return savepoints;
    }

    /** The transaction is over on every shard. */
    void ended(boolean committed) {
        for (Participant participant : held.values()) {
            if (!committed && participant.begun) {
                participant.link.settings().clear();
                participant.link.settings().putAll(participant.settingsBefore);
            }
            participant.begun = false;
            participant.wrote = false;
        }
        if (!committed) {
            settings.restore(settingsBefore);
        }
        mode = Mode.NONE;
        failed = false;
        isolation = null;
        prelude.clear();
        savepoints.clear();
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
        Participant participant = held.get(shard);
        if (participant != null && participant.link.lost()) {
            refused.accept(lose(participant, "it closed the connection"));
        } else if (participant != null) {
            equip(participant, then, refused);
        } else {
            Failure impossible = joinRefused(shard);
            if (impossible != null) {
                refused.accept(impossible);
            } else {
                acquire(shard, then, refused);
            }
        }
    }

    private void acquire(ShardId shard, Consumer<ServerLink> then, Consumer<Failure> refused) {
        request = port.lease(
                shard,
                link -> {
                    request = null;
                    if (abandoned) {
                        port.release(link, link.reusable());
                        return;
                    }
                    Participant participant = new Participant(link);
                    held.put(shard, participant);
                    equip(participant, then, refused);
                },
                reason -> {
                    request = null;
                    refused.accept(Failure.of(reason));
                });
    }

    private @Nullable Failure joinRefused(ShardId shard) {
        List<Participant> joined = joined();
        if (mode != Mode.EXPLICIT || joined.isEmpty()) {
            return null;
        }
        if (isolation != null && !isolation.equals("read committed") && !isolation.equals("read uncommitted")) {
            return Failure.of(new PandoException(PandoError.ISOLATION_ACROSS_SHARDS, isolation));
        }
        if (!savepoints.isEmpty()) {
            return Failure.of(new PandoException(
                    PandoError.TRANSACTION_ACROSS_SHARDS,
                    port.shardName(joined.getFirst().link.shard()),
                    port.shardName(shard),
                    "it holds savepoint \"" + savepoints.getLast() + "\", which would cover one shard only"));
        }
        return null;
    }

    private void equip(Participant participant, Consumer<ServerLink> then, Consumer<Failure> refused) {
        Deque<String> steps = new ArrayDeque<>();
        if (!participant.begun) {
            steps.addAll(settings.difference(participant.link.settings()));
        }
        boolean joins = mode != Mode.NONE && !participant.begun;
        if (joins) {
            steps.add(beginSql);
            steps.addAll(prelude);
        }
        runSteps(
                participant,
                steps,
                () -> {
                    if (!participant.begun) {
                        settings.markApplied(participant.link.settings());
                    }
                    if (joins) {
                        participant.begun = true;
                        participant.settingsBefore = Map.copyOf(participant.link.settings());
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
        Injected.run(port, participant.link, sql, result -> {
            if (abandoned) {
                return;
            }
            ErrorFields error = result.error();
            if (result.lost()) {
                refused.accept(lose(participant, error == null ? "" : error.message()));
            } else if (error != null) {
                // Half-equipped: not fit for anybody else.
                held.remove(participant.link.shard());
                port.release(participant.link, false);
                refused.accept(new Failure(error));
            } else {
                runSteps(participant, steps, then, refused);
            }
        });
    }

    /** A link is gone: the transaction, if any, cannot succeed any more. */
    Failure lose(Participant participant, String reason) {
        held.remove(participant.link.shard());
        port.release(participant.link, false);
        failed = failed || participant.begun;
        return Failure.of(new PandoException(PandoError.SHARD_LOST, port.shardName(participant.link.shard()), reason));
    }

    /** Between statements outside a transaction: gives back what need not be kept. */
    void settle() {
        if (mode != Mode.NONE) {
            return;
        }
        held.values().removeIf(participant -> {
            boolean keep = participant.pinned && !participant.link.lost();
            if (!keep) {
                port.release(participant.link, participant.link.reusable() && !participant.tainted);
            }
            return !keep;
        });
    }

    void pin(ShardId shard) {
        Participant participant = held.get(shard);
        if (participant != null) {
            participant.pinned = true;
            participant.tainted = true;
        }
    }

    /** DISCARD ALL: nothing of this session is left on its connections. */
    void unpin() {
        held.values().forEach(participant -> participant.pinned = false);
    }

    /** The client is gone: connections in the middle of something are not fit for anybody else. */
    void abandon() {
        abandoned = true;
        if (request != null) {
            request.cancel();
            request = null;
        }
        held.values().forEach(p -> port.release(p.link, p.link.reusable() && !p.tainted));
        held.clear();
    }
}
