package dev.pando.lint;

import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Speeds;
import dev.pando.lint.fact.Step;
import dev.pando.lint.fact.Work;
import dev.pando.lint.rule.Rule;
import dev.pando.lint.rule.Rules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the rules say of a step. */
final class Judgement {
    /** Nobody notices a table that is blocked for so long. */
    private static final double SHORT_SECONDS = 0.1;

    private static final Set<String> TIMED = Set.of("blocks-reads", "blocks-writes", "lock-held-while-working");

    private Judgement() {}

    static List<Finding> of(Step step, Speeds speeds) {
        List<Finding> findings = new ArrayList<>();
        Set<String> said = new HashSet<>();
        for (Rule rule : Rules.ALL) {
            Optional<String> message = rule.check(step);
            if (message.isPresent()) {
                said.addAll(rule.says());
                findings.add(finding(rule, step, message.get(), speeds));
            }
        }
        findings.removeIf(finding -> said.contains(finding.rule()));
        return findings;
    }

    private static Finding finding(Rule rule, Step step, String message, Speeds speeds) {
        String id = rule.text().id();
        boolean timed = TIMED.contains(id) || rule.says().stream().anyMatch(TIMED::contains);
        Severity severity =
                timed && isShort(step, speeds) ? Severity.ADVICE : rule.text().severity();
        return new Finding(id, severity, step, step.statement().place(), message, null);
    }

    private static boolean isShort(Step step, Speeds speeds) {
        List<Work> work = step.effect().work();
        return !work.isEmpty()
                && work.stream().allMatch(part -> part.bytes().isPresent())
                && work.stream().mapToDouble(part -> part.seconds(speeds)).sum() < SHORT_SECONDS;
    }
}
