package dev.pando.cli;

import dev.pando.lab.twin.Plan;
import dev.pando.lab.twin.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Plans side by side and what was tried, in lines for people. */
final class ExplainText {
    private static final int LEAST_SIDE = 50;
    private static final int KILOBYTES_OF_BLOCK = 8;
    private static final int MOST_PARTITIONS = 8;

    private ExplainText() {}

    static List<String> lines(Trial.Comparison comparison, int width) {
        if (comparison.indexes().isEmpty()
                && comparison.statistics().isEmpty()
                && comparison.partitionings().isEmpty()) {
            List<String> lines =
                    new ArrayList<>(comparison.before().text().lines().toList());
            List<String> notes = notes(comparison);
            if (!notes.isEmpty()) {
                lines.add("");
                lines.addAll(notes);
            }
            return lines;
        }
        List<String> lines = sides(comparison, width);
        lines.add("");
        lines.addAll(notes(comparison));
        comparison.partitionings().forEach(tried -> lines.addAll(partitioning(tried)));
        comparison.statistics().forEach(tried -> lines.addAll(statistics(tried)));
        comparison.indexes().forEach(tried -> lines.add(index(tried, comparison.after())));
        lines.add(String.format(
                Locale.ROOT,
                "cost %,.2f before, %,.2f after (the planner's units, no time)",
                comparison.before().cost(),
                comparison.after().cost()));
        return lines;
    }

    /** What the plans hold for, and what they were made without. */
    private static List<String> notes(Trial.Comparison comparison) {
        List<String> lines = new ArrayList<>();
        Plan before = comparison.before();
        if (!before.parameters().isEmpty()) {
            lines.add("generic plan: for any values of "
                    + before.parameters().stream().map(number -> "$" + number).collect(Collectors.joining(", ")));
        }
        if (before.partitionsRemoved() || comparison.after().partitionsRemoved()) {
            lines.add(
                    "Subplans Removed: partitions that NULLs do not need; before version 16 EXPLAIN leaves them out of a generic plan");
        }
        lines.addAll(TwinSource.lines("estimated without ", comparison.guessed()));
        return lines;
    }

    private static List<String> sides(Trial.Comparison comparison, int width) {
        List<String> before = comparison.before().text().lines().toList();
        List<String> after = comparison.after().text().lines().toList();
        List<String> lines = new ArrayList<>();
        int left = before.stream().mapToInt(String::length).max().orElse(0);
        int right = after.stream().mapToInt(String::length).max().orElse(0);
        if (left + right + 3 <= Math.max(width, 2 * LEAST_SIDE)) {
            lines.add(pad("before", left) + " │ after");
            for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
                lines.add((pad(i < before.size() ? before.get(i) : "", left) + " │ "
                                + (i < after.size() ? after.get(i) : ""))
                        .stripTrailing());
            }
        } else {
            lines.add("before");
            before.forEach(line -> lines.add("  " + line));
            lines.add("after");
            after.forEach(line -> lines.add("  " + line));
        }
        return lines;
    }

    private static String index(Trial.Index tried, Plan after) {
        boolean used = after.indexes().stream()
                .anyMatch(name ->
                        tried.index().endsWith("." + name) || tried.index().equals(name));
        return String.format(
                Locale.ROOT,
                "%s %s: about %,d kB",
                used ? "used    " : "not used",
                tried.index(),
                tried.pages() * KILOBYTES_OF_BLOCK);
    }

    private static List<String> partitioning(Trial.Partitioned tried) {
        List<Trial.Part> all = tried.partitions();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT, "reads    %,d of %,d partitions of %s", tried.read(), all.size(), tried.table()));
        int shown = all.size() > MOST_PARTITIONS ? MOST_PARTITIONS - 1 : all.size();
        for (Trial.Part part : all.subList(0, shown)) {
            lines.add(String.format(
                    Locale.ROOT, "         %s %s: %,.0f rows", part.name(), part.bounds(), part.tuples()));
        }
        if (shown < all.size()) {
            lines.add("         and " + (all.size() - shown) + " more");
        }
        tried.notes().forEach(line -> lines.add("         " + line));
        lines.add(
                "derived: rows and sizes are shares of the table's by the key's statistics; other columns are taken to have nothing to do"
                        + " with the key");
        return lines;
    }

    private static List<String> statistics(Trial.Statistics tried) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "measured %s: %,d of %,.0f rows of %s were read",
                tried.statistics(),
                tried.rows(),
                tried.tuples(),
                tried.table()));
        tried.found().forEach(line -> lines.add("         " + line));
        tried.notes().forEach(line -> lines.add("         not the same: " + line));
        return lines;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
