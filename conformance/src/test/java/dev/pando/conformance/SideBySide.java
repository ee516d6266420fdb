package dev.pando.conformance;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Two transcripts in two columns. */
final class SideBySide {
    private static final int WIDTH = 84;

    private SideBySide() {}

    static String of(Transcript left, Transcript right, String leftName, String rightName) {
        StringBuilder out = new StringBuilder();
        row(out, leftName, "   ", rightName);
        out.append("-".repeat(2 * WIDTH + 3)).append('\n');
        for (Transcript.Pair pair : left.aligned(right)) {
            row(out, line(pair.left()), pair.same() ? "   " : " ! ", line(pair.right()));
        }
        return out.toString();
    }

    private static String line(Transcript.@Nullable Entry entry) {
        return entry == null ? "" : entry.line();
    }

    private static void row(StringBuilder out, String left, String marker, String right) {
        List<String> lefts = wrapped(left);
        List<String> rights = wrapped(right);
        for (int i = 0; i < Math.max(lefts.size(), rights.size()); i++) {
            String first = i < lefts.size() ? lefts.get(i) : "";
            String second = i < rights.size() ? rights.get(i) : "";
            out.append(first)
                    .repeat(" ", WIDTH - first.length())
                    .append(marker)
                    .append(second)
                    .append('\n');
        }
    }

    private static List<String> wrapped(String line) {
        List<String> lines = new ArrayList<>();
        String rest = line;
        while (rest.length() > WIDTH) {
            int space = rest.lastIndexOf(' ', WIDTH);
            int end = space > WIDTH / 2 ? space : WIDTH;
            lines.add(rest.substring(0, end));
            rest = "      " + rest.substring(end).strip();
        }
        lines.add(rest);
        return lines;
    }
}
