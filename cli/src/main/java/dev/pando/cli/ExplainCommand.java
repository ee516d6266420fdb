package dev.pando.cli;

import dev.pando.lab.twin.Plan;
import dev.pando.lab.twin.Snapshot;
import dev.pando.lab.twin.Trial;
import dev.pando.lab.twin.Twin;
import dev.pando.server.http.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code pando explain}: a query's plan on a twin, as it is and with further indexes. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true,
        description =
                "Tell the plan of a query, and what it would be with indexes that do not exist: they are made on a twin, never"
                        + " on the database.")
final class ExplainCommand implements Callable<Integer> {
    private static final int LEAST_SIDE = 50;

    @Parameters(
            arity = "1..2",
            paramLabel = "[URL] QUERY",
            description = "The query, after postgres://user@host:port/database unless --from is given.")
    List<String> words;

    @Option(names = "--from", paramLabel = "FILE", description = "A file of pando snapshot, instead of a database.")
    @Nullable
    Path file;

    @Option(
            names = "--with-index",
            paramLabel = "SQL",
            description = "A CREATE INDEX statement to try; may be given several times.")
    List<String> indexes = new ArrayList<>();

    @Option(names = "--json", description = "Print JSON: both plans, their costs, and the indexes with their sizes.")
    boolean json;

    @Spec
    CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills words and spec before call()
    ExplainCommand() {}

    /** What {@code --json} prints. */
    private record Answer(
            String query,
            boolean redacted,
            Side before,
            Side after,
            List<Trial.Candidate> indexes,
            List<String> differences) {}

    private record Side(double cost, double rows, List<String> indexes, JsonNode plan) {
        static Side of(Plan plan) {
            return new Side(plan.cost(), plan.rows(), List.copyOf(plan.indexes()), plan.json());
        }
    }

    @Override
    public Integer call() throws IOException, SQLException {
        PrintWriter out = spec.commandLine().getOut();
        Screen screen = Screen.ofProcess(spec.commandLine().getErr());
        String query = words.getLast();
        Snapshot snapshot = TwinSource.read(words.size() > 1 ? words.getFirst() : null, file, screen);
        if (snapshot == null) {
            throw new ParameterException(spec.commandLine(), "give the query after either a URL or --from FILE");
        }
        try (Twin twin = Twin.ofPlanner(snapshot, screen::live)) {
            screen.clear();
            Trial.Comparison comparison = Trial.compare(twin, query, indexes);
            List<String> differences = TwinSource.lines(twin.omissions());
            if (json) {
                Answer answer = new Answer(
                        query,
                        snapshot.redacted(),
                        Side.of(comparison.before()),
                        Side.of(comparison.after()),
                        comparison.candidates(),
                        differences);
                out.print(new String(Json.write(answer), StandardCharsets.UTF_8));
                out.flush();
                return 0;
            }
            differences.forEach(screen::line);
            lines(comparison, width()).forEach(out::println);
        }
        return 0;
    }

    private static int width() {
        String columns = System.getenv("COLUMNS");
        return columns != null && columns.matches("\\d{1,4}") ? Integer.parseInt(columns) : 80;
    }

    private static List<String> lines(Trial.Comparison comparison, int width) {
        List<String> before = comparison.before().text().lines().toList();
        if (comparison.candidates().isEmpty()) {
            return before;
        }
        List<String> after = comparison.after().text().lines().toList();
        List<String> lines = new ArrayList<>();
        int left = before.stream().mapToInt(String::length).max().orElse(0);
        int right = after.stream().mapToInt(String::length).max().orElse(0);
        if (left + right + 3 <= Math.max(width, 2 * LEAST_SIDE)) {
            lines.add(pad("before", left) + " │ after");
            for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
                lines.add((pad(i < before.size() ? before.get(i) : "", left) + " │ "
                                + (i < after.size() ? after.get(i) : ""))
                        .stripTrailing());
            }
        } else {
            lines.add("before");
            before.forEach(line -> lines.add("  " + line));
            lines.add("after");
            after.forEach(line -> lines.add("  " + line));
        }
        lines.add("");
        for (Trial.Candidate candidate : comparison.candidates()) {
            boolean used = comparison.after().indexes().stream()
                    .anyMatch(name -> candidate.index().endsWith("." + name)
                            || candidate.index().equals(name));
            lines.add(String.format(
                    Locale.ROOT,
                    "%s %s: about %,d kB",
                    used ? "used    " : "not used",
                    candidate.index(),
                    candidate.pages() * 8));
        }
        lines.add(String.format(
                Locale.ROOT,
                "cost %,.2f before, %,.2f after (the planner's units, no time)",
                comparison.before().cost(),
                comparison.after().cost()));
        return lines;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
