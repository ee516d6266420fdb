package dev.pando.core.session;

import dev.pando.base.sql.Quote;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.Injected;
import dev.pando.core.link.Replies;
import dev.pando.core.link.ReplyHandler;
import dev.pando.core.link.Requests;
import dev.pando.core.link.ServerLink;
import dev.pando.core.route.Traces;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Trace;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The session's prepared statements as its server shall know them: under the session's own names.
 *
 * <p>Otherwise servers have what clients prepare under names that all share, which no client sees. Two things see them: who reads
 * pg_prepared_statements, and code that runs EXECUTE as SQL made from text. Before such a statement the session's statements are prepared
 * by their own names on the connection it runs on, and what the view is not to show is closed; at the end of the transaction they are closed
 * again, so that nothing keeps the connection. Code may run DEALLOCATE too: what is gone then is gone for the session. A statement that the
 * server refuses by now is left out; within a transaction a savepoint sees to it that this harms nothing.
 */
final class ServerStatements {
    /** How many names one question of them has. */
    private static final int ASKED_AT_ONCE = 1_000;

    private static final String SAVEPOINT = "pando_statement";

    private final Session session;
    private final SessionPort port;
    private final Leases leases;

    ServerStatements(Session session, SessionPort port, Leases leases) {
        this.session = session;
        this.port = port;
        this.leases = leases;
    }

    private boolean wanted(Traces traces, Participant participant) {
        if (participant.link.status() == 'E') {
            return false;
        }
        return traces.showsStatements()
                || !participant.statements.isEmpty()
                || session.extended().prepared().ofSql();
    }

    /** Leases a connection to the shard, on which the session's statements are if a statement with these traces has to find them there. */
    void on(ShardId shard, Traces traces, Consumer<Participant> then, Consumer<Failure> failed) {
        on(shard, traces, Leases.Join.BEGUN, then, failed);
    }

    /** As above, for who sends the statement right then and BEGIN before it. */
    void beginningOn(ShardId shard, Traces traces, Consumer<Participant> then, Consumer<Failure> failed) {
        on(shard, traces, Leases.Join.WITH_NEXT, then, failed);
    }

    private void on(
            ShardId shard, Traces traces, Leases.Join join, Consumer<Participant> then, Consumer<Failure> failed) {
        if (!traces.showsStatements() && !traces.mayExecute()) {
            leases.take(shard, join, then, failed);
            return;
        }
        leases.take(
                shard,
                Leases.Join.BEGUN,
                participant -> {
                    if (wanted(traces, participant)) {
                        bring(traces, participant, () -> then.accept(participant), failed);
                    } else {
                        then.accept(participant);
                    }
                },
                failed);
    }

    private void bring(Traces traces, Participant participant, Runnable then, Consumer<Failure> failed) {
        Map<String, ClientStatement> wanted = session.extended().prepared().named();
        Map<String, ClientStatement> there = participant.brings();
        Set<String> surplus = new HashSet<>(there.keySet());
        surplus.removeIf(name -> there.get(name) == wanted.get(name));
        there.keySet().removeAll(surplus);
        Deque<ClientStatement> missing = new ArrayDeque<>(wanted.values());
        missing.removeIf(statement -> there.get(statement.name()) == statement);
        if (traces.showsStatements()) {
            List<String> shared = List.copyOf(participant.link.preparedNames());
            shared.forEach(participant.link::forget);
            surplus.addAll(shared);
        }
        close(participant, surplus, () -> next(participant, missing, then, failed), failure -> {
            // Nobody knows what it still has.
            participant.tainted = true;
            failed.accept(failure);
        });
    }

    private void next(
            Participant participant, Deque<ClientStatement> missing, Runnable then, Consumer<Failure> failed) {
        ClientStatement statement = missing.pollFirst();
        if (statement == null) {
            then.run();
            return;
        }
        boolean inside = participant.link.status() == 'T';
        Runnable more = () -> next(participant, missing, then, failed);
        Answer prepared = error -> {
            if (error == null) {
                participant.statements.put(statement.name(), statement);
            }
            String undo = inside && error != null ? "ROLLBACK TO " + SAVEPOINT : null;
            String end = inside ? "RELEASE " + SAVEPOINT : null;
            demand(participant, undo, () -> demand(participant, end, more, failed), failed);
        };
        demand(
                participant,
                inside ? "SAVEPOINT " + SAVEPOINT : null,
                () -> prepare(participant, statement, prepared, failed),
                failed);
    }

    /** Runs what has to succeed; {@code sql} null for nothing. */
    private void demand(Participant participant, @Nullable String sql, Runnable then, Consumer<Failure> failed) {
        if (sql == null) {
            then.run();
        } else {
            run(participant, sql, orFailed(then, failed), failed);
        }
    }

    private static Answer orFailed(Runnable then, Consumer<Failure> failed) {
        return error -> {
            if (error == null) {
                then.run();
            } else {
                failed.accept(new Failure(error));
            }
        };
    }

    /** Takes how a request went. */
    private interface Answer {
        /** {@code error} null when it succeeded. */
        void came(@Nullable ErrorFields error);
    }

