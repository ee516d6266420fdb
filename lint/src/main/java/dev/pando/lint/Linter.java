package dev.pando.lint;

import dev.pando.grammar.Node;
import dev.pando.lab.Messages;
import dev.pando.lab.SessionEnded;
import dev.pando.lab.TemporaryServer;
import dev.pando.lab.oracle.Observation;
import dev.pando.lab.oracle.Outcome;
import dev.pando.lab.oracle.Relation;
import dev.pando.lab.oracle.RelationLock;
import dev.pando.lint.Parsing.Parsed;
import dev.pando.lint.code.CodeReader;
import dev.pando.lint.code.Reading;
import dev.pando.lint.fact.Change;
import dev.pando.lint.fact.Effect;
import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.Inner;
import dev.pando.lint.fact.Limits;
import dev.pando.lint.fact.Meaning;
import dev.pando.lint.fact.Names;
import dev.pando.lint.fact.Reach;
import dev.pando.lint.fact.Setting;
import dev.pando.lint.fact.Settings;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.fact.Speeds;
import dev.pando.lint.fact.Step;
import dev.pando.lint.fact.Variables;
import dev.pando.lint.read.Migration;
import dev.pando.lint.read.PsqlCommand;
import dev.pando.lint.read.Statement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Judges migrations one after the other, each statement on the schema that those before it left. Belongs to one thread. */
public final class Linter implements AutoCloseable {
    /** Statements that change how others are run, and nothing in the database. */
    private static final Set<String> CONTROL =
            Set.of("TransactionStmt", "VariableSetStmt", "VariableShowStmt", "DiscardStmt", "CheckPointStmt");

    /** Statements whose code may change the schema. */
    private static final Set<String> CODE = Set.of("DoStmt", "CallStmt", "SelectStmt");

    /** Of objects that are not there. */
    private static final Set<String> MISSING = Set.of("42P01", "42703", "42704", "42883", "3F000");

    private static final String SKIPPED = " does not exist, skipping";

    private final Parsing parsing;
    private final Facts facts;
    private final Options options;
    private final Shared shared = new Shared();
    /** Whether statements may meet a schema that lacks what the real one has. */
    private boolean incomplete;

    /**
     * How to judge.
     *
     * @param major of the server the migrations are for
     * @param complete whether the schema at hand is the one the migrations meet, so that what they lack is their own fault
     * @param rewrites whether to look for rewrites and prove them
     */
    public record Options(int major, Sizes sizes, Speeds speeds, boolean complete, boolean rewrites) {}

    Linter(Facts facts, Options options) {
        this(facts, options, new Parsing());
    }

    private Linter(Facts facts, Options options, Parsing parsing) {
        this.parsing = parsing;
        this.facts = facts;
        this.options = options;
        this.incomplete = !options.complete();
    }

    /** Judges migrations one after the other in a database that they may change; rewrites are proven in copies of it. */
    public static List<Report.File> judge(
            TemporaryServer server, String database, List<Migration> migrations, Options options) throws SQLException {
        List<Report.File> files = new ArrayList<>();
        try (var facts = new Facts(server, database);
                var linter = new Linter(facts, options)) {
            for (Migration migration : migrations) {
                files.add(linter.lint(migration));
            }
        }
        return files;
    }

    /** Brings the schema to where the next migration begins, without judging; {@code problem} hears of what failed. */
    void run(Migration migration, Consumer<String> problem) throws SQLException {
        var session = new Session(facts);
        Set<Integer> undone = undone(migration);
        for (Statement statement : migration.statements()) {
            Node node = statement.kind() == Statement.Kind.SQL
                    ? parsing.parse(statement.sql()).node()
                    : null;
            if (node == null) {
                incomplete |= statement.kind() != Statement.Kind.PSQL || !PsqlCommand.harmless(statement.sql());
                continue;
            }
            try {
                session.enters(statement);
                if (!undone.contains(statement.transaction().id())) {
                    run(statement, node, session);
                }
            } catch (SQLException e) {
                incomplete = true;
                problem.accept(migration.name() + ":" + statement.place() + " failed: "
                        + (SessionEnded.reason(e) == null ? e.getMessage() : Messages.of(e)));
            }
        }
        facts.freshSession();
    }

