package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.base.wire.ErrorFields;
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

    StatementsOfCode(Session session, Leases leases) {
        this.session = session;
        this.leases = leases;
    }

    /** A PREPARE that stands in {@code planned}, alone. */
    record Found(Planned planned, Participant participant) {}

    /** Where there may be any. */
    Deque<Participant> places() {
        Deque<Participant> places = new ArrayDeque<>();
        for (Participant participant : leases.participants()) {
            if (participant.mayHave(Trace.PREPARED) && !participant.link.lost()) {
                places.add(participant);
            }
        }
        return places;
    }

    /** Finds the statement of that name, null when there is none. It stays where it is. */
    void find(String name, Consumer<@Nullable Found> then, Consumer<Failure> failed) {
        find(name, places(), then, failed);
    }

    private void find(
            String name, Deque<Participant> places, Consumer<@Nullable Found> then, Consumer<Failure> failed) {
        Participant participant = places.pollFirst();
        if (participant == null) {
            then.accept(null);
            return;
        }
        String sql = "SELECT statement FROM pg_catalog.pg_prepared_statements WHERE from_sql AND name"
                + " OPERATOR(pg_catalog.=) " + Quote.literal(name);
        ask(participant, sql, failed, rows -> {
            if (rows.isEmpty() || participant.statements.containsKey(name)) {
                find(name, places, then, failed);
            } else {
                byte[] text = String.valueOf(rows.getFirst().getFirst()).getBytes(StandardCharsets.UTF_8);
                session.planned(
                        text,
                        planned -> pieces(name, planned, one -> then.accept(new Found(one, participant)), failed),
                        error -> failed.accept(new Failure(error)));
            }
        });
    }

    /** The session has it now. */
    void forget(String name, Found found, Runnable then, Consumer<Failure> failed) {
        Participant participant = found.participant();
        ask(participant, "DEALLOCATE " + Quote.identifier(name), failed, rows -> {
            participant.suspected.add(Trace.PREPARED);
            then.run();
        });
    }

    private void ask(
            Participant participant,
            String sql,
            Consumer<Failure> failed,
            Consumer<List<? extends List<@Nullable String>>> then) {
        Injected.run(participant.link, sql, result -> {
            ErrorFields error = result.error();
            if (result.lost()) {
                failed.accept(leases.lose(participant, error == null ? "" : error.message()));
            } else if (error != null) {
                failed.accept(new Failure(error));
            } else {
                then.accept(result.rows());
            }
        });
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
