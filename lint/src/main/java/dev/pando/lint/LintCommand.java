package dev.pando.lint;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.lab.Major;
import dev.pando.lab.twin.SnapshotFile;
import dev.pando.lab.twin.Target;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.fact.Speeds;
import dev.pando.lint.output.GithubReport;
import dev.pando.lint.output.JsonReport;
import dev.pando.lint.output.Paint;
import dev.pando.lint.output.SarifReport;
import dev.pando.lint.output.TerminalReport;
import dev.pando.lint.read.Migration;
import dev.pando.lint.read.MigrationReader;
import dev.pando.lint.read.Source;
import dev.pando.lint.read.Sources;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pando lint}. */
@Command(
        name = "lint",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        subcommands = {OracleCommand.class, RuleCommand.class},
        description = "Judge migrations by what their statements lock, scan and rewrite on a real server.",
        footer = {
            "",
            "Exit codes: 0 nothing found that --fail-on asks for, 1 something found, 2 wrong use or no server, 3 something unknown (--strict).",
            "Rules: pando lint rule. Manual: docs/lint.md"
        })
public final class LintCommand implements Callable<Integer> {
    private static final int FOUND = 1;
    private static final int UNKNOWN = 3;
    private static final int MOST_STATEMENTS = 10_000;
    private static final int MOST_NOTES = 5;

    /** When findings make the command fail. */
    enum FailOn {
        ERROR,
        WARNING,
        ADVICE,
        NEVER
    }

    @Parameters(paramLabel = "PATH", arity = "0..*", description = "Files and folders; - is standard input.")
    List<String> paths = List.of();

    @Option(
            names = "--git",
            paramLabel = "RANGE",
            description = "The .sql files that a range adds or changes: main..HEAD.")
    @Nullable
    String git;

    @Option(
            names = "--schema",
            paramLabel = "FILE",
            description = "SQL of the schema the migrations meet (pg_dump -s).")
    List<Path> schemas = List.of();

    @Option(
            names = "--target",
            paramLabel = "URL",
            description =
                    "The database the migrations are for, postgres://user@host/database: its schema and sizes are read.")
    @Nullable
    String target;

    @Option(
            names = "--snapshot",
            paramLabel = "FILE",
            description = "The same from a file of pando snapshot, without reaching the database.")
    @Nullable
    Path snapshot;

    @Option(
            names = "--pg-version",
            paramLabel = "N",
            defaultValue = "18",
            description = "Version of the server to measure on: 15 to 18 (default: ${DEFAULT-VALUE}).")
    int version;

    @Option(
            names = "--no-history",
            description = "Do not run the migrations of the same folder that come before those that are named.")
    boolean noHistory;

    @Mixin
    MigrationOptions read = new MigrationOptions();

    @Option(
            names = "--time-zone",
            paramLabel = "ZONE",
            description =
                    "TimeZone of the sessions that run the migrations. Without it UTC, and what another one makes worse counts.")
    @Nullable
    String timeZone;

    @Option(
            names = "--size",
            paramLabel = "TABLE=SIZE",
            description = "Size of a table in production, such as orders=41GB.")
    List<String> sizes = List.of();

    @Option(
            names = "--speed",
            paramLabel = "WORK=MB",
            description =
                    "MB a second of scan, rewrite and build, for estimates (default: scan=250, rewrite=60, build=40).")
    List<String> speeds = List.of();

    @Option(
            names = "--offline",
            description = "Start no server: tell what the oracle's tables have for certain, and call the rest unknown.")
    boolean offline;

    @Option(names = "--no-rewrites", description = "Do not look for statements to run instead.")
    boolean noRewrites;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Option(names = "--sarif", description = "Print SARIF 2.1.0, for code hosts.")
    boolean sarif;

    @Option(names = "--github", description = "Print workflow commands of GitHub Actions.")
    boolean github;

