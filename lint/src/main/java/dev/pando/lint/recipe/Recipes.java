package dev.pando.lint.recipe;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Rewrite;
import dev.pando.lint.fact.Step;
import dev.pando.lint.recipe.Catalog.CatalogProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What to run instead of a statement. */
public final class Recipes {
    private static final Set<String> MENDED = Set.of(
            "index-not-concurrently",
            "drop-index-not-concurrently",
            "reindex-not-concurrently",
            "refresh-not-concurrently",
            "constraint-validated-under-lock",
            "set-not-null-scan",
            "unique-without-index",
            "column-type-rewrite",
            "column-default-rewrite",
            "attach-partition-scan",
            "detach-partition");

    private Recipes() {}

    /** Whether there is a recipe against what the rule finds. */
    public static boolean mends(String rule) {
        return MENDED.contains(rule);
    }

    /** Null when there is none for this statement on this schema. */
    public static @Nullable Rewrite of(Step step, Catalog catalog) {
        Node node = step.node();
        if (node == null) {
            return null;
        }
        Optional<Rewrite> found;
        try {
            found = node.is("AlterTableStmt")
                    ? AlterRecipe.of(step, node, catalog)
                    : ConcurrentRecipe.of(step, node, catalog);
        } catch (CatalogProblem e) {
            return null; // the schema could not be asked, so nothing is proven
        }
        return found.map(rewrite -> limited(step, rewrite)).orElse(null);
    }

    /** With a limit on the waits for locks, where the migration has none. */
    private static Rewrite limited(Step step, Rewrite rewrite) {
        List<String> notes = new ArrayList<>(rewrite.notes());
        if (step.statement().transaction().block() && rewrite.statements().size() > 1) {
            notes.add("each step in a transaction of its own: in one file of a tool they would share its transaction");
        }
        boolean waits = rewrite.statements().stream().anyMatch(statement -> !statement.contains("CONCURRENTLY"));
        if (!waits || step.limits().has("lock_timeout")) {
            return new Rewrite(rewrite.statements(), notes);
        }
        List<String> statements = new ArrayList<>(List.of("SET lock_timeout = '2s'"));
        statements.addAll(rewrite.statements());
        notes.add("try a step again when it fails with lock_timeout (55P03)");
        return new Rewrite(statements, notes);
    }
}