    private void run(Participant participant, String sql, Answer answer, Consumer<Failure> failed) {
        Injected.run(participant.link, sql, result -> {
            if (result.lost()) {
                failed.accept(leases.lose(participant, participant.link.lossReason()));
            } else {
                answer.came(result.error());
            }
        });
    }

    private void prepare(Participant participant, ClientStatement statement, Answer answer, Consumer<Failure> failed) {
        byte[] command = statement.command();
        if (command != null) {
            run(participant, new String(command, StandardCharsets.UTF_8), answer, failed);
            return;
        }
        ByteBuf out = port.allocator().buffer(64 + statement.sql().length);
        int[] types = leases.numbering().toShard(participant.link.shard(), statement.parameterTypes());
        Requests.parse(out, statement.name(), statement.sql(), types);
        exchange(participant, out, answer, failed);
    }

    private void close(Participant participant, Set<String> names, Runnable then, Consumer<Failure> failed) {
        if (names.isEmpty()) {
            then.run();
            return;
        }
        ByteBuf out = port.allocator().buffer(64);
        names.forEach(name -> Requests.close(out, 'S', name));
        exchange(participant, out, orFailed(then, failed), failed);
    }

    private void exchange(Participant participant, ByteBuf out, Answer answer, Consumer<Failure> failed) {
        Requests.bare(out, 'S');
        participant.link.exchange(out, new ReplyHandler() {
            private @Nullable ErrorFields error;

            @Override
            public void message(ServerLink link, byte type, ByteBuf frame) {
                error = type == 'E' ? Replies.errorOf(frame) : error;
            }

            @Override
            public void ready(ServerLink link) {
                answer.came(error);
            }

            @Override
            public void lost(ServerLink link, String reason) {
                failed.accept(leases.lose(participant, reason));
            }
        });
    }

    /** Within a transaction: whether code may have deallocated the session's statement of that name, or prepared another by it. */
    boolean doubtful(String name) {
        for (Participant participant : leases.participants()) {
            if (doubtful(participant) && participant.statements.containsKey(name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean doubtful(Participant participant) {
        return participant.suspected.contains(Trace.PREPARED) && !participant.link.lost();
    }

    /** What code has done to them is known of the session's own when {@code then} runs. Nothing must be in flight. */
    void reckon(Runnable then, Consumer<Failure> failed) {
        Deque<Participant> doubted = new ArrayDeque<>();
        for (Participant participant : leases.participants()) {
            if (doubtful(participant)) {
                doubted.add(participant);
            }
        }
        reckon(doubted, then, failed);
    }

    private void reckon(Deque<Participant> doubted, Runnable then, Consumer<Failure> failed) {
        Participant participant = doubted.pollFirst();
        if (participant == null) {
            then.run();
        } else {
            kept(
                    participant,
                    new ArrayDeque<>(participant.statements.keySet()),
                    () -> reckon(doubted, then, failed),
                    failed);
        }
    }

    /** Between transactions: they are not there any more when {@code then} runs. */
    void after(Runnable then) {
        Participants all = leases.participants();
        for (int i = 0; i < all.size(); i++) {
            Participant participant = all.at(i);
            if (!participant.statements.isEmpty() && !participant.link.lost()) {
                closed(participant, () -> after(then));
                return;
            }
        }
        then.run();
    }

    private void closed(Participant participant, Runnable then) {
        Consumer<Failure> failed = failure -> {
            participant.tainted = true;
            participant.statements.clear();
            then.run();
        };
        Runnable close = () -> {
            Set<String> names = Set.copyOf(participant.statements.keySet());
            participant.statements.clear();
            close(participant, names, then, failed);
        };
        kept(participant, new ArrayDeque<>(participant.statements.keySet()), close, failed);
    }

    /** Notes which of them code has deallocated, or prepared anew as something else, which is then not the session's to close. */
    private void kept(Participant participant, Deque<String> left, Runnable then, Consumer<Failure> failed) {
        Set<String> asked = new HashSet<>();
        while (!left.isEmpty() && asked.size() < ASKED_AT_ONCE) {
            asked.add(left.removeFirst());
        }
        if (asked.isEmpty() || !participant.suspected.contains(Trace.PREPARED)) {
            then.run();
            return;
        }
        String names = asked.stream().map(Quote::literal).collect(Collectors.joining(", "));
        String sql = "SELECT name, statement FROM pg_catalog.pg_prepared_statements"
                + " WHERE name OPERATOR(pg_catalog.=) ANY (ARRAY[" + names + "]::pg_catalog.text[])";
        Consumer<Injected.Result> heard = result -> {
            result.rows().forEach(row -> {
                String name = String.valueOf(row.getFirst());
                ClientStatement brought = participant.statements.get(name);
                if (brought != null && brought.text().equals(row.get(1))) {
                    asked.remove(name);
                }
            });
            asked.forEach(name -> gone(participant, name));
            kept(participant, left, then, failed);
        };
        new Round(leases).ask(participant, sql, heard, failed);
    }

    private void gone(Participant participant, String name) {
        Prepared prepared = session.extended().prepared();
        if (prepared.statement(name) == participant.statements.get(name)) {
            prepared.deallocate(name);
        }
        participant.statements.remove(name);
    }
}
