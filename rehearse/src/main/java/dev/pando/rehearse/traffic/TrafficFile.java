package dev.pando.rehearse.traffic;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.lint.read.MigrationReader;
import dev.pando.lint.read.MigrationReader.Mode;
import dev.pando.lint.read.Source;
import dev.pando.lint.read.Statement;
import dev.pando.lint.read.Transaction.Origin;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Traffic of a file: a server's log, or statements of which clients draw one after the other.
 *
 * @param words for the reader
 */
public record TrafficFile(String words, List<Script> scripts) {
    private static final long MOST_BYTES = 256L << 20;
    private static final int MOST_SESSIONS = 400;
    private static final Pattern LOG_TIME =
            Pattern.compile("\\A\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d{3})? [A-Za-z0-9+:-]+(.)");

    public TrafficFile {
        scripts = List.copyOf(scripts);
    }

    /** How statements are drawn, and how much faster than it was a log is replayed. */
    public record Pace(int clients, int rate, long seed, double speedUp) {}

    public static TrafficFile read(Path file, Pace pace) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new PandoException(PandoError.REHEARSE_INPUT, file, "there is no such file");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new PandoException(PandoError.REHEARSE_INPUT, file, "more than " + (MOST_BYTES >> 20) + " MB");
        }
        try {
            return of(file.toString(), Files.readString(file), pace);
        } catch (MalformedInputException e) {
            throw PandoException.causedBy(e, PandoError.REHEARSE_INPUT, file, "it is not UTF-8");
        }
    }

    static TrafficFile of(String name, String text, Pace pace) {
        var time = LOG_TIME.matcher(text);
        if (time.lookingAt() && !time.group(1).equals(",")) {
            throw new PandoException(
                    PandoError.REHEARSE_INPUT,
                    name,
                    "a log of log_destination stderr cannot be taken apart: use csvlog or jsonlog");
        }
        if (time.lookingAt()) {
            return replay(name, ServerLog.csv(name, text), pace);
        }
        return text.startsWith("{") ? replay(name, ServerLog.json(name, text), pace) : drawn(name, text, pace);
    }

    private static TrafficFile replay(String name, List<Logged> log, Pace pace) {
        List<Script> scripts = Replay.scripts(log, pace.speedUp());
        if (scripts.size() > MOST_SESSIONS) {
            throw new PandoException(
                    PandoError.REHEARSE_INPUT,
                    name,
                    scripts.size() + " of its sessions were open at once, and it takes " + MOST_SESSIONS);
        }
        long sessions = log.stream().map(Logged::session).distinct().count();
        String words = String.format(
                Locale.ROOT,
                "%,d statements of %,d sessions of database %s, as %s has them%s; at most %d at once",
                log.size(),
                sessions,
                log.getFirst().database(),
                name,
                pace.speedUp() == 1 ? "" : String.format(Locale.ROOT, ", %.1f times as fast", pace.speedUp()),
                scripts.size());
        return new TrafficFile(words, scripts);
    }

    private static TrafficFile drawn(String name, String text, Pace pace) {
        List<List<Request>> units = units(name, text);
        if (units.isEmpty()) {
            throw new PandoException(PandoError.REHEARSE_INPUT, name, "it has no statement");
        }
        List<Script> scripts = new ArrayList<>();
        for (int client = 0; client < pace.clients(); client++) {
            scripts.add(script(units, client, pace));
        }
        String words = String.format(
                Locale.ROOT,
                "%d clients, %,d turns a second, each drawn from the %,d of %s",
                pace.clients(),
                pace.rate(),
                units.size(),
                name);
        return new TrafficFile(words, scripts);
    }

    /** Statements; those of one transaction stay together. */
    private static List<List<Request>> units(String name, String text) {
        Map<Integer, List<Request>> units = new LinkedHashMap<>();
        for (Statement statement : new MigrationReader(Map.of(), Mode.PER_STATEMENT)
                .read(new Source(name, text))
                .statements()) {
            if (statement.kind() == Statement.Kind.PSQL) {
                throw new PandoException(
                        PandoError.REHEARSE_INPUT,
                        name + ":" + statement.place(),
                        statement.sql() + " is a command of psql's, which only psql runs");
            }
            boolean together = statement.transaction().origin() == Origin.TEXT;
            units.computeIfAbsent(
                            together ? statement.transaction().id() : -1 - statement.number(), id -> new ArrayList<>())
                    .add(new Request(statement.sql(), List.of(), ""));
        }
        return List.copyOf(units.values());
    }

    private static Script script(List<List<Request>> units, int client, Pace pace) {
        var random = new SplittableRandom(pace.seed() + client);
        long pause = TimeUnit.SECONDS.toNanos(1) * pace.clients() / pace.rate();
        return new Script() {
            private long turns;

            @Override
            public Turn next() {
                long due = turns++ * pause + pause * client / pace.clients();
                return new Turn(due, units.get(random.nextInt(units.size())), false);
            }
        };
    }
}
