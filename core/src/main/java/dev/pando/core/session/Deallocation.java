package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.Injected;
import dev.pando.core.route.Command;
import dev.pando.core.topology.Trace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;

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
        List<Participant> kept = leases.participants().mayHave(Trace.PREPARED);
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

    private void all(Collection<Participant> kept, Operation.Outcome outcome) {
        new Round(leases)
                .ask(
                        kept,
                        "DEALLOCATE ALL",
                        (participant, result) -> participant.link.forgetAllStatements(),
                        () -> {
                            replier.complete("DEALLOCATE ALL");
                            outcome.done();
                        },
                        outcome::failed);
    }

    /** Code has PREPAREd it on one of them, and the server of that one alone shall see the statement, so that no other has an error from it. */
    private void one(String name, List<Participant> kept, Operation.Outcome outcome) {
        if (kept.size() == 1) {
            one(name, kept.getFirst(), outcome);
            return;
        }
        List<Participant> found = new ArrayList<>();
        String sql = "SELECT 1 FROM pg_catalog.pg_prepared_statements WHERE name OPERATOR(pg_catalog.=) "
                + Quote.literal(name);
        BiConsumer<Participant, Injected.Result> heard = (participant, result) -> {
            if (!result.rows().isEmpty()) {
                found.add(participant);
            }
        };
        Runnable asked = () -> one(name, found.isEmpty() ? kept.getFirst() : found.getFirst(), outcome);
        new Round(leases).ask(kept, sql, heard, asked, outcome::failed);
    }

    private void one(String name, Participant participant, Operation.Outcome outcome) {
        new Round(leases)
                .ask(
                        participant,
                        "DEALLOCATE " + Quote.identifier(name),
                        result -> {
                            participant.link.forget(name);
                            replier.complete("DEALLOCATE");
                            outcome.done();
                        },
                        outcome::failed);
    }
}
