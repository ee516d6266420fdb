package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.route.Command;
import dev.pando.core.topology.Trace;
import java.util.Collection;
import java.util.List;

/**
 * DEALLOCATE. What the client has prepared is the session's; what code has PREPAREd is on the connection it ran on. Other connections hold
 * statements that all clients share, so DEALLOCATE must never reach them.
 */
final class Deallocation {
    private final Session session;
    private final Leases leases;
    private final Replier replier;
    private final StatementsOfCode ofCode;
    private final Round round;

    Deallocation(Session session, Leases leases, Replier replier, StatementsOfCode ofCode) {
        this.session = session;
        this.leases = leases;
        this.replier = replier;
        this.ofCode = ofCode;
        this.round = new Round(leases);
    }

    void run(Command.Deallocate command, Operation.Outcome outcome) {
        String name = command.name();
        List<Participant> kept = leases.participants().mayHave(Trace.PREPARED);
        // Where the session itself has brought one of that name there is none of code's.
        List<Participant> others = name == null
                ? kept
                : kept.stream()
                        .filter(participant -> !participant.statements.containsKey(name))
                        .toList();
        if (leases.failed()) {
            outcome.failed(Failure.of(new PandoException(PandoError.IN_FAILED_TRANSACTION)));
        } else if (name == null) {
            session.extended().deallocateAll();
            all(kept, outcome);
        } else if (session.extended().deallocate(name)) {
            replier.complete("DEALLOCATE");
            outcome.done();
        } else if (others.isEmpty()) {
            outcome.failed(new Failure(ErrorFields.of("ERROR", "26000", Prepared.missing(name))));
        } else {
            one(name, others, outcome);
        }
    }

    private void all(Collection<Participant> kept, Operation.Outcome outcome) {
        round.ask(
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
        } else {
            ofCode.where(
                    name,
                    place -> one(name, place == null ? kept.getFirst() : place.participant(), outcome),
                    outcome::failed);
        }
    }

    private void one(String name, Participant participant, Operation.Outcome outcome) {
        round.ask(
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
