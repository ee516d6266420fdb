package dev.pando.lint;

import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.Step;
import dev.pando.lint.read.Allow;
import dev.pando.lint.read.Migration;
import dev.pando.lint.rule.Rules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Comments that allow what is found. */
final class Allowances {
    private Allowances() {}

    /** The findings that no comment allows, and those about comments. */
    static List<Finding> of(Migration migration, List<Step> steps, List<Finding> findings) {
        List<Finding> left = new ArrayList<>(findings);
        for (Allow allow : migration.allows()) {
            if (steps.isEmpty()) {
                continue;
            }
            boolean found = findings.stream().anyMatch(finding -> speaksOf(allow, finding));
            if (!found) {
                left.add(about(allow, steps, Rules.ALLOW_UNUSED, unused(allow)));
            } else if (allow.reason() == null) {
                left.add(about(allow, steps, Rules.ALLOW_WITHOUT_REASON, "says no reason, so nothing is allowed"));
            } else {
                left.removeIf(finding -> speaksOf(allow, finding));
            }
        }
        left.sort(Comparator.comparingInt(finding -> finding.step().statement().number()));
        return left;
    }

    private static String unused(Allow allow) {
        return Rules.of(allow.rule()).isEmpty()
                ? "there is no rule " + allow.rule()
                : allow.rule() + " finds nothing in the statement";
    }

    private static boolean speaksOf(Allow allow, Finding finding) {
        return finding.rule().equals(allow.rule()) && finding.step().statement().number() == allow.statement();
    }

    private static Finding about(Allow allow, List<Step> steps, String rule, String message) {
        int number = allow.statement() < 0 ? steps.size() - 1 : allow.statement();
        return new Finding(
                rule, Rules.of(rule).orElseThrow().text().severity(), steps.get(number), allow.place(), message, null);
    }
}
