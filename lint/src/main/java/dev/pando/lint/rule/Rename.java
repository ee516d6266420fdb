package dev.pando.lint.rule;

import dev.pando.base.sql.Quote;
import dev.pando.grammar.Node;
import dev.pando.lint.fact.Names;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;
import java.util.Set;

/** RENAME, SET SCHEMA, and RENAME VALUE of an enum. */
final class Rename implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("rename", Severity.ERROR, "a name that running code uses goes away", """
                The new code cannot run before the migration, the old code cannot run after it, and both run at once while a
                deployment lasts.
                """, """
                For a column: add one with the new name, write both, move the readers, drop the old one. For a table: rename it and
                leave an updatable view under the old name, in one transaction, until nothing uses it.
                """);
    }

    private static final Set<String> UNSEEN = Set.of(
            "OBJECT_INDEX",
            "OBJECT_TABCONSTRAINT",
            "OBJECT_DOMCONSTRAINT",
            "OBJECT_TRIGGER",
            "OBJECT_POLICY",
            "OBJECT_RULE");

    @Override
    public Optional<String> check(Step step) {
        Node node = step.node();
        if (node != null && node.is("AlterEnumStmt") && node.has("oldVal") && Names.existing(step, node)) {
            return Optional.of("code that knows " + Quote.literal(node.text("oldVal")) + " fails from now on");
        }
        if (node == null || !(node.is("RenameStmt") || node.is("AlterObjectSchemaStmt"))) {
            return Optional.empty();
        }
        boolean column = Set.of("OBJECT_COLUMN", "OBJECT_ATTRIBUTE").contains(node.text("renameType"));
        boolean unseen = UNSEEN.contains(node.text("renameType"));
        Node relation = node.child("relation");
        boolean own = column && Names.madeHere(step, node.text("subname"));
        if (unseen || own || (relation != null && !step.existed(relation)) || Names.takenAtOnce(step, column)) {
            return Optional.empty();
        }
        String old = column ? node.text("subname") : relation == null ? "the old name" : Names.of(relation);
        return Optional.of("code that knows " + old + " fails from now on");
    }
}
