package dev.pando.lint.output;

import dev.pando.lint.Report;
import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.LockLine;
import dev.pando.lint.fact.Rewrite;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import dev.pando.lint.read.Migration;
import dev.pando.lint.rule.Rules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A report for people: each statement that something is said of, its lock line, what is said, and what to run instead. */
public final class TerminalReport {
    private static final int MOST_LINES = 6;
    private static final int WIDTH = 110;
    private static final String INDENT = "    ";

    private final Report report;
    private final Paint paint;
    private final List<String> lines = new ArrayList<>();
    /** Rules whose advice has been given. */
    private final Set<String> advised = new HashSet<>();

    private TerminalReport(Report report, Paint paint) {
        this.report = report;
        this.paint = paint;
    }

    public static List<String> lines(Report report, Paint paint) {
        var terminal = new TerminalReport(report, paint);
        report.notes().forEach(note -> terminal.lines.add(paint.faint("note: " + note)));
        report.files().forEach(terminal::file);
        terminal.summary();
        return terminal.lines;
    }

    private void file(Report.File file) {
        if (file.findings().isEmpty()) {
            return;
        }
        Migration migration = file.migration();
        lines.add(paint.bold(migration.name())
                + paint.faint("  " + migration.format().title() + ", " + transactions(migration)));
        lines.add("");
        int last = -1;
        for (Finding finding : file.findings()) {
            int number = finding.step().statement().number();
            if (number != last) {
                if (last >= 0) {
                    lines.add("");
                }
                statement(file, finding.step());
            }
            last = number;
            finding(finding);
            boolean mended = file.findings().stream()
                    .anyMatch(other ->
                            other.rewrite() != null && other.step().statement().number() == number);
            if (!mended && advised.add(finding.rule())) {
                instead(finding.rule());
            }
        }
        lines.add("");
    }

    private static String transactions(Migration migration) {
        boolean alone = migration.statements().stream()
                .noneMatch(statement -> statement.transaction().block());
        return alone ? "each statement commits by itself" : migration.format().transactions();
    }

    private void statement(Report.File file, Step step) {
        String place = file.migration().name() + ":" + step.statement().place();
        lines.add("  " + paint.bold(place));
        List<String> text = step.statement().source().lines().toList();
        text.stream().limit(MOST_LINES).forEach(line -> lines.add(INDENT + paint.faint("│ ") + line.stripTrailing()));
        if (text.size() > MOST_LINES) {
            lines.add(INDENT + paint.faint("│ … " + (text.size() - MOST_LINES) + " more lines"));
        }
        if (step.effect().ran()) {
            lines.add(INDENT + paint.bold("→ " + LockLine.of(step.effect(), report.speeds())));
        }
    }

    private void finding(Finding finding) {
        String word = String.format(Locale.ROOT, "%-7s", finding.severity().word());
        lines.add(INDENT + paint.severity(finding.severity(), word) + " " + Paint.visible(finding.message()) + "  "
                + paint.faint("[" + finding.rule() + "]"));
        if (finding.rewrite() != null) {
            rewrite(finding.step(), finding.rewrite());
        }
    }

    private void instead(String rule) {
        StringBuilder line = new StringBuilder("instead:");
        for (String word : Rules.of(rule).orElseThrow().text().instead().split(" ", -1)) {
            if (line.length() + word.length() >= WIDTH) {
                lines.add(INDENT + INDENT + paint.faint(line.toString()));
                line.setLength(0);
                line.append(INDENT).append(word);
            } else {
                line.append(' ').append(word);
            }
        }
        lines.add(INDENT + INDENT + paint.faint(line.toString()));
    }

    private void rewrite(Step step, Rewrite rewrite) {
        lines.add("");
        lines.add(INDENT + INDENT + paint.faint("proven on the same schema: nothing is found in this instead"));
        Stream.of(step.statement().source() + ";")
                .flatMap(String::lines)
                .forEach(line -> lines.add(INDENT + INDENT + paint.removed("- " + line)));
        rewrite.sql().lines().forEach(line -> lines.add(INDENT + INDENT + paint.added("+ " + line)));
        rewrite.notes().forEach(note -> lines.add(INDENT + INDENT + paint.faint("-- " + note)));
    }

    private void summary() {
        long statements =
                report.files().stream().mapToLong(file -> file.steps().size()).sum();
        String found = Stream.of(Severity.ERROR, Severity.WARNING, Severity.UNKNOWN, Severity.ADVICE)
                .filter(severity -> report.count(severity) > 0)
                .map(severity -> paint.severity(severity, counted(report.count(severity), severity.word())))
                .collect(Collectors.joining(", "));
        long allowed = report.files().stream().mapToLong(Report.File::allowed).sum();
        lines.add((found.isEmpty() ? "nothing found" : found) + " in "
                + counted(statements, "statement") + " of "
                + counted(report.files().size(), "file")
                + (allowed > 0 ? ", " + allowed + " allowed by comments" : "") + leftOut() + "; "
                + Paint.visible(report.ground()));
        String next = next();
        if (!next.isEmpty()) {
            lines.add("next: " + Paint.visible(next));
        }
    }

    private String leftOut() {
        String each = report.excluded().entrySet().stream()
                .map(rule -> rule.getValue() + " of " + rule.getKey())
                .collect(Collectors.joining(", "));
        return each.isEmpty() ? "" : ", left out by --exclude: " + each;
    }

    private static String counted(long count, String noun) {
        boolean plural = count != 1 && !noun.equals("advice") && !noun.equals("unknown");
        return count + " " + noun + (plural ? "s" : "");
    }

    /** One step, the one that helps most. */
    private String next() {
        Finding worst = report.findings()
                .filter(finding -> finding.severity() != Severity.ADVICE)
                .max((left, right) -> left.severity().compareTo(right.severity()) != 0
                        ? left.severity().compareTo(right.severity())
                        : Boolean.compare(left.rewrite() != null, right.rewrite() != null))
                .orElse(null);
        if (worst == null) {
            return "";
        }
        String place = worst.step().migration().name() + ":" + worst.place().line();
        return worst.rewrite() != null
                ? "replace the statement at " + place + " as shown"
                : "pando lint rule " + worst.rule() + " tells what to do about " + place;
    }
}
