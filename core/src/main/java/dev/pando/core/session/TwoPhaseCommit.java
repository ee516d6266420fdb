package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.Injected;
import dev.pando.core.link.ServerLink;
import dev.pando.core.topology.ShardId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Commits a transaction that wrote on several shards: all or nothing, whoever dies when.
 *
 * <p>Every writer but home is prepared. Then the decision is written in home's own transaction, whose COMMIT is the point of no return.
 * Then the others commit what they prepared. Before that point any failure rolls everything back; what a dead server or a dead Pando leaves
 * prepared is rolled back by recovery, because no decision is found. After it recovery commits, because the decision is there.
 */
final class TwoPhaseCommit {
    private final SessionPort port;
    private final Leases leases;
    private final Replier replier;
    private final Consumer<@Nullable Failure> then;
    private final String transaction;
    private final List<Participant> others;
    private final List<Participant> prepared = new ArrayList<>();
    private int outstanding;
    private @Nullable Failure failure;

    private TwoPhaseCommit(SessionPort port, Leases leases, Replier replier, Consumer<@Nullable Failure> then) {
        this.port = port;
        this.leases = leases;
        this.replier = replier;
        this.then = then;
        this.transaction = port.newGlobalTransaction();
        this.others = leases.joined().stream()
                .filter(p -> p.wrote && !p.link.shard().equals(ShardId.HOME))
                .toList();
    }

    /** {@code then} gets null once everything is committed, else why it was not. Transaction state is left to the caller. */
    static void run(SessionPort port, Leases leases, Replier replier, Consumer<@Nullable Failure> then) {
        TwoPhaseCommit commit = new TwoPhaseCommit(port, leases, replier, then);
        leases.with(ShardId.HOME, home -> commit.prepare(home), refusal -> commit.abort(refusal));
    }

    private void prepare(ServerLink home) {
        outstanding = others.size();
        for (Participant participant : others) {
            Injected.run(
                    participant.link, "PREPARE TRANSACTION " + Quote.literal(transaction), replier::send, result -> {
                        if (result.error() != null) {
                            note(participant, result);
                        } else if (!"PREPARE TRANSACTION".equals(result.tag())) {
                            // PostgreSQL answers ROLLBACK when the transaction had failed before.
                            failure = Failure.of(new PandoException(PandoError.IN_FAILED_TRANSACTION));
                        } else {
                            // For its connection the transaction is over; what it SET stays, whatever becomes of the
                            // transaction.
                            participant.begun = false;
                            prepared.add(participant);
                        }
                        if (--outstanding == 0) {
                            decide(home);
                        }
                    });
        }
    }

    private void note(Participant participant, Injected.Result result) {
        ErrorFields error = result.error();
        if (result.lost()) {
            failure = leases.lose(participant, error == null ? "" : error.message());
            port.abandon(transaction);
        } else if (error != null && error.sqlState().equals("55000")) {
            failure = Failure.of(
                    new PandoException(PandoError.TWO_PHASE_DISABLED, port.shardName(participant.link.shard())));
        } else {
            failure = new Failure(error);
        }
    }

    private void decide(ServerLink home) {
        if (failure != null) {
            abort(failure);
            return;
        }
        Injected.run(home, port.decisionSql(transaction), written -> {
            if (written.error() != null) {
                abort(lostOr(written));
            } else {
                Injected.run(home, "COMMIT", replier::send, committed -> afterDecision(committed));
            }
        });
    }

    private Failure lostOr(Injected.Result result) {
        Participant participant = leases.on(ShardId.HOME);
        ErrorFields error = result.error();
        if (result.lost() && participant != null) {
            return leases.lose(participant, error == null ? "" : error.message());
        }
        return new Failure(error);
    }

    private void afterDecision(Injected.Result committed) {
        if (committed.lost()) {
            lostOr(committed);
            port.abandon(transaction);
            then.accept(Failure.of(new PandoException(PandoError.COMMIT_IN_DOUBT, port.shardName(ShardId.HOME))));
        } else if (committed.error() != null || !"COMMIT".equals(committed.tag())) {
            abort(
                    committed.error() == null
                            ? Failure.of(new PandoException(PandoError.IN_FAILED_TRANSACTION))
                            : new Failure(committed.error()));
        } else {
            finish("COMMIT PREPARED ", null);
        }
    }

    private void abort(Failure reason) {
        finish("ROLLBACK PREPARED ", reason);
    }

    /** Second phase on those that prepared; plain end on the rest. */
    private void finish(String verb, @Nullable Failure reason) {
        List<Participant> rest = new ArrayList<>(leases.joined());
        rest.removeAll(prepared);
        rest.removeIf(p -> p.link.lost() || p.link.status() == 'I');
        outstanding = prepared.size() + rest.size();
        if (outstanding == 0) {
            then.accept(reason);
            return;
        }
        for (Participant participant : prepared) {
            String sql = verb + Quote.literal(transaction);
            Injected.run(participant.link, sql, result -> ended(participant, result, true, reason));
        }
        String plain = reason == null ? "COMMIT" : "ROLLBACK";
        for (Participant participant : rest) {
            Injected.run(participant.link, plain, replier::send, result -> ended(participant, result, false, reason));
        }
    }

    private void ended(Participant participant, Injected.Result result, boolean wasPrepared, @Nullable Failure reason) {
        if (wasPrepared && result.error() != null) {
            port.abandon(transaction);
        }
        if (result.lost()) {
            leases.lose(participant, "");
        }
        if (--outstanding == 0) {
            then.accept(reason);
        }
    }
}
