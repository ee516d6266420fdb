package dev.pando.lint.rule;

import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import java.util.Optional;

/** A lock that others queue behind, without a limit on the wait for it. */
final class LockTimeout implements Rule {
    @Override
    public RuleText text() {
        return new RuleText("lock-timeout", Severity.ADVICE, "no lock_timeout", """
                A statement that waits for its lock makes everybody wait who comes after it: one long SELECT in front is enough to
                stop a table. With lock_timeout it gives up, and can be tried again.
                """, """
                SET lock_timeout = '2s' before the first statement that takes a strong lock (SET LOCAL within a transaction), and let
                the migration be tried again when it fails with 55P03.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        return without(step) && step.before().stream().noneMatch(LockTimeout::without)
                ? Optional.of("waits for its lock without a limit, and everybody else behind it: set lock_timeout")
                : Optional.empty();
    }

    private static boolean without(Step step) {
        return !step.limits().has("lock_timeout")
                && !step.effect().writeBlocking().isEmpty();
    }
}
