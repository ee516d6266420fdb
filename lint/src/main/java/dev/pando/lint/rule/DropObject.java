package dev.pando.lint.rule;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Names;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** DROP of tables, views, types, functions and schemas. */
final class DropObject implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("drop-object", Severity.WARNING, "an object that running code may use goes away", """
                Code that still uses the object fails, and what a table holds is gone.
                """, """
                Make the code forget it first and deploy that. Rename the table for a while if you are not sure, and say in an allow
                comment that nothing uses it.
                """);
    }

    private static final Set<String> USED = Set.of(
            "OBJECT_TABLE",
            "OBJECT_VIEW",
            "OBJECT_MATVIEW",
            "OBJECT_FOREIGN_TABLE",
            "OBJECT_TYPE",
            "OBJECT_DOMAIN",
            "OBJECT_SCHEMA",
            "OBJECT_SEQUENCE",
            "OBJECT_FUNCTION",
            "OBJECT_PROCEDURE",
            "OBJECT_ROUTINE",
            "OBJECT_EXTENSION");

    @Override
    public Optional<String> check(Step step) {
        Node node = step.node();
        if (node == null
                || !node.is("DropStmt")
                || !USED.contains(node.text("removeType"))
                || !Names.existing(step, node)) {
            return Optional.empty();
        }
        // IF EXISTS of what is not there: seen, and nothing was locked.
        boolean table = node.text("removeType").equals("OBJECT_TABLE");
        if (table && step.effect().ran() && step.effect().locks().isEmpty()) {
            return Optional.empty();
        }
        List<String> names = Names.dropped(node).stream().map(Names::of).toList();
        return Optional.of("code that still uses " + String.join(", ", names) + " fails from now on");
    }
}
