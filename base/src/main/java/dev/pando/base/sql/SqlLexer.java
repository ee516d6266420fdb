package dev.pando.base.sql;

import static dev.pando.base.sql.SqlBytes.continuesIdentifier;
import static dev.pando.base.sql.SqlBytes.digit;
import static dev.pando.base.sql.SqlBytes.newline;
import static dev.pando.base.sql.SqlBytes.operator;
import static dev.pando.base.sql.SqlBytes.space;
import static dev.pando.base.sql.SqlBytes.startsIdentifier;

import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL 18's lexical rules over UTF-8 bytes, as a cursor: {@link #next()} moves to the next token, {@link #start()} and
 * {@link #end()} tell where it lies. One pass, nothing allocated per token; one instance serves one thread and is reused.
 *
 * <p>Where a lexer is easily wrong, and what holds here: a comment start inside a run of operator characters ends the operator; an
 * operator loses trailing {@code +} and {@code -} unless it contains one of {@code ~!@#^&|`?%}; {@code 1..2} is two integers and a
 * {@code ..}; a string goes on after white space with a newline in it; {@code a$$b} is a name. {@code standard_conforming_strings} is
 * always on. What PostgreSQL's lexer would refuse becomes a {@link Token#BROKEN} and the cursor moves on: every call but the one that
 * answers {@link Token#END} moves forward, whatever the bytes are. The grammar module's tests compare tokens with PostgreSQL's own lexer.
 */
public final class SqlLexer {
    private byte[] sql = new byte[0];
    private int base;
    private int limit;
    private int start;
    private int end;
    private @Nullable LexProblem problem;

    /** Begins anew at {@code sql[offset]}. The array is read, never changed, and must not change meanwhile. */
    public void reset(byte[] sql, int offset, int length) {
        this.sql = sql;
        base = offset;
        limit = offset + length;
        start = offset;
        end = offset;
        problem = null;
    }

    /** First byte of the token, counted from where the text begins. */
    public int start() {
        return start - base;
    }

    /** One past the token's last byte, counted from where the text begins. */
    public int end() {
        return end - base;
    }

    /** Why the last token is {@link Token#BROKEN}; null for any other. */
    public @Nullable LexProblem problem() {
        return problem;
    }

    /** The token's first byte; only after a token other than {@link Token#END}. */
    public byte first() {
        return sql[start];
    }

    /** Whether the token reads {@code word}, which is lower case, in any case. */
    public boolean reads(String word) {
        int length = word.length();
        if (end - start != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (SqlBytes.lower(sql[start + i]) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    public Token next() {
        problem = null;
        if (!skipGap()) {
            return broken(LexProblem.UNTERMINATED_COMMENT, limit);
        }
        if (start >= limit) {
            end = start;
            return Token.END;
        }
        byte b = sql[start];
        if (startsIdentifier(b)) {
            return word(b);
        }
        if (digit(b)) {
            return number();
        }
        if (operator(b)) {
            return ends(Token.OPERATOR, operatorEnd());
        }
        return mark(b);
    }

    private Token mark(byte b) {
        byte following = peek(start + 1);
        return switch (b) {
            case '\'' -> quoted(Token.STRING, start + 1, false, LexProblem.UNTERMINATED_STRING);
            case '"' -> quotedIdentifier(Token.QUOTED_IDENTIFIER, start + 1);
            case '$' -> dollar(following);
            case ';' -> ends(Token.SEMICOLON, start + 1);
            case ',', '(', ')', '[', ']' -> ends(Token.PUNCTUATION, start + 1);
            case '.' -> digit(following) ? number() : ends(Token.PUNCTUATION, start + (following == '.' ? 2 : 1));
            case ':' ->
                following == ':'
                        ? ends(Token.CAST, start + 2)
                        : ends(Token.PUNCTUATION, start + (following == '=' ? 2 : 1));
            default -> ends(Token.UNKNOWN, start + 1);
        };
    }

    private Token ends(Token token, int at) {
        end = at;
        return token;
    }

    private Token broken(LexProblem why, int at) {
        problem = why;
        end = at;
        return Token.BROKEN;
    }

    /** The byte there, or 0 (which starts nothing) past the end. */
    private byte peek(int at) {
        return at < limit ? sql[at] : 0;
    }

    /** Moves {@code start} over white space and comments; false when a comment has no end, with {@code start} at its beginning. */
    private boolean skipGap() {
        int at = end;
        while (at < limit) {
            byte b = sql[at];
            if (space(b)) {
                at++;
            } else if (b == '-' && peek(at + 1) == '-') {
                at = lineEnd(sql, at + 2, limit);
            } else if (b == '/' && peek(at + 1) == '*') {
                int after = commentEnd(at + 2);
                if (after < 0) {
                    start = at;
                    return false;
                }
                at = after;
            } else {
                break;
            }
        }
        start = at;
        return true;
    }

    private static int lineEnd(byte[] sql, int from, int limit) {
        int at = from;
        while (at < limit && !newline(sql[at])) {
            at++;
        }
        return at;
    }

    /** Past the end of the comment whose inside begins at {@code from}; comments nest. -1 when it has no end. */
    private int commentEnd(int from) {
        int depth = 1;
        int at = from;
        while (at + 1 < limit) {
            byte b = sql[at];
            if (b == '*' && sql[at + 1] == '/') {
                at += 2;
                depth--;
                if (depth == 0) {
                    return at;
                }
            } else if (b == '/' && sql[at + 1] == '*') {
                at += 2;
                depth++;
            } else {
                at++;
            }
        }
        return -1;
    }

    private Token word(byte b) {
        byte following = peek(start + 1);
        if (following == '\'') {
            return prefixed(b);
        }
        if (following == '&' && (b == 'u' || b == 'U')) {
            byte third = peek(start + 2);
            if (third == '\'') {
                return quoted(Token.UNICODE_STRING, start + 3, false, LexProblem.UNTERMINATED_STRING);
            }
            if (third == '"') {
                return quotedIdentifier(Token.UNICODE_IDENTIFIER, start + 3);
            }
        }
        return ends(Token.IDENTIFIER, identifierEnd(start + 1));
    }

    /** A word of one letter right before a quote; some of them belong to the string. */
    private Token prefixed(byte b) {
        return switch (b) {
            case 'e', 'E' -> quoted(Token.ESCAPE_STRING, start + 2, true, LexProblem.UNTERMINATED_STRING);
            case 'b', 'B' -> quoted(Token.BIT_STRING, start + 2, false, LexProblem.UNTERMINATED_BIT_STRING);
            case 'x', 'X' -> quoted(Token.HEX_STRING, start + 2, false, LexProblem.UNTERMINATED_HEX_STRING);
            case 'n', 'N' -> ends(Token.NATIONAL, start + 1);
            default -> ends(Token.IDENTIFIER, start + 1);
        };
    }

    private int identifierEnd(int from) {
        int at = from;
        while (at < limit && continuesIdentifier(sql[at])) {
            at++;
        }
        return at;
    }

    /** A string whose inside begins at {@code from}; two quotes are one, but in bit and hexadecimal strings, which end at the first. */
    private Token quoted(Token token, int from, boolean escapes, LexProblem unterminated) {
        boolean doubles = token != Token.BIT_STRING && token != Token.HEX_STRING;
        int at = from;
        while (at < limit) {
            byte b = sql[at];
            if (b == '\'') {
                if (doubles && peek(at + 1) == '\'') {
                    at += 2;
                    continue;
                }
                int inside = continuation(sql, at + 1, limit);
                if (inside < 0) {
                    return ends(token, at + 1);
                }
                at = inside;
            } else {
                at += escapes && b == '\\' ? 2 : 1;
            }
        }
        return broken(unterminated, limit);
    }

    /** Where the inside goes on after a closing quote before {@code from}: white space with a newline, then a quote. Else -1. */
    static int continuation(byte[] sql, int from, int limit) {
        int at = from;
        boolean newlineSeen = false;
        while (at < limit) {
            byte b = sql[at];
            if (newline(b)) {
                newlineSeen = true;
                at++;
            } else if (space(b)) {
                at++;
            } else if (b == '-' && at + 1 < limit && sql[at + 1] == '-') {
                at = lineEnd(sql, at + 2, limit);
            } else {
                return newlineSeen && b == '\'' ? at + 1 : -1;
            }
        }
        return -1;
    }

    private Token quotedIdentifier(Token token, int from) {
        int at = from;
        while (at < limit) {
            if (sql[at] == '"') {
                if (peek(at + 1) != '"') {
                    return at == from ? broken(LexProblem.EMPTY_IDENTIFIER, at + 1) : ends(token, at + 1);
                }
                at++;
            }
            at++;
        }
        return broken(LexProblem.UNTERMINATED_IDENTIFIER, limit);
    }

    private Token dollar(byte following) {
        if (digit(following)) {
            int at = start + 1;
            while (digit(peek(at))) {
                at++;
            }
            return startsIdentifier(peek(at))
                    ? broken(LexProblem.PARAMETER_JUNK, identifierEnd(at))
                    : ends(Token.PARAMETER, at);
        }
        int at = start + 1;
        if (startsIdentifier(following)) {
            while (continuesIdentifier(peek(at)) && sql[at] != '$') {
                at++;
            }
        }
        return peek(at) == '$' ? dollarString(at + 1) : ends(Token.UNKNOWN, start + 1);
    }

    private Token dollarString(int inside) {
        int tag = inside - start;
        for (int at = inside; at + tag <= limit; at++) {
            if (sql[at] == '$' && java.util.Arrays.equals(sql, start, inside, sql, at, at + tag)) {
                return ends(Token.DOLLAR_STRING, at + tag);
            }
        }
        return broken(LexProblem.UNTERMINATED_DOLLAR_STRING, limit);
    }

    private Token number() {
        int at = digitsEnd(start);
        if (at == start + 1 && sql[start] == '0') {
            int bits = radixBits(peek(at));
            if (bits > 0) {
                return radix(at + 1, bits);
            }
        }
        Token token = Token.INTEGER;
        if (peek(at) == '.') {
            if (peek(at + 1) == '.') {
                return ends(Token.INTEGER, at);
            }
            at = digitsEnd(at + 1);
            token = Token.DECIMAL;
        }
        byte b = peek(at);
        return b == 'e' || b == 'E' ? exponent(at) : numberEnd(token, at, junkAfterDigits(at));
    }

    private Token exponent(int letter) {
        byte sign = peek(letter + 1);
        boolean signed = sign == '+' || sign == '-';
        int digits = signed ? letter + 2 : letter + 1;
        if (!digit(peek(digits))) {
            return broken(LexProblem.NUMBER_JUNK, signed ? digits : identifierEnd(letter));
        }
        int at = digitsEnd(digits);
        return numberEnd(Token.DECIMAL, at, signed ? junkAfterDigits(at) : continuesIdentifier(peek(at)));
    }

    private Token radix(int from, int bits) {
        int at = from;
        while (true) {
            int candidate = peek(at) == '_' ? at + 1 : at;
            int value = SqlBytes.hexValue(peek(candidate));
            if (value < 0 || value >> bits != 0) {
                break;
            }
            at = candidate + 1;
        }
        int wordEnd = identifierEnd(at);
        boolean nothing = at == from && (wordEnd == from || (wordEnd == from + 1 && sql[from] == '_'));
        if (nothing) {
            LexProblem why = bits == 4
                    ? LexProblem.INVALID_HEX
                    : bits == 3 ? LexProblem.INVALID_OCTAL : LexProblem.INVALID_BINARY;
            return broken(why, wordEnd);
        }
        return numberEnd(Token.INTEGER, at, wordEnd > at);
    }

    private Token numberEnd(Token token, int at, boolean junk) {
        return junk ? broken(LexProblem.NUMBER_JUNK, identifierEnd(at)) : ends(token, at);
    }

    /**
     * Whether what follows the digits before {@code at} makes them junk. A dollar does so after {@code 1_0} and not after {@code 10}: there
     * PostgreSQL's longest match is {@code 1} followed by the word {@code _0$}.
     */
    private boolean junkAfterDigits(int at) {
        if (peek(at) != '$') {
            return startsIdentifier(peek(at));
        }
        int digits = at - 1;
        while (digits >= start && digit(sql[digits])) {
            digits--;
        }
        return digits >= start && sql[digits] == '_';
    }

    private static int radixBits(byte letter) {
        return switch (letter) {
            case 'x', 'X' -> 4;
            case 'o', 'O' -> 3;
            case 'b', 'B' -> 1;
            default -> 0;
        };
    }

    /** Digits with single underscores between them. */
    private int digitsEnd(int from) {
        int at = from;
        while (digit(peek(at)) || (at > from && peek(at) == '_' && digit(peek(at + 1)))) {
            at++;
        }
        return at;
    }

    private int operatorEnd() {
        int at = start + 1;
        boolean keepsSign = keepsSign(sql[start]);
        while (at < limit && operator(sql[at])) {
            byte b = sql[at];
            byte following = peek(at + 1);
            if ((b == '/' && following == '*') || (b == '-' && following == '-')) {
                break;
            }
            keepsSign |= keepsSign(b);
            at++;
        }
        if (!keepsSign) {
            while (at > start + 1 && (sql[at - 1] == '+' || sql[at - 1] == '-')) {
                at--;
            }
        }
        return at;
    }

    private static boolean keepsSign(byte b) {
        return switch (b) {
            case '~', '!', '@', '#', '^', '&', '|', '`', '?', '%' -> true;
            default -> false;
        };
    }
}
