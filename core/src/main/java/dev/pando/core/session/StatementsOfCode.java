package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.core.link.Injected;
import dev.pando.core.route.Command;
import dev.pando.core.route.Planned;
import dev.pando.core.topology.Trace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Statements that a function or a DO has PREPAREd on a connection. Nobody knows of them until the client names one: then its server tells
 * the text, and it becomes the session's own, as if the client had prepared it.
 */
final class StatementsOfCode {
    private final Session session;
    private final Leases leases;
    private final Round round;

    StatementsOfCode(Session session, Leases leases) {
        this.session = session;
        this.leases = leases;
        this.round = new Round(leases);
    }

    /** A PREPARE that stands in {@code planned}, alone. */
    record Found(Planned planned, Participant participant) {}

    /** Whether there may be any. */
    boolean any() {
        return !leases.participants().mayHave(Trace.PREPARED).isEmpty();
    }

    /** Where code has PREPAREd a statement, with all of the text it stood in. */
    record Place(Participant participant, byte[] text) {}

    /** Where there is one of that name, null when nowhere. */
    void where(String name, Consumer<@Nullable Place> then, Consumer<Failure> failed) {
        List<Place> places = new ArrayList<>();
        round.ask(
                leases.participants().mayHave(Trace.PREPARED),
                "SELECT statement FROM pg_catalog.pg_prepared_statements WHERE from_sql AND name"
                        + " OPERATOR(pg_catalog.=) " + Quote.literal(name),
                (participant, result) -> {
                    if (!result.rows().isEmpty() && !participant.statements.containsKey(name)) {
                        String text = String.valueOf(result.firstRow().getFirst());
                        places.add(new Place(participant, text.getBytes(StandardCharsets.UTF_8)));
                    }
                },
                () -> then.accept(places.isEmpty() ? null : places.getFirst()),
                failed);
    }

    /** Finds the statement of that name, null when there is none. It stays where it is. */
    void find(String name, Consumer<@Nullable Found> then, Consumer<Failure> failed) {
        where(
                name,
                place -> {
                    if (place == null) {
                        then.accept(null);
                    } else {
                        session.planned(
                                place.text(),
                                planned -> pieces(
                                        name, planned, one -> then.accept(new Found(one, place.participant())), failed),
                                error -> failed.accept(new Failure(error)));
                    }
                },
                failed);
    }

    /** The session has it now. */
    void forget(String name, Found found, Runnable then, Consumer<Failure> failed) {
        Participant participant = found.participant();
        Consumer<Injected.Result> gone = result -> {
            participant.suspected.add(Trace.PREPARED);
            then.run();
        };
        round.ask(participant, "DEALLOCATE " + Quote.identifier(name), gone, failed);
    }

    /** The server has the whole text that code ran, which may be of several statements. */
    private void pieces(String name, Planned whole, Consumer<Planned> then, Consumer<Failure> failed) {
        if (!whole.several()) {
            only(name, List.of(whole), then, failed);
            return;
        }
        Deque<byte[]> texts = new ArrayDeque<>();
        whole.pieces().forEach(piece -> texts.add(Arrays.copyOfRange(whole.sql(), piece.start(), piece.end())));
        planned(texts, new ArrayList<>(), planned -> only(name, planned, then, failed), failed);
    }

    private void planned(
            Deque<byte[]> texts, List<Planned> done, Consumer<List<Planned>> then, Consumer<Failure> failed) {
        byte[] text = texts.pollFirst();
        if (text == null) {
            then.accept(done);
            return;
        }
        session.planned(
                text,
                planned -> {
                    done.add(planned);
                    planned(texts, done, then, failed);
                },
                error -> failed.accept(new Failure(error)));
    }

    private static void only(String name, List<Planned> all, Consumer<Planned> then, Consumer<Failure> failed) {
        List<Planned> named = all.stream()
                .filter(planned -> planned.plan().command() instanceof Command.Prepare prepare
                        && prepare.name().equals(name))
                .toList();
        if (named.size() == 1) {
            then.accept(named.getFirst());
        } else {
            failed.accept(Failure.of(new PandoException(PandoError.STATEMENT_OF_CODE, name)));
        }
    }
}
