package dev.pando.lint.rule;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** ALTER TYPE ADD VALUE, then the value. */
final class EnumValueUsed implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "enum-value-used", Severity.ERROR, "a new value of an enum is used in its transaction", """
                A value that was added to an enum cannot be used before its transaction has committed (SQLSTATE 55P04).
                """, """
                Add the value in one transaction, use it in the next.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        Node node = step.node();
        if (node == null) {
            return Optional.empty();
        }
        Set<String> added = step.sharing().stream()
                .map(Step::node)
                .filter(other -> other != null && other.is("AlterEnumStmt") && !other.has("oldVal"))
                .map(other -> other.text("newVal"))
                .collect(Collectors.toSet());
        return node.all("A_Const").stream()
                .map(Node::constant)
                .filter(value -> value != null && added.contains(value))
                .findFirst()
                .map(value -> "uses '" + value + "', which this transaction has just added");
    }
}
