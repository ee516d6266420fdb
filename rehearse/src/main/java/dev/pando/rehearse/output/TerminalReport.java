package dev.pando.rehearse.output;

import dev.pando.base.terminal.TextTable;
import dev.pando.lint.fact.LockLine;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.output.Paint;
import dev.pando.rehearse.output.Report.Failures;
import dev.pando.rehearse.output.Report.Filling;
import dev.pando.rehearse.output.Report.Step;
import dev.pando.rehearse.watch.Blame;
import dev.pando.rehearse.watch.Failure;
import dev.pando.rehearse.watch.RelationWait;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report for people. */
public final class TerminalReport {
    private static final int MOST_NOTES = 5;
    private static final int MOST_FAILURES = 5;
    private static final int MOST_TABLES = 8;
    private static final int WIDEST_STATEMENT = 90;
    private static final String BARS = "▁▂▃▄▅▆▇█";

    private final Report report;
    private final Paint paint;
    private final List<String> lines;

    /** @param lines that it adds to */
    TerminalReport(Report report, Paint paint, List<String> lines) {
        this.report = report;
        this.paint = paint;
        this.lines = lines;
    }

    /** @param next what to do now, empty when there is nothing */
    public static List<String> lines(Report report, Paint paint, String next) {
        List<String> lines = new ArrayList<>();
        var terminal = new TerminalReport(report, paint, lines);
        terminal.copy();
        terminal.steps(paint.bold("the migration"));
        terminal.waits();
        terminal.requests();
        terminal.failures();
        terminal.picture();
        terminal.end(next);
        return lines;
    }

    void copy() {
        report.notes().stream().limit(MOST_NOTES).forEach(note -> lines.add(paint.faint("note: " + note)));
        if (report.notes().size() > MOST_NOTES) {
            lines.add(paint.faint("note: " + (report.notes().size() - MOST_NOTES) + " more of these"));
        }
        lines.add(paint.bold("copy     ") + report.ground());
        List<Filling> filled =
                report.tables().stream().filter(table -> table.rows() > 0).toList();
        filled.stream()
                .limit(MOST_TABLES)
                .forEach(table -> lines.add(String.format(
                        Locale.ROOT,
                        "         %s: %,d rows, %s%s",
                        shown(table.table()),
                        table.rows(),
                        LockLine.bytes(table.bytes()),
                        table.target().isPresent()
                                ? " (" + LockLine.bytes((long) table.target().getAsDouble()) + " in the target)"
                                : "")));
        if (filled.size() > MOST_TABLES) {
            lines.add("         and " + (filled.size() - MOST_TABLES) + " smaller tables");
        }
        report.tables().stream()
                .filter(table -> table.problem() != null)
                .forEach(table -> lines.add("         " + paint.severity(Severity.WARNING, shown(table.table()))
                        + (table.rows() == 0 ? " is empty, nothing is said of it: " : ": ") + table.problem()));
        lines.add(paint.bold("traffic  ") + report.traffic());
        lines.add("");
    }

    void steps(String title) {
        lines.add(title + "  " + (report.migrated() ? "done in " : "failed after ") + time(report.migration()));
        var table = new TextTable("  line", "time", "waited itself", "statement");
        table.leftAlign(3);
        for (Step step : report.steps()) {
            table.row(
                    Integer.toString(step.line()),
                    time(step.time()),
                    step.own() == 0 ? "" : time(step.own()),
                    shortened(step.sql()) + (step.attempts() > 1 ? "  (attempt " + step.attempts() + ")" : ""));
        }
        table.render().lines().forEach(lines::add);
        for (Step step : report.steps()) {
            Failure failure = step.failure();
            if (failure != null) {
                lines.add(paint.severity(Severity.ERROR, "  line " + step.line() + " fails: ") + failure.message()
                        + " (" + failure.sqlState() + ")");
            }
        }
        lines.add("");
    }

    private void waits() {
        if (report.waits().isEmpty()) {
            lines.add(paint.bold("who waited for it") + "  nobody that was seen, looking every 10 ms (longest gap "
                    + time(report.gap()) + ")");
            lines.add("");
            return;
        }
        lines.add(paint.bold("who waited for it")
                + paint.faint("  looked at every 10 ms, longest gap " + time(report.gap())));
        var table = new TextTable("  table", "waits", "longest", "p99", "queue", "because of");
        table.leftAlign(0, 5);
        for (RelationWait wait : report.waits()) {
            table.row(
                    "  " + table(wait.relation()),
                    Integer.toString(wait.waits()),
                    time(wait.longest() / 1e3),
                    time(wait.p99() / 1e3),
                    Integer.toString(wait.queue()),
                    cause(wait.blame()));
        }
        table.render().lines().forEach(lines::add);
        lines.add("");
    }

    /** Waits for rows of a table that nobody knows, for one, have none. */
    static String table(String relation) {
        return relation.isEmpty() ? "(rows)" : shown(relation);
    }

