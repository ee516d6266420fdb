package dev.pando.cli;

import dev.pando.lab.twin.Omission;
import dev.pando.lab.twin.Plan;
import dev.pando.lab.twin.RowSource;
import dev.pando.lab.twin.Snapshot;
import dev.pando.lab.twin.Target;
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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code pando explain}: a query's plan on a twin, as it is and with what does not exist. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true,
        description =
                "Tell the plan of a query, and what it would be with indexes, statistics and partitions that do not exist: they are made on a"
                        + " twin, never on the database.")
final class ExplainCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..2",
            paramLabel = "[URL] QUERY",
            description =
                    "The query, after postgres://user@host:port/database unless --from is given. With parameters ($1)"
                            + " in it the plan is the generic one, for any values.")
    List<String> words;

    @Option(names = "--from", paramLabel = "FILE", description = "A file of pando snapshot, instead of a database.")
    @Nullable
    Path file;

    @Option(
            names = "--with-index",
            paramLabel = "SQL",
            description = "A CREATE INDEX statement to try; may be given several times.")
    List<String> indexes = new ArrayList<>();

    @Option(
            names = "--with-partitioning",
            paramLabel = "TABLE BY …",
            description =
                    "How to partition a table: orders BY RANGE (created) EVERY 1 month, orders BY RANGE (id) AT (1000, 2000),"
                            + " orders BY LIST (status), orders BY HASH (customer) MODULUS 8.")
    List<String> partitionings = new ArrayList<>();

    @Option(
            names = "--extend-keys",
            description =
                    "Let primary keys and unique constraints of such a table contain the column it is partitioned by,"
                            + " and drop the foreign keys that refer to them.")
    boolean extendKeys;

    @Option(
            names = "--with-statistics",
            paramLabel = "SQL",
            description =
                    "A CREATE STATISTICS statement to try; may be given several times. It reads rows of the database:"
                            + " as many as ANALYZE would, of its columns.")
    List<String> statistics = new ArrayList<>();

    @Option(names = "--json", description = "Print JSON: both plans, their costs, and what was tried.")
    boolean json;

    @Spec
    CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills words and spec before call()
    ExplainCommand() {}

    /** What {@code --json} prints. */
    private record Answer(
            String query,
            List<Integer> parameters,
            boolean redacted,
            Side before,
            Side after,
            List<Trial.Index> indexes,
            List<Trial.Statistics> statistics,
            List<Trial.Partitioned> partitionings,
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
        RowSource rows = words.size() > 1 ? Target.of(words.getFirst(), System.getenv()) : null;
        if (snapshot == null) {
            throw new ParameterException(spec.commandLine(), "give the query after either a URL or --from FILE");
        }
        try (Twin twin = Twin.ofPlanner(snapshot, screen::live)) {
            screen.clear();
            Trial.Comparison comparison = Trial.compare(
                    twin, query, new Trial.Candidates(partitionings, extendKeys, statistics, indexes), rows);
            if (json) {
                Answer answer = new Answer(
                        query,
                        List.copyOf(comparison.before().parameters()),
                        snapshot.redacted(),
                        Side.of(comparison.before()),
                        Side.of(comparison.after()),
                        comparison.indexes(),
                        comparison.statistics(),
                        comparison.partitionings(),
                        TwinSource.lines(twin.omissions()));
                out.print(new String(Json.write(answer), StandardCharsets.UTF_8));
                out.flush();
                return 0;
            }
            List<Omission> elsewhere = new ArrayList<>(twin.omissions());
            elsewhere.removeAll(comparison.guessed());
            TwinSource.lines(elsewhere).forEach(screen::line);
            ExplainText.lines(comparison, width()).forEach(out::println);
        }
        return 0;
    }

    private static int width() {
        String columns = System.getenv("COLUMNS");
        return columns != null && columns.matches("\\d{1,4}") ? Integer.parseInt(columns) : 80;
    }
}
