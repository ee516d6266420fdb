package dev.pando.base.sql;

/** What {@link SqlLexer} found; the names follow the lexical chapter of PostgreSQL's manual (4.1). */
public enum Token {
    /** Unquoted name or keyword. */
    IDENTIFIER,
    /** {@code "name"}. */
    QUOTED_IDENTIFIER,
    /** {@code U&"name"}, without its UESCAPE. */
    UNICODE_IDENTIFIER,
    /** {@code 1}, {@code 1_000}, {@code 0x1F}, {@code 0o17}, {@code 0b1}. */
    INTEGER,
    /** {@code 1.5}, {@code .5}, {@code 1e10}. */
    DECIMAL,
    /** {@code 'text'}, with its continuations on later lines. */
    STRING,
    /** {@code E'text\n'}. */
    ESCAPE_STRING,
    /** {@code U&'text'}, without its UESCAPE. */
    UNICODE_STRING,
    /** {@code B'0101'}. */
    BIT_STRING,
    /** {@code X'1F'}. */
    HEX_STRING,
    /** {@code $tag$text$tag$}. */
    DOLLAR_STRING,
    /** The N of {@code N'text'}; the next token is the string. */
    NATIONAL,
    /** {@code $1}. */
    PARAMETER,
    /** Any run of operator characters that PostgreSQL takes as one operator, {@code =>} included. */
    OPERATOR,
    /** {@code ::}. */
    CAST,
    /** One of {@code , ( ) [ ] . :} and the pairs {@code ..} and {@code :=}. */
    PUNCTUATION,
    /** {@code ;}. */
    SEMICOLON,
    /** A byte that starts no token; PostgreSQL's grammar answers it with a syntax error. */
    UNKNOWN,
    /** Text that PostgreSQL's lexer itself refuses, see {@link SqlLexer#problem()}. */
    BROKEN,
    /** No more tokens. */
    END
}
