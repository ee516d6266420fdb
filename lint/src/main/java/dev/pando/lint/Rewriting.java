package dev.pando.lint;

import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.Rewrite;
import dev.pando.lint.fact.Step;
import dev.pando.lint.read.Migration;
import dev.pando.lint.read.MigrationReader;
import dev.pando.lint.read.Source;
import dev.pando.lint.recipe.Recipes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Offers a rewrite where there is a recipe, after it has been linted on a copy of the same schema and nothing was found. */
final class Rewriting {
    private final Linter linter;
    private final Facts facts;

    Rewriting(Linter linter, Facts facts) {
        this.linter = linter;
        this.facts = facts;
    }

    /** The findings, the first that the recipe is about with its rewrite. */
    List<Finding> offered(Step step, List<Finding> findings, Beginning beginning) throws SQLException {
        int place = -1;
        for (int i = 0; i < findings.size() && place < 0; i++) {
            place = Recipes.mends(findings.get(i).rule()) ? i : -1;
        }
        if (place < 0) {
            return findings;
        }
        Rewrite rewrite = proven(step, beginning);
        List<Finding> all = new ArrayList<>(findings);
        all.set(place, all.get(place).with(rewrite));
        return all;
    }

    private @Nullable Rewrite proven(Step step, Beginning beginning) throws SQLException {
        Rewrite rewrite = Recipes.of(step, facts.catalog());
        if (rewrite == null) {
            return null;
        }
        Migration migration = new MigrationReader(Map.of(), MigrationReader.Mode.BY_FORMAT)
                .read(new Source("rewrite", limits(step) + rewrite.sql()));
        try (Facts tried = facts.fork()) {
            return linter.on(tried, migration, beginning).isEmpty() ? rewrite : null;
        }
    }

    /** What the migration has set before stays in force for what stands instead of one of its statements. */
    private static String limits(Step step) {
        return step.limits().has("lock_timeout") ? "SET lock_timeout = '2s';\n" : "";
    }
}
