package dev.pando.lab.oracle;

import dev.pando.lab.Major;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What each statement of the {@link Corpus} does on one major: observed there, kept as text, and read where no server is wanted. */
public final class OracleTable {
    private OracleTable() {}

    /** Hears how far a measurement is. */
    public interface Progress {
        void observed(Major major, int done, int all);
    }

    /** The kept observations of {@code major}, by key of the corpus. */
    public static Map<String, Observation> of(Major major) {
        return read(text(major));
    }

    /** The kept table of {@code major} as it is packaged. */
    public static String text(Major major) {
        return Corpus.resource(name(major));
    }

    public static String name(Major major) {
        return "postgres-" + major.number() + ".txt";
    }

    /** Observes the whole corpus on servers of {@code majors}, two at a time; each takes some ten seconds. */
    public static Map<Major, Map<String, Observation>> measure(Collection<Major> majors, Progress progress)
            throws SQLException, InterruptedException {
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            Map<Major, Future<Map<String, Observation>>> running = new EnumMap<>(Major.class);
            for (Major major : majors) {
                running.put(major, two.submit(() -> measure(major, progress)));
            }
            Map<Major, Map<String, Observation>> tables = new EnumMap<>(Major.class);
            for (Map.Entry<Major, Future<Map<String, Observation>>> one : running.entrySet()) {
                tables.put(one.getKey(), one.getValue().get());
            }
            return tables;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException problem) {
                throw problem;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static Map<String, Observation> measure(Major major, Progress progress) throws SQLException {
        Map<String, Observation> observed = new TreeMap<>();
        int all = Corpus.entries().size();
        try (CorpusServer server = CorpusServer.start(major)) {
            for (Corpus.Topic topic : Corpus.topics()) {
                String database = server.database(topic.name());
                try (LockOracle oracle = LockOracle.open(server.server(), database)) {
                    for (Corpus.Entry entry : topic.entries()) {
                        observed.put(entry.key(), oracle.observe(entry.sql()));
                        progress.observed(major, observed.size(), all);
                    }
                }
                server.drop(database);
            }
        }
        return observed;
    }

    /** One line for each statement, and its facts in lines below it that begin with two spaces. */
    public static String write(Major major, Map<String, Observation> table) {
        StringBuilder text = new StringBuilder("# What each statement of the corpus does on PostgreSQL ")
                .append(major.number())
                .append(". Made by pando lint oracle, see docs/oracle.md.\n");
        new TreeMap<>(table).forEach((key, observation) -> {
            text.append(key).append('\n');
            ObservationText.write(observation)
                    .forEach(line -> text.append("  ").append(line).append('\n'));
        });
        return text.toString();
    }

    /** The lines that {@code now} has otherwise than {@code before}, each with its statement: those that are gone, then those that are new. */
    public static List<String> differences(String before, String now) {
        Map<String, List<String>> old = lines(before);
        Map<String, List<String>> measured = lines(now);
        Set<String> keys = new TreeSet<>(old.keySet());
        keys.addAll(measured.keySet());
        List<String> differences = new ArrayList<>();
        for (String key : keys) {
            List<String> gone = old.getOrDefault(key, List.of());
            List<String> there = measured.getOrDefault(key, List.of());
            if (!gone.equals(there)) {
                differences.add(key);
                gone.stream().filter(line -> !there.contains(line)).forEach(line -> differences.add("- " + line));
                there.stream().filter(line -> !gone.contains(line)).forEach(line -> differences.add("+ " + line));
            }
        }
        return differences;
    }

    static Map<String, Observation> read(String text) {
        Map<String, Observation> table = new TreeMap<>();
        lines(text).forEach((name, facts) -> table.put(name, ObservationText.read(facts)));
        return table;
    }

    private static Map<String, List<String>> lines(String text) {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        String key = "";
        for (String line : text.lines().toList()) {
            if (line.startsWith("  ")) {
                lines.computeIfAbsent(key, missing -> new ArrayList<>()).add(line.substring(2));
            } else if (!line.startsWith("#")) {
                key = line;
            }
        }
        return lines;
    }
}
