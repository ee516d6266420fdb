package dev.pando.lint;

import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Speeds;
import dev.pando.lint.fact.Step;
import dev.pando.lint.read.Migration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was found.
 *
 * @param ground what the statements were run on, in words
 * @param notes what the reader has to know of the ground, such as migrations before these that failed
 */
public record Report(String ground, List<String> notes, List<File> files, Speeds speeds) {
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
    }

    public Stream<Finding> findings() {
        return files.stream().flatMap(file -> file.findings().stream());
    }

    public long count(Severity severity) {
        return findings().filter(finding -> finding.severity() == severity).count();
    }
}
