package dev.pando.lint.read;

import dev.pando.lint.read.Transaction.Origin;
import java.util.Locale;

/** Which transaction each statement is in, statement after statement: BEGIN and COMMIT in the text count as they do on the server. */
final class Transactions {
    private int last;
    private boolean open;
    private boolean openedByText;

    /** Whether the tool's transaction is not over yet. */
    boolean ofTool() {
        return open && !openedByText;
    }

    /** The tool begins with another part of the file. */
    void section(boolean inTransaction) {
        open = inTransaction;
        openedByText = false;
        last++;
    }

    Transaction of(String sql) {
        String[] words = sql.toLowerCase(Locale.ROOT).split("[^a-z_]+", 4);
        String first = words[0];
        String second = words.length > 1 ? words[1] : "";
        if (first.equals("begin") || (first.equals("start") && second.equals("transaction"))) {
            if (!open) {
                open = true;
                openedByText = true;
                last++;
            }
        } else if (ends(first, second, sql)) {
            Transaction ended = current();
            open = false;
            last++;
            return ended;
        }
        return current();
    }

    private Transaction current() {
        if (!open) {
            return new Transaction(++last, Origin.STATEMENT);
        }
        return new Transaction(last, openedByText ? Origin.TEXT : Origin.TOOL);
    }

    private static boolean ends(String first, String second, String sql) {
        boolean ends = switch (first) {
            case "commit", "end", "abort", "rollback" -> true;
            default -> false;
        };
        String lower = sql.toLowerCase(Locale.ROOT);
        boolean chained = lower.contains("chain") && !lower.contains("no chain");
        boolean toSavepoint = first.equals("rollback")
                && (second.equals("to") || lower.matches("(?s)rollback\\s+(?:work|transaction)\\s+to\\b.*"));
        return ends && !second.equals("prepared") && !toSavepoint && !chained;
    }
}
