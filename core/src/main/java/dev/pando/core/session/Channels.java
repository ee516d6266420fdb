package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.route.Command;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** LISTEN, UNLISTEN and the question what is listened to: all without a server. */
final class Channels {
    private final Listening listening;
    private final Leases leases;
    private final Replier replier;
    private final Runnable ensureTransaction;

    Channels(Listening listening, Leases leases, Replier replier, Runnable ensureTransaction) {
        this.listening = listening;
        this.leases = leases;
        this.replier = replier;
        this.ensureTransaction = ensureTransaction;
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
            inTransaction(execution, "UNLISTEN", outcome);
        }
    }

    void show(Execution execution, Command.ListeningChannels asked, Operation.Outcome outcome) {
        if (aborted(outcome)) {
            return;
        }
        List<String> channels = listening.channels();
        if (execution.simple()) {
            replier.textColumns(List.of(asked.column()));
        }
        channels.forEach(channel -> replier.textRow(List.of(channel)));
        replier.complete("SELECT " + channels.size());
        outcome.done();
    }

    private void inTransaction(Execution execution, String tag, Operation.Outcome outcome) {
        ensureTransaction.run();
        replier.hold(execution.simple() && leases.mode() == Leases.Mode.IMPLICIT);
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
