package dev.pando.lint.rule;

import dev.pando.lab.oracle.Outcome;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** A statement that failed when it was run. */
final class StatementFails implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("statement-fails", Severity.ERROR, "PostgreSQL refuses the statement", """
                The statement was run on a server of that version with that schema, and the server refused it. So it does
                outside a transaction with what needs one: LOCK, SAVEPOINT, DECLARE without WITH HOLD.
                """, """
                Mend it. If the schema it was run on is not the one it is for, give it with --schema or --target.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return step.effect().outcome() instanceof Outcome.Failed failed && step.syntaxError() == null
                ? Optional.of("the server refuses it: " + failed.message() + " (" + failed.sqlState() + ")")
                : Optional.empty();
    }
}