    private void run(Statement statement, Node node, Session session) throws SQLException {
        incomplete |= partlyUndone(node);
        if (node.is("VariableSetStmt") || Setting.alone(node).isPresent()) {
            session.control(statement, node);
        } else if (!node.is("CopyStmt") && !node.is("TransactionStmt") && !Settings.needsTransaction(node)) {
            if (CODE.contains(node.tag())) {
                incomplete |=
                        !reader(Map.of()).read(node, statement.sql()).doubts().isEmpty();
            }
            facts.run(statement.sql(), node);
        }
    }

    private CodeReader reader(Map<String, Node> prepared) throws SQLException {
        return new CodeReader(parsing, schema(), prepared, !incomplete);
    }

    static boolean controls(Node node) {
        return CONTROL.contains(node.tag()) || Setting.alone(node).isPresent();
    }

    /** The transactions that end with ROLLBACK. */
    private Set<Integer> undone(Migration migration) {
        Map<Integer, Statement> last = new HashMap<>();
        for (Statement statement : migration.statements()) {
            if (statement.transaction().block()) {
                last.put(statement.transaction().id(), statement);
            }
        }
        Set<Integer> undone = new HashSet<>();
        last.forEach((id, statement) -> {
            Node node = parsing.parse(statement.sql()).node();
            if (node != null && node.is("TransactionStmt") && node.text("kind").equals("TRANS_STMT_ROLLBACK")) {
                undone.add(id);
            }
        });
        return undone;
    }

    /** Whether a transaction goes on after a part of it was undone. */
    private static boolean partlyUndone(Node node) {
        return node.is("TransactionStmt")
                && (node.text("kind").equals("TRANS_STMT_ROLLBACK_TO")
                        || (node.text("kind").equals("TRANS_STMT_ROLLBACK") && node.flag("chain")));
    }

    Report.File lint(Migration migration) throws SQLException {
        List<Step> before = shared.before(migration);
        List<Step> steps = new ArrayList<>(before);
        List<Finding> findings = new ArrayList<>();
        judge(new Course(migration, Beginning.now(facts.session()), steps, findings));
        facts.freshSession();
        shared.ended(migration, steps);
        return Report.File.of(migration, steps.subList(before.size(), steps.size()), findings);
    }

    /** How far a migration has come. */
    private final class Course {
        final Migration migration;
        final Beginning beginning;
        final List<Step> steps;
        final List<Finding> findings;
        final Session session = new Session(facts);
        final Map<String, Node> prepared = new HashMap<>();
        final Set<Integer> undone;
        Limits limits = Limits.NONE;
        int transaction = -1;

        Course(Migration migration, Beginning beginning, List<Step> steps, List<Finding> findings) {
            this.migration = migration;
            this.beginning = beginning;
            this.steps = steps;
            this.findings = findings;
            this.undone = undone(migration);
        }

        void enters(Statement statement) throws SQLException {
            session.enters(statement);
            limits = limits.at(statement);
            int id = statement.transaction().id();
            if (id != transaction) {
                facts.committed();
                facts.undo();
                if (undone.contains(id)) {
                    facts.attempt();
                }
                beginning.transaction(facts.session());
            }
            transaction = id;
        }
    }

    private void judge(Course course) throws SQLException {
        for (Statement statement : course.migration.statements()) {
            course.enters(statement);
            Parsed parsed =
                    statement.kind() == Statement.Kind.SQL ? parsing.parse(statement.sql()) : new Parsed(null, null);
            Node node = parsed.node();
            Step step = step(course, statement, parsed);
            course.limits = node == null ? course.limits : course.limits.after(node);
            List<Finding> found = Judgement.of(step, options.speeds());
            if (node != null && options.rewrites() && !found.isEmpty()) {
                found = new Rewriting(this, facts).offered(step, found, course.beginning);
            }
            course.findings.addAll(found);
            course.steps.add(step);
            if (node != null && !controls(node)) {
                apply(course, statement, node);
            }
            incomplete |= facts.lost() || (node != null && partlyUndone(node));
        }
    }

