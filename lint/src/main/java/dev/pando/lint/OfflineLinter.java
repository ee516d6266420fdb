package dev.pando.lint;

import dev.pando.grammar.Node;
import dev.pando.lab.Major;
import dev.pando.lab.oracle.Observation;
import dev.pando.lint.Parsing.Parsed;
import dev.pando.lint.fact.Effect;
import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.Limits;
import dev.pando.lint.fact.Names;
import dev.pando.lint.fact.Settings;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.fact.Speeds;
import dev.pando.lint.fact.Step;
import dev.pando.lint.fact.Variables;
import dev.pando.lint.offline.Lookup;
import dev.pando.lint.read.Migration;
import dev.pando.lint.read.PsqlCommand;
import dev.pando.lint.read.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges migrations without a server, by the oracle's tables: what these do not have is unknown. Each statement is taken to succeed. There are
 * no rewrites, since nothing proves them. Belongs to one thread.
 */
final class OfflineLinter implements AutoCloseable {
    private final Parsing parsing = new Parsing();
    private final Major major;
    private final Sizes sizes;
    private final Speeds speeds;
    private final boolean complete;
    private final Lookup lookup;
    private final Shared shared = new Shared();

    /** {@code complete}: whether the schema read before is the one that the migrations meet. */
    OfflineLinter(Major major, Sizes sizes, Speeds speeds, boolean complete) {
        this.major = major;
        this.complete = complete;
        this.sizes = sizes;
        this.speeds = speeds;
        lookup = new Lookup(major, parsing::statements);
    }

    /** Brings the schema to where the next migration begins, without judging. */
    void run(Migration migration) {
        for (Statement statement : migration.statements()) {
            Node node = parsed(statement).node();
            if (node != null) {
                after(node);
            } else if (!harmless(statement)) {
                lookup.lost("a statement that is not understood, " + migration.name() + ":" + statement.place());
            }
        }
        lookup.freshSession();
    }

    Report.File lint(Migration migration) {
        List<Step> before = shared.before(migration);
        List<Step> steps = new ArrayList<>(before);
        List<Finding> findings = new ArrayList<>();
        lookup.begin();
        Limits limits = Limits.NONE;
        for (Statement statement : migration.statements()) {
            limits = limits.at(statement);
            lookup.transaction(statement.transaction().id());
            Parsed parsed = parsed(statement);
            Node node = parsed.node();
            Step step = new Step(
                    migration,
                    statement,
                    node,
                    parsed.error(),
                    effect(statement, node),
                    new Before(steps),
                    limits,
                    surroundings(node));
            findings.addAll(Judgement.of(step, speeds));
            steps.add(step);
            if (node != null) {
                limits = limits.after(node);
                after(node);
            }
        }
        lookup.freshSession();
        shared.ended(migration, steps);
        return Report.File.of(migration, steps.subList(before.size(), steps.size()), findings);
    }

    private static boolean harmless(Statement statement) {
        return statement.kind() == Statement.Kind.PSQL && PsqlCommand.harmless(statement.sql());
    }

    private Parsed parsed(Statement statement) {
        return statement.kind() == Statement.Kind.SQL ? parsing.parse(statement.sql()) : new Parsed(null, null);
    }

    private Step.Surroundings surroundings(@Nullable Node node) {
        return new Step.Surroundings(
                major.number(),
                node == null ? Map.of() : lookup.meanings(node, sizes),
                Map.of(),
                node != null && node.is("DropStmt") ? lookup.dropped(node) : Set.of(),
                List.of(),
                Variables.NONE);
    }

    private Effect effect(Statement statement, @Nullable Node node) {
        if (harmless(statement)) {
            return Effect.NONE;
        }
        if (node == null) {
            lookup.lost("a statement that is not understood, at " + statement.place());
            return Linter.notRun(statement.kind());
        }
        if (!statement.transaction().block() && Settings.needsTransaction(node)) {
            Observation refused = Observation.failed("25P01", "it can only be used in transaction blocks");
            return Effect.of(refused, List.of(), Set.of(), sizes, List.of());
        }
        return Linter.controls(node)
                ? Effect.NONE
                : Effect.of(lookup.observe(node), List.of(), lookup.own(), sizes, List.of());
    }

    private void after(Node node) {
        if (node.is("VariableSetStmt")) {
            lookup.set(node);
        } else {
            lookup.apply(node);
            Node made = Names.created(node);
            if (!complete && made != null && node.flag("if_not_exists")) {
                lookup.doubtful(made);
            }
        }
    }

    @Override
    public void close() {
        parsing.close();
    }
}
