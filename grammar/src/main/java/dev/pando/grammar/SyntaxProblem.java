package dev.pando.grammar;

import java.util.Set;

/**
 * PostgreSQL's refusal of a text, as its own ErrorResponse would say.
 *
 * @param sqlState field C: 42601, with few exceptions
 * @param position of the error in characters, from 1, as field P has it; 0 when there is none
 */
public record SyntaxProblem(String sqlState, String message, int position) implements ParseResult {
    private static final Set<String> UNSUPPORTED = Set.of(
            "WITH CHECK OPTION not supported on recursive views",
            "CHECK constraints cannot be marked DEFERRABLE",
            "NOT NULL constraints cannot be marked DEFERRABLE",
            "aggregates cannot have output arguments",
            "current database cannot be changed");

    /** The grammar does not hand its SQLSTATE out: what its messages tell of the exceptions has to do. */
    static SyntaxProblem of(String sql, String message, int position) {
        String sqlState = "42601";
        if (message.endsWith(" not yet implemented") || UNSUPPORTED.contains(message)) {
            sqlState = "0A000";
        } else if (message.startsWith("role name ") && message.endsWith(" is reserved")) {
            sqlState = "42939";
        } else if (message.equals("invalid Unicode escape")
                && Character.toLowerCase(letterOfEscape(sql, position)) == 'u') {
            sqlState = "22025";
        }
        return new SyntaxProblem(sqlState, message, position);
    }

    /** What follows the backslash at a position: E'\\u12' and U&'\\12' get the same message, but not the same SQLSTATE. */
    private static int letterOfEscape(String sql, int position) {
        return sql.codePoints().skip(position).findFirst().orElse(0);
    }
}
