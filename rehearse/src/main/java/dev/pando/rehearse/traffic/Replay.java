package dev.pando.rehearse.traffic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A log's statements at the times they had, each session's on a session of its own. A client takes over the next session when its own has
 * ended, and all begin anew when the log is over.
 */
final class Replay {
    /** Between the end of the log and its next beginning. */
    private static final long PAUSE = 1_000;

    private Replay() {}

    /** One script for each client: as many as sessions were open at once. */
    static List<Script> scripts(List<Logged> log, double speedUp) {
        Map<String, List<Logged>> sessions = new LinkedHashMap<>();
        log.forEach(statement -> sessions.computeIfAbsent(statement.session(), session -> new ArrayList<>())
                .add(statement));
        List<List<List<Logged>>> clients = new ArrayList<>();
        for (List<Logged> session : sessions.values()) {
            clients.stream()
                    .filter(client -> end(client.getLast()) < session.getFirst().begun())
                    .min(Comparator.comparingLong(client -> end(client.getLast())))
                    .orElseGet(() -> {
                        clients.add(new ArrayList<>());
                        return clients.getLast();
                    })
                    .add(session);
        }
        long length = log.stream().mapToLong(Logged::ended).max().orElse(0) + PAUSE;
        return clients.stream().map(client -> script(client, length, speedUp)).toList();
    }

    private static long end(List<Logged> session) {
        return session.stream().mapToLong(Logged::ended).max().orElse(0);
    }

    private static Script script(List<List<Logged>> sessions, long length, double speedUp) {
        List<Turn> turns = new ArrayList<>();
        for (List<Logged> session : sessions) {
            boolean fresh = true;
            for (Logged statement : session) {
                turns.add(new Turn(
                        nanos(statement.begun(), speedUp),
                        List.of(new Request(statement.sql(), List.of(), "")),
                        fresh));
                fresh = false;
            }
        }
        long whole = nanos(length, speedUp);
        return new Script() {
            private int next;
            private long rounds;

            @Override
            public Turn next() {
                Turn turn = turns.get(next++);
                long due = rounds * whole + turn.due();
                if (next == turns.size()) {
                    next = 0;
                    rounds++;
                }
                return new Turn(due, turn.requests(), turn.fresh());
            }
        };
    }

    private static long nanos(long millis, double speedUp) {
        return (long) (TimeUnit.MILLISECONDS.toNanos(millis) / speedUp);
    }
}
