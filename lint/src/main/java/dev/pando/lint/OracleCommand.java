package dev.pando.lint;

import dev.pando.lab.Major;
import dev.pando.lab.oracle.Corpus;
import dev.pando.lab.oracle.Observation;
import dev.pando.lab.oracle.OracleTable;
import dev.pando.lint.fact.Effect;
import dev.pando.lint.fact.LockLine;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.fact.Speeds;
import dev.pando.lint.read.Migration;
import dev.pando.lint.read.MigrationReader;
import dev.pando.lint.read.MigrationReader.Mode;
import dev.pando.lint.read.Source;
import dev.pando.lint.read.Sources;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pando lint oracle}: the tables of what statements lock, made and checked on real servers, and one statement on each version. */
@Command(
        name = "oracle",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description = {
            "Run the statements of the oracle's corpus on real servers and say where they do something else than the tables of this Pando;"
                    + " or tell what one statement does on each version, side by side."
        },
        footer = {"", "Exit codes: 0 as the tables say, 1 not so, 2 wrong use or no server. Manual: docs/oracle.md"})
final class OracleCommand implements Callable<Integer> {
    private static final int DIFFERENT = 1;
    /** Progress is told each time so many statements have run. */
    private static final int PART = 100;

    @Parameters(
            paramLabel = "STATEMENT",
            arity = "0..1",
            description = "One statement, which is run on each version; or a key of the corpus, which is looked up.")
    @Nullable
    String statement;

    @Option(
            names = "--pg-version",
            paramLabel = "N",
            split = ",",
            defaultValue = "15,16,17,18",
            description = "Versions, with commas between them (default: ${DEFAULT-VALUE}).")
    List<Integer> versions = List.of();

    @Option(
            names = "--schema",
            paramLabel = "FILE",
            description = "SQL of the schema the statement meets; without it the schema of the corpus.")
    List<Path> schemas = List.of();

    @Option(names = "--write", paramLabel = "DIR", description = "Write the tables there, a file for each version.")
    @Nullable
    Path folder;

    @Spec
    CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills these before call()
    OracleCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        if (statement != null && folder != null) {
            throw new ParameterException(spec.commandLine(), "--write is for the tables, not for one statement");
        }
        if (statement == null && !schemas.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--schema is for one statement: the corpus has its own");
        }
        return Ending.of(spec, () -> {
            List<Major> majors =
                    versions.stream().map(Major::packaged).distinct().toList();
            return statement == null ? corpus(majors) : statement(majors, statement);
        });
    }

    private int corpus(List<Major> majors) throws SQLException, IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Map<Major, Map<String, Observation>> tables = OracleTable.measure(majors, (major, done, all) -> {
            if (done % PART == 0 || done == all) {
                err.println(major + ": " + done + " of " + all + " statements");
            }
        });
        boolean same = true;
        for (Map.Entry<Major, Map<String, Observation>> table : tables.entrySet()) {
            Major major = table.getKey();
            String text = OracleTable.write(major, table.getValue());
            if (folder != null) {
                Files.createDirectories(folder);
                out.println("wrote " + Files.writeString(folder.resolve(OracleTable.name(major)), text));
            }
            List<String> differences = OracleTable.differences(OracleTable.text(major), text);
            long statements = differences.stream()
                    .filter(line -> !line.matches("[-+] .*"))
                    .count();
            out.println(
                    "PostgreSQL " + major.version() + ": " + table.getValue().size() + " statements, "
                            + (statements == 0 ? "all as the table says" : statements + " not as the table says"));
            differences.forEach(line -> out.println("  " + line));
            same &= differences.isEmpty();
        }
        out.flush();
        return same ? 0 : DIFFERENT;
    }

    private int statement(List<Major> majors, String sql) throws SQLException, IOException {
        PrintWriter out = spec.commandLine().getOut();
        boolean kept = Corpus.entries().stream().anyMatch(entry -> entry.key().equals(sql));
        String last = "";
        for (Major major : majors) {
            List<String> lines = kept ? List.of(kept(major, sql)) : measured(major, sql);
            String said = String.join("\n               ", lines);
            out.println("PostgreSQL " + major.number() + "  " + (said.equals(last) ? "the same" : said));
            out.flush();
            last = said;
        }
        return 0;
    }

    private static String kept(Major major, String key) {
        Observation seen = OracleTable.of(major).get(key);
        return seen == null ? "not in the table" : line(Effect.of(seen, List.of(), Set.of(), Sizes.NONE, List.of()));
    }

    private List<String> measured(Major major, String sql) throws SQLException, IOException {
        try (Ground ground = Grounds.empty(major.number(), true);
                var linter = new Linter(
                        ground.facts(), new Linter.Options(major.number(), Sizes.NONE, Speeds.DEFAULT, true, false))) {
            List<String> lines = new ArrayList<>();
            for (Source source : schema()) {
                linter.run(
                        new MigrationReader(Map.of(), Mode.PER_STATEMENT).read(source),
                        problem -> lines.add("before it: " + problem));
            }
            Migration one = new MigrationReader(Map.of(), Mode.PER_STATEMENT).read(new Source("statement", sql));
            linter.lint(one).steps().forEach(step -> lines.add(line(step.effect())));
            return lines;
        }
    }

    private List<Source> schema() throws IOException {
        if (schemas.isEmpty()) {
            return List.of(new Source("schema", Corpus.schema()));
        }
        List<Source> sources = new ArrayList<>();
        for (Path schema : schemas) {
            sources.addAll(Sources.of(schema));
        }
        return sources;
    }

    private static String line(Effect effect) {
        return LockLine.of(effect, Speeds.DEFAULT) + (effect.refusesTransaction() ? "; not in a transaction" : "");
    }
}
