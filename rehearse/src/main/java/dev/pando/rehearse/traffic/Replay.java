package dev.pando.rehearse.traffic;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A log's statements at the times they had, each session's on a session of its own. A client takes over the next session when its own has
 * ended, and all begin anew when the log is over.
 *
 * @param sessions of each client, one after the other
 */
record Replay(String name, List<Logged> log, List<List<List<Logged>>> sessions, double speedUp) implements TrafficFile {
    private static final int MOST_CLIENTS = 400;
    /** Between the end of the log and its next beginning. */
    private static final long PAUSE = 1_000;

    Replay {
        log = List.copyOf(log);
        sessions = List.copyOf(sessions);
    }

    /** As many clients as sessions were open at once. */
    static Replay of(String name, List<Logged> log, Pace pace) {
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
        if (clients.size() > MOST_CLIENTS) {
            throw new PandoException(
                    PandoError.REHEARSE_INPUT,
                    name,
                    clients.size() + " of its sessions were open at once, and it takes " + MOST_CLIENTS);
        }
        return new Replay(name, log, clients, pace.speedUp());
    }

    private static long end(List<Logged> session) {
        return session.stream().mapToLong(Logged::ended).max().orElse(0);
    }

    @Override
    public int clients() {
        return sessions.size();
    }

    @Override
    public Traffic traffic(Tables tables) throws SQLException {
        long length = end(log) + PAUSE;
        List<Script> scripts = new ArrayList<>();
        for (List<List<Logged>> client : sessions) {
            scripts.add(script(turns(client, tables), nanos(length)));
        }
        long all = log.stream().map(Logged::session).distinct().count();
        String words = String.format(
                Locale.ROOT,
                "%,d statements of %,d sessions of database %s, as %s has them%s; at most %d at once",
                log.size(),
                all,
                log.getFirst().database(),
                name,
                speedUp == 1 ? "" : String.format(Locale.ROOT, ", %.1f times as fast", speedUp),
                sessions.size());
        return new Traffic(words, scripts);
    }

    private List<Turn> turns(List<List<Logged>> client, Tables tables) throws SQLException {
        List<Turn> turns = new ArrayList<>();
        for (List<Logged> session : client) {
            boolean fresh = true;
            for (Logged statement : session) {
                var request = new Request(statement.sql(), List.of(), tables.of(statement.sql()));
                turns.add(new Turn(nanos(statement.begun()), List.of(request), fresh));
                fresh = false;
            }
        }
        return turns;
    }

    private static Script script(List<Turn> turns, long whole) {
        return () -> new Script.Turns() {
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

    private long nanos(long millis) {
        return (long) (TimeUnit.MILLISECONDS.toNanos(millis) / speedUp);
    }
}
