package dev.pando.core.session;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * From the end of a query string or batch to its ReadyForQuery. Each step may have to wait; as a rule none does. The steps know nothing of
 * the statement, so they are made once per session.
 */
final class Finish {
    private final Session session;
    private final SessionPort port;
    private final Leases leases;
    private final Cancels cancels;
    private final Dispatcher dispatcher;
    private final Looks looks;
    private final Replier replier;

    private final Consumer<ByteBuf> toClient;
    private final Runnable cancelled = guarded(this::cancelled);
    private final Runnable statementsClosed = guarded(this::statementsClosed);
    private final Runnable looked = guarded(this::looked);
    private final Runnable ready = this::ready;

    Finish(
            Session session,
            SessionPort port,
            Leases leases,
            Cancels cancels,
            Dispatcher dispatcher,
            Looks looks,
            Replier replier) {
        this.session = session;
        this.port = port;
        this.leases = leases;
        this.cancels = cancels;
        this.dispatcher = dispatcher;
        this.looks = looks;
        this.replier = replier;
        this.toClient = port::toClient;
    }

    private Runnable guarded(Runnable step) {
        return () -> session.guarded(step);
    }

    void run() {
        cancels.over(cancelled);
    }

    /** No cancel request is under way any more. */
    private void cancelled() {
        if (leases.mode() == TransactionState.Mode.NONE) {
            dispatcher.serverStatements().after(statementsClosed);
        } else {
            looks.follow(session.reported());
            sendReady();
        }
    }

    private void statementsClosed() {
        looks.run(looked);
    }

    /** When the schema has changed the catalog is read first, so that the next statement finds it. */
    private void looked() {
        if (session.gone()) {
            return;
        }
        if (leases.mode() != TransactionState.Mode.NONE) {
            sendReady();
            return;
        }
        boolean refresh = session.aftermath().schemaToRead();
        leases.settle();
        session.extended().transactionEnded();
        session.searchPath().transactionEnded();
        session.settings().transactionEnded();
        if (refresh) {
            port.refreshCatalog(problem -> {
                replier.warning(problem);
                sendReady();
            });
        } else {
            sendReady();
        }
    }

    /** What others had notified before this went to a server comes before ReadyForQuery, and what the session itself has notified too. */
    private void sendReady() {
        if (leases.mode() == TransactionState.Mode.NONE && session.listening().any()) {
            port.heard(ready);
        } else {
            ready();
        }
    }

    private void ready() {
        if (session.over()) {
            return;
        }
        session.answered();
        port.watch().rests(leases.mode() == TransactionState.Mode.EXPLICIT);
        if (leases.mode() == TransactionState.Mode.NONE) {
            session.listening().idle();
        }
        session.reported().tell(port.allocator(), toClient);
        replier.ready(leases.status());
        session.listening().ready();
        session.resume();
    }
}
