package dev.pando.rehearse;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.terminal.ProgressLine;
import dev.pando.lab.twin.Target;
import dev.pando.lint.Ending;
import dev.pando.lint.MigrationOptions;
import dev.pando.lint.output.Paint;
import dev.pando.lint.read.Migration;
import dev.pando.lint.read.MigrationReader;
import dev.pando.lint.read.Source;
import dev.pando.lint.read.Sources;
import dev.pando.lint.read.Statement;
import dev.pando.rehearse.Copies.NamedText;
import dev.pando.rehearse.output.Comparison;
import dev.pando.rehearse.output.JsonReport;
import dev.pando.rehearse.output.RehearsalPlot;
import dev.pando.rehearse.output.Report;
import dev.pando.rehearse.output.TerminalComparison;
import dev.pando.rehearse.output.TerminalReport;
import dev.pando.rehearse.rows.Amounts;
import dev.pando.rehearse.traffic.Pace;
import dev.pando.rehearse.traffic.TrafficReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pando rehearse}. */
@Command(
        name = "rehearse",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description = "Run a migration on a copy with rows, under traffic, and tell who waited for it.",
        footer = {
            "",
            "Exit codes: 0 nobody waited longer than --budget, 1 somebody did, or a request or the migration failed, 2 wrong use or no copy.",
            "Manual: docs/rehearse.md"
        })
public final class RehearseCommand implements Callable<Integer> {
    private static final int DISTURBED = 1;
    private static final int MOST_STATEMENTS = 1_000;
    private static final Duration WARM_UP = Duration.ofSeconds(1);
    private static final int MOST_CLIENTS = 400;
    private static final int MOST_RATE = 20_000;
    private static final long USUAL_ROWS = 100_000;

    private static final Duration PREPARING = Duration.ofMinutes(10);

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The migration; several run one after the other.")
    List<Path> files = List.of();

    @Option(
            names = "--compare",
            paramLabel = "OTHER",
            description =
                    "Another way to the same end, run after it on the same copy under the same traffic; several run one after the other.")
    List<Path> compared = List.of();

    @Option(names = "--schema", paramLabel = "FILE", description = "SQL of the schema (pg_dump -s); rows are made.")
    List<Path> schemas = List.of();

    @Option(
            names = "--target",
            paramLabel = "URL",
            description = "The database the migration is for: its schema and sizes are read, rows are made.")
    @Nullable
    String target;

    @Option(names = "--restore", paramLabel = "DUMP", description = "What pg_dump wrote, with its rows.")
    @Nullable
    Path restore;

    @Option(
            names = "--pg-version",
            paramLabel = "N",
            defaultValue = "18",
            description = "Version of the server, without --target: 15 to 18 (default: ${DEFAULT-VALUE}).")
    int version;

    @Option(
            names = "--rows",
            paramLabel = "[TABLE=]N",
            description = "Rows of each table, or with --target of the largest (default: 100000); or of one table.")
    List<String> rows = List.of();

    @Option(names = "--scale", paramLabel = "F", description = "Part of the target's rows to make, such as 0.01.")
    double scale;

    @Option(
            names = "--traffic",
            paramLabel = "FILE",
            description = "Statements for the clients to draw from, or a log (csvlog, jsonlog) to replay.")
    @Nullable
    Path traffic;

