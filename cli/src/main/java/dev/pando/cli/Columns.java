package dev.pando.cli;

import java.util.ArrayList;
import java.util.List;

/** Text in aligned columns under a header and a rule. */
final class Columns {
    private Columns() {}

    /** {@code sides} has one letter per column: {@code l} left, {@code r} right. */
    static List<String> layOut(List<String> header, String sides, List<List<String>> rows) {
        int[] widths = new int[header.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = header.get(column).length();
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(header, sides, widths));
        List<String> rules = new ArrayList<>();
        for (int width : widths) {
            rules.add("─".repeat(width));
        }
        lines.add(line(rules, sides, widths));
        rows.forEach(row -> lines.add(line(row, sides, widths)));
        return lines;
    }

    private static String line(List<String> cells, String sides, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            String blanks = " ".repeat(widths[column] - cell.length());
            line.append(column == 0 ? "" : "  ").append(sides.charAt(column) == 'r' ? blanks + cell : cell + blanks);
        }
        return line.toString().stripTrailing();
    }
}
