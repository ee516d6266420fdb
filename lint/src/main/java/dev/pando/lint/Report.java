package dev.pando.lint;

import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Speeds;
import dev.pando.lint.fact.Step;
import dev.pando.lint.read.Migration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was found.
 *
 * @param ground what the statements were run on, in words
 * @param notes what the reader has to know of the ground, such as migrations before these that failed
 * @param excluded how many findings of which rules were left out
 */
public record Report(String ground, List<String> notes, List<File> files, Speeds speeds, Map<String, Long> excluded) {
    /**
     * Of one migration.
     *
     * @param findings by statement, then as the rules are ordered
     * @param allowed findings that a comment with a reason allows
     */
    public record File(Migration migration, List<Step> steps, List<Finding> findings, int allowed) {
        /** With what comments allow left out, and what is wrong with these comments added. */
        static File of(Migration migration, List<Step> steps, List<Finding> found) {
            List<Finding> left = Allowances.of(migration, steps, found);
            long own = left.stream().filter(finding -> !found.contains(finding)).count();
            return new File(migration, List.copyOf(steps), left, (int) (found.size() + own - left.size()));
        }
    }

    public Report {
        notes = List.copyOf(notes);
        files = List.copyOf(files);
        excluded = Collections.unmodifiableMap(new TreeMap<>(excluded));
    }

    Report(String ground, List<String> notes, List<File> files, Speeds speeds) {
        this(ground, notes, files, speeds, Map.of());
    }

    /** The same without what some rules find. */
    Report without(Set<String> rules) {
        List<File> left = files.stream()
                .map(file -> new File(
                        file.migration,
                        file.steps,
                        file.findings.stream()
                                .filter(finding -> !rules.contains(finding.rule()))
                                .toList(),
                        file.allowed))
                .toList();
        Map<String, Long> gone = findings()
                .map(Finding::rule)
                .filter(rules::contains)
                .collect(Collectors.groupingBy(rule -> rule, Collectors.counting()));
        return new Report(ground, notes, left, speeds, gone);
    }

    public Stream<Finding> findings() {
        return files.stream().flatMap(file -> file.findings().stream());
    }

    public long count(Severity severity) {
        return findings().filter(finding -> finding.severity() == severity).count();
    }
}
