package dev.pando.core.session;

import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The places of an EXECUTE, or of a PREPARE, in a text that the grammar has accepted.
 *
 * @param start where EXECUTE begins, after what EXPLAIN or CREATE TABLE AS says
 * @param end where it ends; what follows belongs to CREATE TABLE AS
 * @param parts the values between the parentheses, or the types of a PREPARE
 */
record ExecuteText(byte[] sql, int start, int end, List<String> parts) {
    private static final int MOST_DIGITS = 9;

    static ExecuteText ofExecute(byte[] sql) {
        return find(sql, "execute");
    }

    /** Its {@code end} is where the prepared statement begins. */
    static ExecuteText ofPrepare(byte[] sql) {
        ExecuteText found = find(sql, "prepare");
        SqlLexer lexer = lexer(sql, found.end);
        lexer.next();
        // AS
        return new ExecuteText(sql, found.start, found.end + lexer.end(), found.parts);
    }

    /** What a PREPARE prepares, without what ends the text. */
    byte[] prepared() {
        SqlLexer lexer = lexer(sql, end);
        int last = sql.length;
        for (Token token = lexer.next(); token != Token.END && token != Token.BROKEN; token = lexer.next()) {
            if (text(sql, lexer, end).equals(";")) {
                last = end + lexer.start();
                break;
            }
        }
        return Arrays.copyOfRange(sql, end, last);
    }

    /** Characters before {@link #end}. */
    int charactersBefore() {
        String before = new String(sql, 0, end, StandardCharsets.UTF_8);
        return before.codePointCount(0, before.length());
    }

    private static SqlLexer lexer(byte[] sql, int from) {
        SqlLexer lexer = new SqlLexer();
        lexer.reset(sql, from, sql.length - from);
        return lexer;
    }

    private static ExecuteText find(byte[] sql, String word) {
        SqlLexer lexer = lexer(sql, 0);
        boolean create = false;
        boolean as = false;
        int depth = 0;
        for (Token token = lexer.next(); token != Token.END && token != Token.BROKEN; token = lexer.next()) {
            String text = text(sql, lexer, 0);
            depth += text.equals("(") ? 1 : text.equals(")") ? -1 : 0;
            create |= text.equals("create");
            as |= text.equals("as");
            if (depth == 0 && text.equals(word) && (as || !create)) {
                return from(sql, lexer.start());
            }
        }
        throw new IllegalStateException("no " + word + " in a statement of that kind");
    }

    private static String text(byte[] sql, SqlLexer lexer, int offset) {
        return new String(sql, offset + lexer.start(), lexer.end() - lexer.start(), StandardCharsets.UTF_8)
                .toLowerCase(Locale.ROOT);
    }

    /** Its word, a name, perhaps parentheses. */
    private static ExecuteText from(byte[] sql, int start) {
        SqlLexer lexer = lexer(sql, start);
        lexer.next();
        lexer.next();
        int end = start + lexer.end();
        List<String> parts = new ArrayList<>();
        Token token = lexer.next();
        if (token == Token.END
                || token == Token.BROKEN
                || !text(sql, lexer, start).equals("(")) {
            return new ExecuteText(sql, start, end, parts);
        }
        int begin = start + lexer.end();
        int depth = 1;
        while (depth > 0) {
            token = lexer.next();
            if (token == Token.END || token == Token.BROKEN) {
                throw new IllegalStateException("a parenthesis without its end");
            }
            String text = text(sql, lexer, start);
            depth += opens(text) ? 1 : closes(text) ? -1 : 0;
            if (depth == 0 || (depth == 1 && text.equals(","))) {
                parts.add(new String(sql, begin, start + lexer.start() - begin, StandardCharsets.UTF_8).strip());
                begin = start + lexer.end();
            }
        }
        return new ExecuteText(sql, start, begin, parts);
    }

    private static boolean opens(String text) {
        return text.equals("(") || text.equals("[");
    }

    private static boolean closes(String text) {
        return text.equals(")") || text.equals("]");
    }

    /** The text with another in place of the EXECUTE. */
    byte[] with(byte[] instead) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(sql, 0, start);
        out.writeBytes(instead);
        out.write(sql, end, sql.length - end);
        return out.toByteArray();
    }

    /** Whether EXECUTE is not all there is. */
    boolean inside() {
        return !new String(sql, 0, start, StandardCharsets.UTF_8).isBlank();
    }

    /** What a value says by itself. */
    record Constant(@Nullable String text) {}

    /** A value that needs no server to be known: a plain string, NULL, or digits for a parameter that takes whole numbers; else null. */
    static @Nullable Constant constant(String value, int type) {
        if (value.equalsIgnoreCase("null")) {
            return new Constant(null);
        }
        SqlLexer lexer = lexer(value.getBytes(StandardCharsets.UTF_8), 0);
        Token token = lexer.next();
        boolean whole = lexer.end() == value.getBytes(StandardCharsets.UTF_8).length && lexer.next() == Token.END;
        if (whole && token != Token.BROKEN && value.startsWith("'") && value.endsWith("'")) {
            return new Constant(value.substring(1, value.length() - 1).replace("''", "'"));
        }
        boolean takesNumbers = type == 20 || type == 21 || type == 23;
        return takesNumbers && value.matches("-?[0-9]{1," + MOST_DIGITS + "}") ? new Constant(value) : null;
    }
}
