package dev.pando.lint;

import dev.pando.grammar.Node;
import dev.pando.lab.oracle.Observation;
import dev.pando.lab.oracle.Outcome;
import dev.pando.lab.oracle.Relation;
import dev.pando.lab.oracle.RelationLock;
import dev.pando.lint.Parsing.Parsed;
import dev.pando.lint.fact.Effect;
import dev.pando.lint.fact.Finding;
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

    private static final Effect NOTHING =
            new Effect(new Outcome.Observed(), List.of(), List.of(), List.of(), List.of(), false, false);

    private final Parsing parsing = new Parsing();
    private final Facts facts;
    private final Options options;

    /**
     * How to judge.
     *
     * @param major of the server the migrations are for
     * @param rewrites whether to look for rewrites and prove them
     */
    public record Options(int major, Sizes sizes, Speeds speeds, boolean rewrites) {}

    Linter(Facts facts, Options options) {
        this.facts = facts;
        this.options = options;
    }

    /** Brings the schema to where the next migration begins, without judging; {@code problem} hears of what failed. */
    void run(Migration migration, Consumer<String> problem) throws SQLException {
        var session = new Session(facts);
        for (Statement statement : migration.statements()) {
            Parsed parsed = statement.kind() == Statement.Kind.SQL ? parsing.parse(statement.sql()) : null;
            Node node = parsed == null ? null : parsed.node();
            session.enters(statement);
            if (node == null) {
                problem.accept(migration.name() + ":" + statement.place() + " was left out, it is no SQL");
            } else if (CONTROL.contains(node.tag())) {
                session.control(statement, node);
            } else if (facts.apply(statement, node).outcome() instanceof Outcome.Failed failed) {
                problem.accept(migration.name() + ":" + statement.place() + " failed: " + failed.message());
            }
        }
    }

    Report.File lint(Migration migration) throws SQLException {
        List<Step> steps = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        judge(migration, new HashSet<>(), steps, findings);
        List<Finding> left = Allowances.of(migration, steps, findings);
        long own = left.stream().filter(finding -> !findings.contains(finding)).count();
        return new Report.File(migration, List.copyOf(steps), left, (int) (findings.size() + own - left.size()));
    }

    private void judge(Migration migration, Set<String> created, List<Step> steps, List<Finding> findings)
            throws SQLException {
        var session = new Session(facts);
        for (Statement statement : migration.statements()) {
            session.enters(statement);
            Parsed parsed =
                    statement.kind() == Statement.Kind.SQL ? parsing.parse(statement.sql()) : new Parsed(null, null);
            Node node = parsed.node();
            Effect effect = effect(statement, parsed, created, session);
            Step step = new Step(migration, statement, node, parsed.error(), effect, steps, options.major());
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
        try (var linter = new Linter(other, new Options(options.major(), options.sizes(), options.speeds(), false))) {
            linter.judge(migration, new HashSet<>(created), new ArrayList<>(), findings);
        }
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
        return Effect.of(facts.observe(statement, node), created, options.sizes());
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