    @Option(
            names = "--speed-up",
            paramLabel = "F",
            defaultValue = "1",
            description = "How much faster than it was a log is replayed (default: ${DEFAULT-VALUE}).")
    double speedUp;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "16",
            description = "Sessions of the traffic, unless a log is replayed (default: ${DEFAULT-VALUE}).")
    int clients;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "400",
            description = "Requests a second of all clients (default: ${DEFAULT-VALUE}).")
    int rate;

    @Option(
            names = "--long-reader",
            paramLabel = "TIME",
            converter = Durations.class,
            defaultValue = "0",
            description = "A session more, whose transactions read the migration's tables and last so long.")
    Duration longReader;

    @Option(
            names = "--baseline",
            paramLabel = "TIME",
            converter = Durations.class,
            defaultValue = "5s",
            description = "Traffic before the migration (default: ${DEFAULT-VALUE}).")
    Duration baseline;

    @Option(
            names = "--after",
            paramLabel = "TIME",
            converter = Durations.class,
            defaultValue = "2s",
            description = "Traffic after it (default: ${DEFAULT-VALUE}).")
    Duration after;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            converter = Durations.class,
            defaultValue = "100ms",
            description = "Nobody is to wait longer for the migration (default: ${DEFAULT-VALUE}).")
    Duration budget;

    @Option(
            names = "--limit",
            paramLabel = "TIME",
            converter = Durations.class,
            defaultValue = "10min",
            description = "The migration is cancelled when it takes longer (default: ${DEFAULT-VALUE}).")
    Duration limit;

    @Option(
            names = "--attempts",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "How often a statement that is its own transaction is tried when it fails with lock_timeout (default: ${DEFAULT-VALUE}).")
    int attempts;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Of generated traffic (default: 1).")
    long seed;

    @Mixin
    MigrationOptions read = new MigrationOptions();

    @Option(
            names = "--svg",
            paramLabel = "FILE",
            description = "Draw latencies, waits and the migration's statements over time.")
    @Nullable
    Path svg;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Spec
    CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills these before call()
    public RehearseCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        return Ending.of(spec, () -> {
            require();
            return rehearsed();
        });
    }

    private void require() {
        int sources = (schemas.isEmpty() ? 0 : 1) + (target == null ? 0 : 1) + (restore == null ? 0 : 1);
        require(sources <= 1, "--schema, --target and --restore exclude each other");
        require(clients >= 1 && clients <= MOST_CLIENTS, "--clients is 1 to " + MOST_CLIENTS);
        require(rate >= 1 && rate <= MOST_RATE, "--rate is 1 to " + MOST_RATE);
        require(attempts >= 1 && attempts <= 1_000, "--attempts is 1 to 1000");
        require(speedUp > 0 && speedUp <= 1_000, "--speed-up is more than 0 and at most 1000");
        require(scale >= 0 && scale <= 1, "--scale is a part of the target's rows, such as 0.01");
        require(scale == 0 || target != null, "--scale is a part of the target's rows: it needs --target");
        require(restore == null || rows.isEmpty(), "--restore brings its rows: leave --rows out");
        require(svg == null || writable(svg), "--svg names a file to write, in a folder that is there");
        require(!baseline.isZero(), "--baseline is what the time during the migration is compared with: leave some");
    }

    private static boolean writable(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return !Files.isDirectory(file) && folder != null && Files.isWritable(folder);
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private int rehearsed() throws IOException, SQLException, InterruptedException {
        List<Variant> variants = new ArrayList<>();
        variants.add(variant(files));
        if (!compared.isEmpty()) {
            variants.add(variant(compared));
        }
        List<Rehearsed> rehearsed = rehearsed(variants, amounts(), asked());
        print(rehearsed);
        if (svg != null) {
            Files.writeString(
                    svg,
                    RehearsalPlot.svg(rehearsed.stream().map(Rehearsed::drawn).toList()));
        }
        return rehearsed.getFirst().report().passed() ? 0 : DISTURBED;
    }

    private Variant variant(List<Path> named) throws IOException {
        String name = named.stream().map(Path::toString).collect(Collectors.joining(", "));
        return new Variant(name, migrations(named));
    }

    private List<Rehearsed> rehearsed(List<Variant> variants, Amounts wanted, CompleteRehearsal.Asked asked)
            throws IOException, SQLException, InterruptedException {
        try (var line = new ProgressLine(spec.commandLine().getErr())) {
            long begun = System.nanoTime();
            Consumer<String> progress = text -> line.show(text, Duration.ofNanos(System.nanoTime() - begun));
            try (Copy copy = copy(asked.clients(), progress)) {
                return new CompleteRehearsal(copy, options(), asked, progress).run(variants, wanted.in(copy.rows()));
            }
        }
    }

    private Options options() {
        return new Options(WARM_UP, baseline, after, limit, budget, attempts, longReader);
    }

    private CompleteRehearsal.Asked asked() throws IOException {
        var pace = new Pace(clients, rate, seed, speedUp);
        return new CompleteRehearsal.Asked(pace, traffic == null ? null : TrafficReader.read(traffic, pace));
    }

    private List<Migration> migrations(List<Path> named) throws IOException {
        MigrationReader reader = read.migrations();
        List<Migration> migrations = new ArrayList<>();
        int all = 0;
        for (Path file : named) {
            for (Source source : Sources.of(file)) {
                Migration migration = reader.read(source);
                for (Statement statement : migration.statements()) {
                    runnable(migration, statement);
                }
                all += migration.statements().size();
                migrations.add(migration);
            }
        }
        if (all == 0 || all > MOST_STATEMENTS) {
            throw new PandoException(
                    PandoError.REHEARSE_INPUT,
                    named.getFirst(),
                    "there are " + all + " statements, and it takes 1 to " + MOST_STATEMENTS);
        }
        return migrations;
    }

    private static void runnable(Migration migration, Statement statement) {
        String problem = switch (statement.kind()) {
            case SQL -> "";
            case PSQL -> statement.sql() + " is a command of psql's, which only psql runs";
            case PLACEHOLDER -> "a placeholder has no value: give it with --placeholder NAME=VALUE";
        };
        if (!problem.isEmpty()) {
            throw new PandoException(PandoError.REHEARSE_INPUT, migration.name() + ":" + statement.place(), problem);
        }
    }

    private Copy copy(int sessions, Consumer<String> progress) throws IOException, SQLException, InterruptedException {
        if (target != null) {
            progress.accept("reading " + Target.of(target, System.getenv()));
            return Copies.twin(Target.of(target, System.getenv()).read(), sessions, longest(), progress);
        }
        List<NamedText> texts = new ArrayList<>();
        for (Path schema : schemas) {
            for (Source source : Sources.of(schema)) {
                texts.add(new NamedText(source.name(), source.text()));
            }
        }
        if (schemas.isEmpty() && restore == null) {
            if (files.size() == 1 && !Files.isDirectory(files.getFirst())) {
                for (Source source : Sources.before(files.getFirst())) {
                    texts.add(new NamedText(source.name(), source.text()));
                }
            }
            if (texts.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "Name what the copy is made of: --schema FILE, --target URL or --restore DUMP");
            }
        }
        progress.accept("starting a server");
        return Copies.of(version, sessions, longest(), texts, restore);
    }

    /** For any statement, also before the migration: whoever waits for that takes longer than it. */
    private Duration longest() {
        return (limit.compareTo(PREPARING) > 0 ? limit : PREPARING).plusMinutes(1);
    }

    private Amounts amounts() {
        long all = USUAL_ROWS;
        Map<String, Long> named = new LinkedHashMap<>();
        for (String text : rows) {
            int equals = text.lastIndexOf('=');
            String number = text.substring(equals + 1).replace("_", "");
            require(number.matches("[0-9]{1,9}"), "--rows takes a number, or TABLE=number, not " + text);
            if (equals < 0) {
                all = Long.parseLong(number);
            } else {
                String table = text.substring(0, equals);
                Long before = named.put(table, Long.valueOf(number));
                require(
                        before == null || before.equals(Long.valueOf(number)),
                        "--rows names " + table + " twice, with different numbers");
            }
        }
        return new Amounts(all, scale, named, Map.of());
    }

    private void print(List<Rehearsed> rehearsed) {
        PrintWriter out = spec.commandLine().getOut();
        Report report = rehearsed.getFirst().report();
        if (rehearsed.size() > 1) {
            Comparison comparison = Rehearsed.comparison(rehearsed.getFirst(), rehearsed.getLast());
            print(
                    out,
                    () -> JsonReport.text(comparison),
                    () -> TerminalComparison.lines(comparison, Paint.ofTerminal()));
        } else {
            print(
                    out,
                    () -> JsonReport.text(report),
                    () -> TerminalReport.lines(report, Paint.ofTerminal(), next(report)));
        }
        out.flush();
    }

    private void print(PrintWriter out, Supplier<String> program, Supplier<List<String>> people) {
        if (json) {
            out.print(program.get());
        } else {
            people.get().forEach(out::println);
        }
    }

    /** The one thing to do now. */
    private String next(Report report) {
        if (!report.passed()) {
            String says = " says what to run instead";
            String file = files.getFirst().toString();
            if (restore != null) {
                return "pando lint --schema SCHEMA " + file + says + " (SCHEMA of pg_dump -s)";
            }
            String with =
                    target != null ? "--target URL " : schemas.isEmpty() ? "" : "--schema " + schemas.getFirst() + " ";
            return "pando lint " + with + file + says;
        }
        return longReader.isZero() ? "the same behind a long transaction: --long-reader 3s" : "";
    }
}
