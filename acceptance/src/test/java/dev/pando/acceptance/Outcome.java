package dev.pando.acceptance;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What one statement came to, as a client sees it. */
sealed interface Outcome {
    /** {@code columns} are names with their types; values are the bytes on the wire, as text. */
    record Rows(List<String> columns, List<List<@Nullable String>> rows) implements Outcome {}

    record Count(long rows) implements Outcome {}

    record Failed(String sqlState, String message) implements Outcome {
        private static final Pattern CODE = Pattern.compile("\\((PD\\d{4})\\)");

        /** The id of Pando's own error, or null for one of PostgreSQL's. */
        @Nullable
        String code() {
            Matcher found = CODE.matcher(message);
            return found.find() ? found.group(1) : null;
        }

        /** Whether Pando says that it will not do this, rather than that something broke. */
        boolean refused() {
            String code = code();
            return code != null
                    && !code.equals("PD4002")
                    && (code.startsWith("PD3") || code.startsWith("PD4") || code.startsWith("PD6"));
        }
    }
}
