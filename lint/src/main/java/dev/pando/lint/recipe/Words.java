package dev.pando.lint.recipe;

import dev.pando.base.sql.Splice;
import dev.pando.base.sql.Splice.Edit;
import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Small changes of a statement's text between its words. */
final class Words {
    private Words() {}

    /** {@code sql} with {@code addition} after the first {@code word}, and without IF NOT EXISTS if {@code strict}. */
    static String after(String sql, String word, String addition, boolean strict) {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        var lexer = new SqlLexer();
        lexer.reset(text, 0, text.length);
        List<Edit> edits = new ArrayList<>();
        boolean added = false;
        int dropFrom = -1;
        for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
            if (token == Token.IDENTIFIER && !added && lexer.reads(word)) {
                edits.add(new Edit(lexer.end(), lexer.end(), " " + addition));
                added = true;
            } else if (token == Token.IDENTIFIER && strict && lexer.reads("if") && dropFrom < 0) {
                dropFrom = lexer.start();
            } else if (token == Token.IDENTIFIER && dropFrom >= 0 && lexer.reads("exists")) {
                int to = lexer.end();
                edits.add(new Edit(dropFrom, to < text.length && text[to] == ' ' ? to + 1 : to, ""));
                strict = false;
            }
        }
        return new String(Splice.apply(text, edits), StandardCharsets.UTF_8);
    }

    /** What follows the first word. */
    static String rest(String text) {
        return text.strip().replaceFirst("^\\S+\\s*", "");
    }
}
