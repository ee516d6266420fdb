package dev.pando.server.admin;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One statement of the admin database.
 *
 * @param words in upper case with single blanks between, without comments around it and without its semicolon; empty when there is nothing else
 * @param text the same as it was written
 * @param echo for messages, shortened
 */
record AdminStatement(String words, String text, String echo) {
    private static final int LONGEST_ECHO = 60;
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    static AdminStatement of(String sql) {
        String text = withoutEnd(withoutLeadingComments(sql));
        String spaced = BLANKS.matcher(text).replaceAll(" ");
        String echo = text.length() > LONGEST_ECHO ? text.substring(0, LONGEST_ECHO) + "…" : text;
        return new AdminStatement(spaced.toUpperCase(Locale.ROOT), spaced, echo);
    }

    /** What stands behind the first word, without the quotes of an identifier; empty when there is nothing. */
    String argument() {
        int blank = text.indexOf(' ');
        String rest = blank < 0 ? "" : text.substring(blank + 1);
        boolean quoted = rest.length() > 1 && rest.startsWith("\"") && rest.endsWith("\"");
        return quoted ? rest.substring(1, rest.length() - 1).replace("\"\"", "\"") : rest;
    }

    private static String withoutEnd(String sql) {
        int end = sql.length();
        while (end > 0 && (sql.charAt(end - 1) == ';' || Character.isWhitespace(sql.charAt(end - 1)))) {
            end--;
        }
        return sql.substring(0, end);
    }

    private static String withoutLeadingComments(String sql) {
        String rest = sql.strip();
        while (rest.startsWith("--") || rest.startsWith("/*")) {
            String end = rest.startsWith("--") ? "\n" : "*/";
            int found = rest.indexOf(end, 2);
            rest = found < 0 ? "" : rest.substring(found + end.length()).strip();
        }
        return rest;
    }
}
