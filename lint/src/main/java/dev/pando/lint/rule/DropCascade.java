package dev.pando.lint.rule;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** CASCADE that takes other objects with it. */
final class DropCascade implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("drop-cascade", Severity.WARNING, "CASCADE drops more than the statement names", """
                CASCADE also drops what depends on the object: views, foreign keys, defaults, triggers, policies. Which ones depends
                on the database it runs in.
                """, """
                Name each object that is meant to go, and leave CASCADE out: then PostgreSQL refuses to drop what you did not think
                of.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        Node node = step.node();
        boolean cascades = node != null
                && ((node.is("DropStmt") && node.text("behavior").equals("DROP_CASCADE"))
                        || Alter.any(
                                step, "", command -> command.text("behavior").equals("DROP_CASCADE")));
        if (!cascades) {
            return Optional.empty();
        }
        List<String> fallen = step.effect().cascade();
        if (step.effect().known() && fallen.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                fallen.isEmpty() ? "what else falls is not known" : "also drops " + String.join(", ", fallen));
    }

    @Override
    public Set<String> says() {
        return Set.of("locks-other-table");
    }
}