    @Option(
            names = "--fail-on",
            paramLabel = "SEVERITY",
            defaultValue = "warning",
            description =
                    "Exit with 1 from this severity on: error, warning, advice, never (default: ${DEFAULT-VALUE}).")
    FailOn failOn;

    @Option(
            names = "--exclude",
            paramLabel = "RULE",
            split = ",",
            description =
                    "Leave out what a rule finds, with commas between several; the summary tells how much that is.")
    List<String> excluded = List.of();

    @Option(names = "--strict", description = "Exit with 3 when something is unknown.")
    boolean strict;

    @Spec
    CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills these before call()
    public LintCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        if (Stream.of(json, sarif, github).filter(chosen -> chosen).count() > 1) {
            throw new ParameterException(spec.commandLine(), "--json, --sarif and --github exclude each other");
        }
        return Ending.of(spec, () -> {
            Set<String> without = new Given(spec.commandLine()).rules(excluded);
            Report report = report().without(without);
            print(report);
            return exitCode(report);
        });
    }

    private Report report() throws IOException, SQLException, InterruptedException {
        MigrationReader reader = read.migrations();
        List<Source> named = named();
        List<Source> before = noHistory ? List.of() : before(named);
        List<Migration> migrations = migrations(reader, named, folder());
        List<String> lacking = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        List<Report.File> files = new ArrayList<>();
        var given = new Given(spec.commandLine());
        Speeds speed = given.speeds(speeds);
        Map<String, Long> bytes = given.sizes(sizes);
        if (offline) {
            return offline(reader, before, migrations, new Sizes(bytes), speed);
        }
        boolean complete = complete(before);
        try (Ground ground = ground(complete, lacking::add)) {
            var options = new Linter.Options(
                    ground.major(), ground.sizes().with(bytes), speed, ground.complete(), !noRewrites);
            try (var linter = new Linter(ground.facts(), options)) {
                for (Path schema : schemas) {
                    for (Source source : Sources.of(schema)) {
                        linter.run(read.schemas().read(source), failed::add);
                    }
                }
                for (Source source : before) {
                    linter.run(reader.read(source), failed::add);
                }
                ground.facts()
                        .absent(bytes.keySet())
                        .forEach(table -> lacking.add("--size " + table + ": there is no such table"));
                for (Migration migration : migrations) {
                    files.add(linter.lint(migration));
                }
            }
            List<String> notes = shortened(lacking, "more things the twin lacks");
            notes.addAll(shortened(failed, "more statements before these migrations failed"));
            return new Report(ground.words() + words(before), notes, files, speed);
        }
    }

    private boolean complete(List<Source> before) {
        return !schemas.isEmpty() || !before.isEmpty() || folder();
    }

    private Report offline(
            MigrationReader reader, List<Source> before, List<Migration> migrations, Sizes known, Speeds speed)
            throws IOException {
        if (target != null || snapshot != null) {
            throw new ParameterException(spec.commandLine(), "--offline reads its schema from --schema or the history");
        }
        if (timeZone != null) {
            throw new ParameterException(
                    spec.commandLine(), "--time-zone is for a server: offline what depends on it is unknown");
        }
        Major major = Major.packaged(version);
        List<Report.File> files = new ArrayList<>();
        try (var linter = new OfflineLinter(major, known, speed, complete(before))) {
            for (Path schema : schemas) {
                for (Source source : Sources.of(schema)) {
                    linter.run(read.schemas().read(source));
                }
            }
            before.forEach(source -> linter.run(reader.read(source)));
            migrations.forEach(migration -> files.add(linter.lint(migration)));
        }
        String words =
                "looked up in the tables of PostgreSQL " + major.number() + ", no server was asked" + words(before);
        return new Report(words, List.of(), files, speed);
    }

    private Zone zone() {
        return timeZone == null ? Zone.USUAL : new Zone(timeZone, false);
    }

    private Ground ground(boolean complete, Consumer<String> lacking) throws IOException, SQLException {
        if (target != null && snapshot != null) {
            throw new ParameterException(spec.commandLine(), "--target and --snapshot are two sources of one schema");
        }
        if (snapshot != null) {
            if (!Files.isReadable(snapshot)) {
                throw new PandoException(PandoError.LINT_INPUT, snapshot, "it is not there or may not be read");
            }
            return Grounds.twin(SnapshotFile.read(snapshot), zone(), lacking);
        }
        return target == null
                ? Grounds.empty(version, zone(), complete)
                : Grounds.twin(Target.of(target, System.getenv()).read(), zone(), lacking);
    }

    /** Files of a range or those that are named are taken to run at once; those of a folder ran when they were new. */
    private static List<Migration> migrations(MigrationReader reader, List<Source> named, boolean folder) {
        List<Migration> migrations = folder ? named.stream().map(reader::read).toList() : reader.together(named);
        int statements = 0;
        for (Migration migration : migrations) {
            statements += migration.statements().size();
            if (statements > MOST_STATEMENTS) {
                throw new PandoException(
                        PandoError.LINT_INPUT,
                        migration.name(),
                        "with it there are " + statements + " statements, a run judges at most " + MOST_STATEMENTS);
            }
        }
        return migrations;
    }

    private String words(List<Source> before) {
        String schema = schemas.isEmpty() ? "" : ", schema of " + schemas.getFirst();
        String history = before.isEmpty()
                ? ""
                : ", after " + before.size() + " earlier migration" + (before.size() == 1 ? "" : "s");
        return schema + history;
    }

    private static List<String> shortened(List<String> notes, String more) {
        List<String> few = new ArrayList<>(notes.subList(0, Math.min(notes.size(), MOST_NOTES)));
        if (notes.size() > MOST_NOTES) {
            few.add((notes.size() - MOST_NOTES) + " " + more);
        }
        return few;
    }

    private List<Source> named() throws IOException, InterruptedException {
        List<Source> sources = new ArrayList<>();
        if (git != null) {
            sources.addAll(Sources.ofGit(Path.of(""), git));
        } else if (paths.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "Name files or folders of migrations, - for standard input, or --git RANGE");
        }
        for (String path : paths) {
            List<Source> found =
                    path.equals("-") ? List.of(Sources.standardInput(System.in)) : Sources.of(Path.of(path));
            if (found.isEmpty()) {
                throw new PandoException(PandoError.LINT_INPUT, path, "no .sql file is below it that runs forwards");
            }
            sources.addAll(found);
        }
        return sources;
    }

    /** Whether a whole folder is judged, which begins with nothing. */
    private boolean folder() {
        return paths.stream().anyMatch(path -> Files.isDirectory(Path.of(path)));
    }

    private List<Source> before(List<Source> named) throws IOException, InterruptedException {
        if (!schemas.isEmpty() || target != null || snapshot != null) {
            return List.of();
        }
        if (git != null) {
            return Sources.beforeGit(Path.of(""), git, named);
        }
        if (paths.size() != 1 || paths.getFirst().equals("-") || folder()) {
            return List.of();
        }
        return Sources.before(Path.of(paths.getFirst()));
    }

    private void print(Report report) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.print(JsonReport.text(report));
        } else if (sarif) {
            out.print(SarifReport.text(report));
        } else if (github) {
            GithubReport.lines(report).forEach(out::println);
        } else {
            TerminalReport.lines(report, Paint.ofTerminal()).forEach(out::println);
        }
        out.flush();
    }

    private int exitCode(Report report) {
        boolean found = failOn != FailOn.NEVER
                && report.findings()
                        .map(finding -> finding.severity())
                        .anyMatch(severity -> severity != Severity.UNKNOWN
                                && severity.compareTo(
                                                Severity.valueOf(failOn.name().toUpperCase(Locale.ROOT)))
                                        >= 0);
        if (found) {
            return FOUND;
        }
        return strict && report.count(Severity.UNKNOWN) > 0 ? UNKNOWN : 0;
    }
}
