package dev.pando.rehearse.output;

import dev.pando.base.terminal.TextTable;
import dev.pando.lint.output.Paint;
import dev.pando.rehearse.output.Comparison.Named;
import dev.pando.rehearse.watch.RelationWait;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** A comparison for people: what both have in common, then one below the other, then the verdict. */
public final class TerminalComparison {
    private static final int MOST_DIFFERENCES = 5;

    private final Comparison comparison;
    private final Paint paint;
    private final List<String> lines = new ArrayList<>();
    private final TerminalReport left;
    private final TerminalReport right;

    private TerminalComparison(Comparison comparison, Paint paint) {
        this.comparison = comparison;
        this.paint = paint;
        this.left = new TerminalReport(comparison.one().report(), paint, lines);
        this.right = new TerminalReport(comparison.other().report(), paint, lines);
    }

    public static List<String> lines(Comparison comparison, Paint paint) {
        var terminal = new TerminalComparison(comparison, paint);
        terminal.left.copy();
        terminal.left.steps(terminal.title("A", comparison.one()));
        terminal.right.steps(terminal.title("B", comparison.other()));
        terminal.waits();
        terminal.requests();
        terminal.pictures();
        terminal.verdict();
        return terminal.lines;
    }

    private String title(String letter, Named named) {
        return paint.bold(letter + "  " + named.name());
    }

    private Report one() {
        return comparison.one().report();
    }

    private Report other() {
        return comparison.other().report();
    }

    private void waits() {
        lines.add(paint.bold("who waited for it")
                + paint.faint("  looked at every 10 ms, longest gap " + TerminalReport.time(one().gap()) + " and "
                        + TerminalReport.time(other().gap())));
        Set<String> relations = new LinkedHashSet<>();
        Stream.of(one(), other())
                .flatMap(report -> report.waits().stream())
                .forEach(wait -> relations.add(wait.relation()));
        if (relations.isEmpty()) {
            lines.add("  nobody that was seen");
        } else {
            var table = new TextTable("  table", "", "waits", "longest", "p99", "queue", "because of");
            table.leftAlign(0, 1, 6);
            for (String relation : relations) {
                wait(table, "  " + TerminalReport.table(relation), "A", left, one(), relation);
                wait(table, "", "B", right, other(), relation);
            }
            table.render().lines().forEach(lines::add);
        }
        lines.add("");
    }

    private static void wait(
            TextTable table, String name, String letter, TerminalReport terminal, Report report, String relation) {
        RelationWait wait = report.waits().stream()
                .filter(one -> one.relation().equals(relation))
                .findFirst()
                .orElse(null);
        if (wait == null) {
            table.row(name, letter, "-", "", "", "", "");
            return;
        }
        table.row(
                name,
                letter,
                Integer.toString(wait.waits()),
                TerminalReport.time(wait.longest() / 1e3),
                TerminalReport.time(wait.p99() / 1e3),
                Integer.toString(wait.queue()),
                terminal.cause(wait.blame()));
    }

    private void requests() {
        lines.add(paint.bold("requests")
                + paint.faint("  from when they were due to their answer: p50 / p99 / longest, in ms"));
        var table = new TextTable("  table", "", "before", "during", "after", "requests during");
        table.leftAlign(0, 1);
        Set<String> names = new LinkedHashSet<>();
        Stream.of(one(), other())
                .flatMap(report -> report.requests().stream())
                .forEach(each -> names.add(each.table()));
        // All together come last.
        if (names.remove("")) {
            names.add("");
        }
        for (String name : names) {
            String shown = "  " + (name.isEmpty() ? "all" : TerminalReport.shown(name));
            requests(table, shown, "A", one(), name);
            requests(table, "", "B", other(), name);
        }
        table.render().lines().forEach(lines::add);
        lines.add("");
    }

    private static void requests(TextTable table, String shown, String letter, Report report, String name) {
        report.requests().stream()
                .filter(requests -> requests.table().equals(name))
                .findFirst()
                .ifPresentOrElse(
                        requests -> table.row(
                                shown,
                                letter,
                                TerminalReport.latency(requests.before()),
                                TerminalReport.latency(requests.during()),
                                TerminalReport.latency(requests.after()),
                                String.format(
                                        Locale.ROOT, "%,d", requests.during().requests())),
                        () -> table.row(shown, letter, "-", "-", "-", ""));
    }

    private void pictures() {
        for (TerminalReport terminal : List.of(left, right)) {
            lines.add(paint.bold(terminal == left ? "A" : "B"));
            terminal.failures();
            terminal.picture();
        }
    }

    private void verdict() {
        lines.add("A  " + left.verdict());
        lines.add("B  " + right.verdict());
        List<String> differences = comparison.differences();
        if (!one().migrated() || !other().migrated()) {
            lines.add("what they leave behind cannot be compared, as not both succeeded");
        } else if (differences.isEmpty()) {
            lines.add("both leave the same schema behind");
        } else {
            lines.add("the schemas they leave behind differ: "
                    + String.join(
                            ", ", differences.stream().limit(MOST_DIFFERENCES).toList())
                    + (differences.size() > MOST_DIFFERENCES
                            ? " and " + (differences.size() - MOST_DIFFERENCES) + " more"
                            : ""));
        }
        lines.add(
                switch (comparison.better()) {
                    case ONE -> better("A", comparison.one());
                    case OTHER -> better("B", comparison.other());
                    case NEITHER ->
                        one().passed()
                                ? "either may run: nobody waits too long"
                                : "neither is better: both disturb others alike";
                });
    }

    private static String better(String letter, Named named) {
        return letter + ", " + named.name()
                + (named.report().passed() ? ", may run" : ", is better, and still not good enough");
    }
}
