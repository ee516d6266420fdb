package dev.pando.core.route;

import dev.pando.base.sql.ShapedSql;
import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import java.nio.charset.StandardCharsets;

/**
 * The text being planned.
 *
 * @param begin where the statement itself begins: not 0 for the one inside EXPLAIN (PANDO)
 */
record Source(byte[] sql, ShapedSql shaped, int begin) {
    SqlLexer lexerAt(int from) {
        SqlLexer lexer = new SqlLexer();
        lexer.reset(sql, from, sql.length - from);
        return lexer;
    }

    String text(int start, int end) {
        return new String(sql, start, end - start, StandardCharsets.UTF_8);
    }

    /** One past the parenthesis that closes the one at {@code open}. */
    int closing(int open) {
        SqlLexer lexer = lexerAt(open);
        int depth = 0;
        for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
            if (token == Token.PUNCTUATION && lexer.end() - lexer.start() == 1) {
                if (lexer.first() == '(') {
                    depth++;
                } else if (lexer.first() == ')' && --depth == 0) {
                    return open + lexer.end();
                }
            }
        }
        throw new IllegalStateException("no closing parenthesis after byte " + open);
    }
}
