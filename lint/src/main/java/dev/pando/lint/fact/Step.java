package dev.pando.lint.fact;

import dev.pando.grammar.Node;
import dev.pando.lint.read.Migration;
import dev.pando.lint.read.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement with what is known of it.
 *
 * @param node of the grammar; null for what the grammar refuses
 * @param syntaxError why it does, null when it does not
 * @param before the steps of the same migration before this one
 * @param limits in force where it stands
 * @param major of the server the migration is for
 */
public record Step(
        Migration migration,
        Statement statement,
        @Nullable Node node,
        @Nullable String syntaxError,
        Effect effect,
        List<Step> before,
        Limits limits,
        int major) {

    public boolean is(String tag) {
        return node != null && node.is(tag);
    }

    /** The steps before this one in its transaction. */
    public List<Step> sharing() {
        int transaction = statement.transaction().id();
        return before.stream()
                .filter(step -> step.statement.transaction().id() == transaction)
                .toList();
    }

    /** Whether the relation was there before the migration; what another migration made counts as there. */
    public boolean existed(@Nullable Node range) {
        return range != null && Names.existed(this, range);
    }

    /** The relation that an ALTER TABLE, a CREATE INDEX or the like is about; null for other statements. */
    public @Nullable Node relation() {
        return node == null ? null : node.child("relation");
    }
}