    private void apply(Course course, Statement statement, Node node) throws SQLException {
        Node query = node.child("query");
        if (node.is("PrepareStmt") && query != null) {
            course.prepared.put(node.text("name"), query);
        }
        if (node.is("PrepareStmt") || node.is("DeallocateStmt")) {
            return; // observed, it has been done
        }
        Observation seen = facts.apply(statement, node);
        Node made = Names.created(node);
        if (incomplete && made != null && node.flag("if_not_exists") && seen.observed()) {
            String name = Names.of(made);
            for (Meaning meaning :
                    schema().meanings(List.of(name), course.beginning).values()) {
                course.beginning.doubtful(meaning.oid());
            }
        }
    }

    /** Findings of a migration on another schema than this linter's, which had begun as {@code beginning} says. */
    List<Finding> on(Facts other, Migration migration, Beginning beginning) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        var there = new Options(options.major(), options.sizes(), options.speeds(), true, false);
        var linter = new Linter(other, there, parsing);
        linter.judge(linter.new Course(migration, beginning.copy(), new ArrayList<>(), findings));
        return findings;
    }

    private Schema schema() throws SQLException {
        return new Schema(facts.session(), options.sizes());
    }

    private Step step(Course course, Statement statement, Parsed parsed) throws SQLException {
        Node node = parsed.node();
        Reading reading = node == null || controls(node)
                ? Reading.NOTHING
                : reader(course.prepared).read(node, statement.sql());
        Map<String, Meaning> relations = new HashMap<>();
        Map<String, List<Reach>> reached = new HashMap<>();
        Set<String> dropped = new HashSet<>();
        if (node != null) {
            List<Node> all = Stream.concat(
                            Stream.of(node), reading.statements().stream().map(Inner::node))
                    .toList();
            relations.putAll(schema().meanings(names(all), course.beginning));
            reached.putAll(schema().reached(
                            all.stream()
                                    .flatMap(each -> Change.of(each).stream())
                                    .toList(),
                            course.beginning));
            for (Node drop : all) {
                if (drop.is("DropStmt") || drop.is("AlterEnumStmt")) {
                    dropped.addAll(schema().dropped(drop, course.beginning));
                }
            }
        }
        Effect effect = effect(course, statement, parsed, reading);
        incomplete |= reading.open() || effect.outcome() instanceof Outcome.Unknown;
        var surroundings = new Step.Surroundings(
                options.major(), relations, reached, dropped, reading.statements(), Variables.NONE);
        return new Step(
                course.migration,
                statement,
                node,
                parsed.error(),
                effect,
                new Before(course.steps),
                course.limits,
                surroundings);
    }

    private static Set<String> names(List<Node> nodes) {
        Set<String> names = new HashSet<>();
        for (Node node : nodes) {
            node.all("RangeVar").forEach(range -> names.add(Names.of(range)));
        }
        return names;
    }

    private Effect effect(Course course, Statement statement, Parsed parsed, Reading reading) throws SQLException {
        Node node = parsed.node();
        if (node == null) {
            return notRun(statement);
        }
        if (!statement.transaction().block() && Settings.needsTransaction(node)) {
            return Effect.of(facts.observeAlone(statement), List.of(), Set.of(), options.sizes(), List.of());
        }
        if (partlyUndone(node)) {
            return Effect.unknown("what it undoes is not followed, so statements after it meet that still");
        }
        Observation seen = controls(node) ? course.session.observe(statement, node) : facts.observe(statement, node);
        if (seen.outcome() instanceof Outcome.Failed failed) {
            String reason = unknown(node, failed, reading);
            if (reason != null) {
                return Effect.unknown(reason);
            }
        }
        List<String> fallen = cascades(node) ? facts.cascade(statement) : List.of();
        Effect effect =
                Effect.of(seen, fallen, own(seen, course.beginning), options.sizes(), doubts(node, seen, reading));
        // A new file of an empty table looks like a rewrite.
        effect = node.is("TruncateStmt") ? effect.withoutWork() : effect;
        return reading.ends() ? effect.refusingTransaction() : effect;
    }

    private Effect notRun(Statement statement) {
        if (statement.kind() == Statement.Kind.PSQL) {
            if (PsqlCommand.harmless(statement.sql())) {
                return Effect.NONE;
            }
            incomplete = true;
        }
        return notRun(statement.kind());
    }

    static Effect notRun(Statement.Kind kind) {
        return Effect.unknown(
                switch (kind) {
                    case PSQL -> "a command of psql, which only psql runs";
                    case PLACEHOLDER -> "a placeholder has no value";
                    case SQL -> "it is no SQL, or nested too deeply or too large for Pando to read it";
                });
    }

    /** Why a statement that failed here may not fail where it is meant for; null if it does. */
    private @Nullable String unknown(Node node, Outcome.Failed failed, Reading reading) {
        boolean extension = node.is("CreateExtensionStmt");
        incomplete |= extension;
        if ((incomplete || ofPublication(node)) && (extension || MISSING.contains(failed.sqlState()))) {
            return "the schema at hand lacks what it needs: " + failed.message();
        }
        if (failed.message().startsWith("tablespace ") || node.is("SecLabelStmt")) {
            return "it needs what only the server in production has: " + failed.message();
        }
        // Class P0 is what PL/pgSQL raises, class 22 what it says of values, such as the maximum of no rows.
        boolean ofRows = failed.sqlState().startsWith("P0")
                || (CODE.contains(node.tag()) && failed.sqlState().startsWith("22"));
        return reading.doubts().isEmpty() && !ofRows
                ? null
                : "it fails here, where tables are empty: " + failed.message();
    }

    private List<String> doubts(Node node, Observation seen, Reading reading) {
        List<String> doubts = new ArrayList<>(reading.doubts());
        Unseen.of(node, options.major()).ifPresent(doubts::add);
        if (incomplete) {
            seen.notes().stream()
                    .filter(note -> note.endsWith(SKIPPED) && !note.startsWith("role "))
                    .map(note -> note.substring(0, note.length() - SKIPPED.length()))
                    .forEach(
                            missing -> doubts.add("the schema at hand has no " + missing + ", production may have it"));
        }
        return doubts;
    }

    /** The qualified names of what it has met and the migration has made itself. */
    private Set<String> own(Observation seen, Beginning beginning) throws SQLException {
        Set<String> names = new HashSet<>();
        Stream.of(
                        seen.locks().stream().map(RelationLock::relation),
                        seen.files().stream().map(file -> file.relation()),
                        seen.builds().stream().map(build -> build.table()),
                        seen.reads().stream().map(read -> read.relation()))
                .flatMap(relations -> relations)
                .filter(Relation::existed)
                .map(Relation::qualifiedName)
                .forEach(names::add);
        Set<String> own = new HashSet<>();
        schema().meanings(names, beginning).forEach((name, meaning) -> {
            if (meaning.own()) {
                own.add(name);
            }
        });
        return own;
    }

    /** No twin has the publications of its target. */
    private static boolean ofPublication(Node node) {
        return node.is("AlterPublicationStmt")
                || (node.is("DropStmt") && node.text("removeType").equals("OBJECT_PUBLICATION"));
    }

    private static boolean cascades(Node node) {
        return node.text("behavior").equals("DROP_CASCADE")
                || node.list("cmds").stream()
                        .anyMatch(command -> command.text("behavior").equals("DROP_CASCADE"));
    }

    @Override
    public void close() {
        parsing.close();
    }
}
