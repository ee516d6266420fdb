package dev.pando.base.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table for a terminal: columns as wide as they need, two spaces apart, numbers to the right. */
public final class TextTable {
    private final List<String[]> rows = new ArrayList<>();
    private final boolean[] left;

    public TextTable(String... head) {
        rows.add(head);
        left = new boolean[head.length];
    }

    public void leftAlign(int... columns) {
        for (int column : columns) {
            left[column] = true;
        }
    }

    public void row(String... cells) {
        if (cells.length != left.length) {
            throw new IllegalArgumentException(cells.length + " cells of " + left.length);
        }
        rows.add(cells);
    }

    public String render() {
        int[] widths = new int[left.length];
        for (String[] row : rows) {
            Arrays.setAll(widths, column -> Math.max(widths[column], row[column].length()));
        }
        StringBuilder out = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.length; column++) {
                String padding = " ".repeat(widths[column] - row[column].length());
                line.append(left[column] ? row[column] + padding : padding + row[column])
                        .append("  ");
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }
}
