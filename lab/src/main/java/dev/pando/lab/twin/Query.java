package dev.pando.lab.twin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import java.nio.charset.StandardCharsets;
import java.util.SortedSet;
import java.util.TreeSet;

/** One statement to be explained, without a semicolon at its end, and the numbers of its parameters. */
record Query(String text, SortedSet<Integer> parameters) {
    /** Throws EXPLAIN_REFUSED for what has EXPLAIN in front, and for several statements, of which only the first would be explained. */
    static Query of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        SortedSet<Integer> parameters = new TreeSet<>();
        SqlLexer lexer = new SqlLexer();
        lexer.reset(bytes, 0, bytes.length);
        Token token = lexer.next();
        if (token == Token.IDENTIFIER && lexer.reads("explain")) {
            throw new PandoException(PandoError.EXPLAIN_REFUSED, text, "EXPLAIN is put in front by Pando");
        }
        int end = 0;
        while (token != Token.END && token != Token.SEMICOLON) {
            end = lexer.end();
            if (token == Token.PARAMETER) {
                parameters.add(number(
                        new String(bytes, lexer.start() + 1, end - lexer.start() - 1, StandardCharsets.UTF_8), text));
            }
            token = lexer.next();
        }
        while (token == Token.SEMICOLON) {
            token = lexer.next();
        }
        if (token != Token.END) {
            throw new PandoException(PandoError.EXPLAIN_REFUSED, text, "these are several statements");
        }
        return new Query(new String(bytes, 0, end, StandardCharsets.UTF_8), parameters);
    }

    private static int number(String digits, String text) {
        // The protocol's limit.
        if (digits.length() > 5 || Integer.parseInt(digits) > 65_535) {
            throw new PandoException(PandoError.EXPLAIN_REFUSED, text, "there is no parameter $" + digits);
        }
        return Integer.parseInt(digits);
    }
}
