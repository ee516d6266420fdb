package dev.pando.lint;

import dev.pando.grammar.Node;
import dev.pando.lab.TemporaryServer;
import dev.pando.lab.oracle.Observation;
import dev.pando.lab.oracle.Outcome;
import dev.pando.lab.oracle.Relation;
import dev.pando.lab.oracle.RelationLock;
import dev.pando.lint.Parsing.Parsed;
import dev.pando.lint.fact.Effect;
import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.Limits;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.fact.Speeds;
import dev.pando.lint.fact.Step;
import dev.pando.lint.read.Migration;
import dev.pando.lint.read.Statement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Judges migrations one after the other, each statement on the schema that those before it left. Belongs to one thread. */
public final class Linter implements AutoCloseable {
    /** Statements that change how others are run, and nothing in the database. */
    private static final Set<String> CONTROL = Set.of(
            "TransactionStmt", "VariableSetStmt", "VariableShowStmt", "DiscardStmt", "ExplainStmt", "CheckPointStmt");

    /** Of objects that are not there. */
    private static final Set<String> MISSING = Set.of("42P01", "42703", "42704", "42883", "3F000");

    private static final Effect NOTHING = new Effect(new Outcome.Observed(), List.of(), List.of(), List.of(), false);

    private final Parsing parsing;
    private final Facts facts;
    private final Options options;
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
        for (Statement statement : migration.statements()) {
            Node node = statement.kind() == Statement.Kind.SQL
                    ? parsing.parse(statement.sql()).node()
                    : null;
            if (node == null) {
                incomplete |= statement.kind() != Statement.Kind.PSQL;
                continue;
            }
            try {
                session.enters(statement);
                run(statement, node, session);
            } catch (SQLException e) {
                incomplete = true;
                problem.accept(migration.name() + ":" + statement.place() + " failed: " + e.getMessage());
            }
        }
        facts.freshSession();
    }

    private void run(Statement statement, Node node, Session session) throws SQLException {
        if (node.is("VariableSetStmt")) {
            session.control(statement, node);
        } else if (!node.is("CopyStmt") && !node.is("TransactionStmt")) {
            facts.run(statement.sql());
        }
    }

    Report.File lint(Migration migration) throws SQLException {
        List<Step> steps = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        judge(migration, new HashSet<>(), steps, findings);
        facts.freshSession();
        List<Finding> left = Allowances.of(migration, steps, findings);
        long own = left.stream().filter(finding -> !findings.contains(finding)).count();
        return new Report.File(migration, List.copyOf(steps), left, (int) (findings.size() + own - left.size()));
    }

    private void judge(Migration migration, Set<String> created, List<Step> steps, List<Finding> findings)
            throws SQLException {
        var session = new Session(facts);
        Limits limits = Limits.NONE;
        for (Statement statement : migration.statements()) {
            session.enters(statement);
            limits = limits.at(statement);
            Parsed parsed =
                    statement.kind() == Statement.Kind.SQL ? parsing.parse(statement.sql()) : new Parsed(null, null);
            Node node = parsed.node();
            Effect effect = effect(statement, parsed, created, session);
            Step step = new Step(
                    migration, statement, node, parsed.error(), effect, new Before(steps), limits, options.major());
            limits = node == null ? limits : limits.after(node);
            List<Finding> found = Judgement.of(step, options.speeds());
            if (node != null && options.rewrites() && !found.isEmpty()) {
                found = new Rewriting(this, facts).offered(step, found, created);
            }
            findings.addAll(found);
            steps.add(step);
            if (node != null && !CONTROL.contains(node.tag())) {
                remember(facts.apply(statement, node), created);
            }
        }
    }

    /** Findings of a migration on another schema than this linter's, {@code created} being what counts as new there. */
    List<Finding> on(Facts other, Migration migration, Set<String> created) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        var there = new Options(options.major(), options.sizes(), options.speeds(), true, false);
        new Linter(other, there, parsing).judge(migration, new HashSet<>(created), new ArrayList<>(), findings);
        return findings;
    }

    private Effect effect(Statement statement, Parsed parsed, Set<String> created, Session session)
            throws SQLException {
        Node node = parsed.node();
        if (node == null) {
            return Effect.unknown(
                    switch (statement.kind()) {
                        case PSQL -> "a command of psql, which only psql runs";
                        case PLACEHOLDER -> "a placeholder has no value";
                        case SQL -> "it is no SQL";
                    });
        }
        if (CONTROL.contains(node.tag())) {
            session.control(statement, node);
            return NOTHING;
        }
        Observation seen = facts.observe(statement, node);
        if (seen.outcome() instanceof Outcome.Failed failed) {
            incomplete |= node.is("CreateExtensionStmt");
            if ((incomplete || ofPublication(node))
                    && (node.is("CreateExtensionStmt") || MISSING.contains(failed.sqlState()))) {
                return Effect.unknown("the schema at hand lacks what it needs: " + failed.message());
            }
        }
        List<String> fallen = cascades(node) ? facts.cascade(statement) : List.of();
        return Effect.of(seen, fallen, created, options.sizes());
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

    private static void remember(Observation seen, Set<String> created) {
        seen.locks().stream()
                .map(RelationLock::relation)
                .filter(relation -> !relation.existed())
                .map(Relation::qualifiedName)
                .forEach(created::add);
    }

    @Override
    public void close() {
        parsing.close();
    }
}