    String cause(Blame blame) {
        String line = report.lineOf(blame.step());
        if (blame.mode() == null) {
            return line + (blame.granted() ? "" : ", itself waiting");
        }
        String mode = LockLine.mode(blame.mode());
        if (!blame.granted()) {
            return line + " waiting for " + mode;
        }
        return mode + " of " + line
                + (blame.during() == blame.step() ? "" : ", held up to " + report.lineOf(blame.during()));
    }

    private void requests() {
        lines.add(paint.bold("requests")
                + paint.faint("  from when they were due to their answer: p50 / p99 / longest, in ms"));
        var table = new TextTable("  table", "before", "during", "after", "requests during");
        table.leftAlign(0);
        for (Report.Requests requests : report.requests()) {
            table.row(
                    "  " + (requests.table().isEmpty() ? "all" : shown(requests.table())),
                    latency(requests.before()),
                    latency(requests.during()),
                    latency(requests.after()),
                    String.format(Locale.ROOT, "%,d", requests.during().requests()));
        }
        table.render().lines().forEach(lines::add);
        if (!report.requests().isEmpty() && report.requests().getLast().before().p99() > report.budget()) {
            lines.add(paint.faint(
                    "  this machine was busy before the migration, too: rely on who waited, or ask less with --rate"));
        }
        lines.add("");
    }

    void failures() {
        if (!report.failures().isEmpty()) {
            lines.add(paint.severity(Severity.ERROR, "failed since the migration began"));
            listed(report.failures());
        }
        if (!report.usual().isEmpty()) {
            lines.add(paint.bold("failed before the migration, too") + paint.faint("  not held against it"));
            listed(report.usual());
        }
    }

    private void listed(List<Failures> failures) {
        for (Failures failed : failures.stream().limit(MOST_FAILURES).toList()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %,d × %s (%s)",
                    failed.count(),
                    failed.first().message(),
                    failed.first().sqlState()));
            lines.add(paint.faint("      first: " + shortened(failed.first().sql())));
        }
        if (failures.size() > MOST_FAILURES) {
            lines.add("  and " + (failures.size() - MOST_FAILURES) + " other messages");
        }
        lines.add("");
    }

    void picture() {
        Report.TimeLine line = report.line();
        int most = line.waiting().stream().mapToInt(Integer::intValue).max().orElse(0);
        double slowest =
                line.latency().stream().mapToDouble(Double::doubleValue).max().orElse(0);
        lines.add("  waiting  "
                + bars(line.waiting().stream().map(Integer::doubleValue).toList(), most) + "  most " + most);
        lines.add("  slowest  " + bars(line.latency(), slowest) + "  most " + time(slowest));
        int from = line.from();
        int to = Math.max(from + 1, line.to() + 1);
        lines.add("           "
                + paint.faint(" ".repeat(from) + (to - from == 1 ? "^" : "└" + "─".repeat(to - from - 2) + "┘")
                        + " the migration; " + time(line.width()) + " a column"));
        lines.add("");
    }

    private static String bars(List<Double> values, double most) {
        StringBuilder bars = new StringBuilder();
        for (double value : values) {
            int height = most <= 0 ? 0 : (int) Math.ceil(value / most * (BARS.length() - 1));
            bars.append(BARS.charAt(height));
        }
        return bars.toString();
    }

    private void end(String next) {
        report.steps().stream()
                .filter(step -> step.estimate() != null)
                .forEach(step -> lines.add("in the target  line " + step.line() + " " + step.estimate()));
        lines.add(verdict());
        if (!next.isEmpty()) {
            lines.add("next: " + next);
        }
    }

    String verdict() {
        String longest = report.waits().isEmpty()
                ? "nobody was seen to wait"
                : report.longest() > report.budget()
                        ? "somebody waited " + time(report.longest()) + ", more than " + time(report.budget())
                        : "nobody waited longer than " + time(report.longest()) + " (budget " + time(report.budget())
                                + ")";
        long failed = report.failures().stream().mapToLong(Failures::count).sum();
        String all = (report.migrated() ? "" : "the migration failed; ")
                + longest
                + (failed == 0
                        ? ""
                        : "; " + String.format(Locale.ROOT, "%,d", failed) + " request" + (failed == 1 ? "" : "s")
                                + " failed");
        return report.passed() ? paint.added(all) : paint.severity(Severity.ERROR, all);
    }

    static String latency(Latency latency) {
        return latency.requests() == 0
                ? "-"
                : number(latency.p50()) + " / " + number(latency.p99()) + " / " + number(latency.longest());
    }

    private static String number(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.1f" : "%,.0f", millis);
    }

    /** Names of the schema that everybody's search path begins with go without it. */
    static String shown(String table) {
        return table.startsWith("public.") ? table.substring("public.".length()) : table;
    }

    private static String shortened(String sql) {
        return shortened(sql, WIDEST_STATEMENT);
    }

    static String shortened(String sql, int most) {
        String one = sql.strip().replaceAll("\\s+", " ");
        return one.length() <= most ? one : one.substring(0, most - 2) + " …";
    }

    static String time(double millis) {
        if (millis < 1_000) {
            return String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis);
        }
        return String.format(Locale.ROOT, millis < 100_000 ? "%.2f s" : "%.0f s", millis / 1e3);
    }
}
