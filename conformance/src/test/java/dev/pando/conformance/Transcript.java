package dev.pando.conformance;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was sent and what came, in order. */
record Transcript(List<Entry> entries) {
    /** Something sent (then {@code message} is null), a message received, or a word about the connection. */
    record Entry(String line, @Nullable Message message) {
        boolean same(Entry other) {
            if (!line.equals(other.line)) {
                return false;
            }
            Message left = message;
            Message right = other.message;
            return left == null ? right == null : right != null && left.same(right);
        }
    }

    Transcript {
        entries = List.copyOf(entries);
    }

    long received() {
        return entries.stream().filter(entry -> entry.message() != null).count();
    }

    /** Lines as of a unified difference: those of this one alone begin with {@code -}, the other's with {@code +}. */
    List<String> difference(Transcript other) {
        return aligned(other).stream()
                .filter(pair -> !pair.same())
                .flatMap(pair -> pair.lines().stream())
                .toList();
    }

    /** An entry of each side, or of one. */
    record Pair(@Nullable Entry left, @Nullable Entry right) {
        boolean same() {
            return left != null && right != null;
        }

        private List<String> lines() {
            List<String> lines = new ArrayList<>();
            if (left != null) {
                lines.add("- " + left.line());
            }
            if (right != null) {
                lines.add("+ " + right.line());
            }
            return lines;
        }
    }

    /** By their longest common subsequence. */
    List<Pair> aligned(Transcript other) {
        List<Entry> theirs = other.entries;
        int[][] common = new int[entries.size() + 1][theirs.size() + 1];
        for (int i = entries.size() - 1; i >= 0; i--) {
            for (int j = theirs.size() - 1; j >= 0; j--) {
                common[i][j] = entries.get(i).same(theirs.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<Pair> pairs = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < entries.size() || j < theirs.size()) {
            if (i < entries.size() && j < theirs.size() && entries.get(i).same(theirs.get(j))) {
                pairs.add(new Pair(entries.get(i++), theirs.get(j++)));
            } else if (i < entries.size() && (j == theirs.size() || common[i + 1][j] >= common[i][j + 1])) {
                pairs.add(new Pair(entries.get(i++), null));
            } else {
                pairs.add(new Pair(null, theirs.get(j++)));
            }
        }
        return pairs;
    }
}
