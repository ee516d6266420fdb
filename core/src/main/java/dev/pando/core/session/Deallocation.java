package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.Injected;
import dev.pando.core.route.Command;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * DEALLOCATE. What the client has prepared is the session's; what code has PREPAREd is on the connection it ran on. Other connections hold
 * statements that all clients share, so DEALLOCATE must never reach them.
 */
final class Deallocation {
    private final Session session;
    private final Leases leases;
    private final Replier replier;

    Deallocation(Session session, Leases leases, Replier replier) {
        this.session = session;
        this.leases = leases;
        this.replier = replier;
    }

    void run(Command.Deallocate command, Operation.Outcome outcome) {
        String name = command.name();
        Deque<Participant> kept = new StatementsOfCode(session, leases).places();
        if (leases.failed()) {
            outcome.failed(Failure.of(new PandoException(PandoError.IN_FAILED_TRANSACTION)));
        } else if (name == null) {
            session.extended().deallocateAll();
            all(kept, outcome);
        } else if (session.extended().deallocate(name)) {
            replier.complete("DEALLOCATE");
            outcome.done();
        } else if (kept.isEmpty()) {
            outcome.failed(new Failure(ErrorFields.of("ERROR", "26000", Prepared.missing(name))));
        } else {
            one(name, kept, outcome);
        }
    }

    private void all(Deque<Participant> kept, Operation.Outcome outcome) {
        Participant participant = kept.pollFirst();
        if (participant == null) {
            replier.complete("DEALLOCATE ALL");
            outcome.done();
            return;
        }
        Injected.run(participant.link, "DEALLOCATE ALL", result -> {
            ErrorFields error = result.error();
            if (result.lost()) {
                outcome.failed(leases.lose(participant, error == null ? "" : error.message()));
            } else if (error != null) {
                outcome.failed(new Failure(error));
            } else {
                participant.link.forgetAllStatements();
                all(kept, outcome);
            }
        });
    }

    /** PREPARE went to one of them, and the server of that one alone shall see the statement, so that no other has an error from it. */
    private void one(String name, Deque<Participant> kept, Operation.Outcome outcome) {
        Participant participant = kept.removeFirst();
        String sql = "SELECT 1 FROM pg_catalog.pg_prepared_statements WHERE name OPERATOR(pg_catalog.=) "
                + Quote.literal(name);
        boolean look = !kept.isEmpty();
        String there = look ? sql : "DEALLOCATE " + Quote.identifier(name);
        Injected.run(participant.link, there, result -> {
            ErrorFields error = result.error();
            if (result.lost()) {
                outcome.failed(leases.lose(participant, error == null ? "" : error.message()));
            } else if (error != null) {
                outcome.failed(new Failure(error));
            } else if (look) {
                one(name, result.firstRow().isEmpty() ? kept : new ArrayDeque<>(List.of(participant)), outcome);
            } else {
                participant.link.forget(name);
                replier.complete("DEALLOCATE");
                outcome.done();
            }
        });
    }
}
