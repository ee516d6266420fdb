package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.core.route.Command;
import dev.pando.core.topology.Trace;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** LISTEN, UNLISTEN and the question what is listened to: without a server, unless code has run LISTEN on one. */
final class Channels {
    private final Listening listening;
    private final Leases leases;
    private final Replier replier;
    private final Runnable ensureTransaction;
    private final Round round;

    Channels(Listening listening, Leases leases, Replier replier, Runnable ensureTransaction) {
        this.listening = listening;
        this.leases = leases;
        this.replier = replier;
        this.ensureTransaction = ensureTransaction;
        this.round = new Round(leases);
    }

    /** It counts from COMMIT on, of a transaction of its own if there is none. */
    void listen(Execution execution, String channel, Operation.Outcome outcome) {
        if (!aborted(outcome)) {
            listening.listen(channel);
            inTransaction(execution, "LISTEN", outcome);
        }
    }

    void unlisten(Execution execution, @Nullable String channel, Operation.Outcome outcome) {
        if (!aborted(outcome)) {
            listening.unlisten(channel);
            round.ask(
                    leases.participants().mayHave(Trace.LISTENING),
                    "UNLISTEN " + (channel == null ? "*" : Quote.identifier(channel)),
                    (participant, result) -> participant.suspected.add(Trace.LISTENING),
                    () -> inTransaction(execution, "UNLISTEN", outcome),
                    outcome::failed);
        }
    }

    void show(Execution execution, Command.ListeningChannels asked, Operation.Outcome outcome) {
        if (aborted(outcome)) {
            return;
        }
        Set<String> channels = new LinkedHashSet<>();
        round.ask(
                leases.participants().mayHave(Trace.LISTENING),
                "SELECT pg_catalog.pg_listening_channels()",
                (participant, result) -> result.rows().forEach(row -> channels.add(String.valueOf(row.getFirst()))),
                () -> {
                    channels.addAll(listening.channels());
                    if (execution.simple()) {
                        replier.textColumns(List.of(asked.column()));
                    }
                    channels.forEach(channel -> replier.textRow(List.of(channel)));
                    replier.complete("SELECT " + channels.size());
                    outcome.done();
                },
                outcome::failed);
    }

    private void inTransaction(Execution execution, String tag, Operation.Outcome outcome) {
        ensureTransaction.run();
        replier.hold(execution.simple() && leases.mode() == TransactionState.Mode.IMPLICIT);
        replier.complete(tag);
        outcome.done();
    }

    private boolean aborted(Operation.Outcome outcome) {
        if (leases.failed()) {
            outcome.failed(Failure.of(new PandoException(PandoError.IN_FAILED_TRANSACTION)));
        }
        return leases.failed();
    }
}
