package dev.pando.core.session;

import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.Injected;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** SQL of Pando's own on connections that the session holds, one after the other. Nothing must be in flight on them. */
final class Round {
    private final Leases leases;

    Round(Leases leases) {
        this.leases = leases;
    }

    /** Runs it on each, of which {@code heard} is told; the first that fails ends the round. */
    void ask(
            Collection<Participant> all,
            String sql,
            BiConsumer<Participant, Injected.Result> heard,
            Runnable then,
            Consumer<Failure> failed) {
        next(new ArrayDeque<>(all), sql, heard, then, failed);
    }

    private void next(
            Deque<Participant> left,
            String sql,
            BiConsumer<Participant, Injected.Result> heard,
            Runnable then,
            Consumer<Failure> failed) {
        Participant participant = left.pollFirst();
        if (participant == null) {
            then.run();
        } else {
            ask(
                    participant,
                    sql,
                    result -> {
                        heard.accept(participant, result);
                        next(left, sql, heard, then, failed);
                    },
                    failed);
        }
    }

    /** Runs it on one. */
    void ask(Participant participant, String sql, Consumer<Injected.Result> then, Consumer<Failure> failed) {
        Injected.run(participant.link, sql, result -> {
            ErrorFields error = result.error();
            if (result.lost()) {
                failed.accept(leases.lose(participant, error == null ? "" : error.message()));
            } else if (error != null) {
                failed.accept(new Failure(error));
            } else {
                then.accept(result);
            }
        });
    }
}
