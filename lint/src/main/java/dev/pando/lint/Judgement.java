package dev.pando.lint;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.Inner;
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
import java.util.stream.Collectors;

/** What the rules say of a step. */
final class Judgement {
    /** Nobody notices a table that is blocked for so long. */
    private static final double SHORT_SECONDS = 0.1;

    private static final Set<String> TIMED = Set.of("blocks-reads", "blocks-writes", "lock-held-while-working");

    private Judgement() {}

    static List<Finding> of(Step step, Speeds speeds) {
        List<Finding> findings = new ArrayList<>();
        Set<String> said = new HashSet<>();
        check(step, "", speeds, findings, said);
        Set<String> own = findings.stream().map(Finding::rule).collect(Collectors.toSet());
        for (Inner inner : step.surroundings().code()) {
            Step within = step.within(inner);
            if (!inner.seen() || reached(within)) {
                List<Finding> more = new ArrayList<>();
                check(within, "within it: ", speeds, more, said);
                more.removeIf(finding ->
                        own.contains(finding.rule()) || findings.stream().anyMatch(finding::sameAs));
                findings.addAll(more);
            }
        }
        findings.removeIf(finding -> said.contains(finding.rule()));
        return findings;
    }

    private static void check(Step step, String before, Speeds speeds, List<Finding> findings, Set<String> said) {
        for (Rule rule : Rules.ALL) {
            Optional<String> message = rule.check(step);
            if (message.isPresent()) {
                said.addAll(rule.says());
                findings.add(finding(rule, step, before + message.get(), speeds));
            }
        }
    }

    /** What code does to a relation it has to lock; where all that it does was seen, what it has not locked it left alone. */
    private static boolean reached(Step within) {
        List<Node> relations = within.node() == null ? List.of() : changed(within.node());
        return !within.effect().known()
                || relations.isEmpty()
                || relations.stream()
                        .map(within::meaning)
                        .anyMatch(meaning -> within.effect().locks().stream()
                                .anyMatch(
                                        lock -> lock.relation().qualifiedName().equals(meaning.name())));
    }

    private static List<Node> changed(Node node) {
        Node relation = node.child("relation");
        return relation == null ? node.list("relations") : List.of(relation);
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
