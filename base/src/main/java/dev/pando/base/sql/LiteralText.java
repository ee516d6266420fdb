package dev.pando.base.sql;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The value PostgreSQL reads from a literal: for strings the text without quotes and escapes, for bit and hexadecimal strings the digits,
 * for numbers the decimal digits with a sign if the literal has one. Null for what PostgreSQL refuses (a bad escape, a zero byte, invalid
 * UTF-8): such a statement has to meet the server's own error, never a guess.
 */
final class LiteralText {
    private final byte[] sql;
    private final int limit;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int at;
    private int high;

    private LiteralText(byte[] sql, int inside, int limit) {
        this.sql = sql;
        this.at = inside;
        this.limit = limit;
    }

    static @Nullable String value(byte[] sql, int base, Literal literal) {
        int start = base + literal.start();
        int end = base + literal.end();
        return switch (literal.kind()) {
            case INTEGER -> integer(sql, start, end);
            case DECIMAL -> digits(sql, start, end);
            case STRING -> new LiteralText(sql, start + 1, end).plain();
            case BIT, HEX -> new LiteralText(sql, start + 2, end).plain();
            case ESCAPE_STRING -> new LiteralText(sql, start + 2, end).escaped();
            case DOLLAR -> dollar(sql, start, end);
            case UNICODE_STRING -> unicode(sql, start, end);
        };
    }

    private static String integer(byte[] sql, int start, int end) {
        String text = digits(sql, start, end);
        int sign = text.startsWith("-") ? 1 : 0;
        int radix = radix(text, sign);
        if (radix == 10) {
            return text;
        }
        return new BigInteger(text.substring(0, sign) + text.substring(sign + 2), radix).toString();
    }

    private static int radix(String text, int from) {
        if (text.length() < from + 3 || text.charAt(from) != '0') {
            return 10;
        }
        return switch (text.charAt(from + 1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
        };
    }

    /** A number without underscores, and its minus without what may lie between. */
    private static String digits(byte[] sql, int start, int end) {
        var text = new StringBuilder(end - start);
        int from = start;
        if (sql[start] == '-') {
            var lexer = new SqlLexer();
            lexer.reset(sql, start + 1, end - start - 1);
            lexer.next();
            from = start + 1 + lexer.start();
            text.append('-');
        }
        for (int i = from; i < end; i++) {
            if (sql[i] != '_') {
                text.append((char) sql[i]);
            }
        }
        return text.toString();
    }

    private static @Nullable String dollar(byte[] sql, int start, int end) {
        int tag = start + 1;
        while (sql[tag] != '$') {
            tag++;
        }
        int tagLength = tag + 1 - start;
        return text(sql, start + tagLength, end - start - 2 * tagLength);
    }

    private static @Nullable String unicode(byte[] sql, int start, int end) {
        var lexer = new SqlLexer();
        lexer.reset(sql, start, end - start);
        lexer.next();
        byte escape = '\\';
        if (lexer.next() == Token.IDENTIFIER) {
            Token token = lexer.next();
            Literal.Kind kind = token == Token.STRING
                    ? Literal.Kind.STRING
                    : token == Token.DOLLAR_STRING ? Literal.Kind.DOLLAR : Literal.Kind.ESCAPE_STRING;
            String given = value(sql, start, new Literal(kind, lexer.start(), lexer.end()));
            if (given == null || !usableEscape(given)) {
                return null;
            }
            escape = (byte) given.charAt(0);
        }
        return new LiteralText(sql, start + 3, end).unicode(escape);
    }

    private static boolean usableEscape(String given) {
        if (given.length() != 1 || given.charAt(0) > 127) {
            return false;
        }
        byte b = (byte) given.charAt(0);
        return SqlBytes.hexValue(b) < 0 && !SqlBytes.space(b) && "+'\"".indexOf(b) < 0;
    }

    /** Steps over the end of one line's part of the string into the next line's. */
    private void join() {
        while (sql[at] == '\'' && (at + 1 >= limit || sql[at + 1] != '\'')) {
            int inside = SqlLexer.continuation(sql, at + 1, limit);
            if (inside < 0) {
                return;
            }
            at = inside;
        }
    }

    /** The next byte of the string with doubled quotes undone and continuations joined, or -1 at its end. */
    private int next() {
        join();
        if (sql[at] != '\'') {
            return sql[at++] & 0xff;
        }
        boolean doubled = at + 1 < limit && sql[at + 1] == '\'';
        at += 2;
        return doubled ? '\'' : -1;
    }

    private @Nullable String plain() {
        for (int b = next(); b >= 0; b = next()) {
            out.write(b);
        }
        return text(out.toByteArray(), 0, out.size());
    }

    private @Nullable String escaped() {
        while (true) {
            join();
            boolean backslash = sql[at] == '\\';
            int b = backslash ? 0 : next();
            if (b < 0) {
                return high == 0 ? text(out.toByteArray(), 0, out.size()) : null;
            }
            if (backslash ? !escape() : !plainByte(b)) {
                return null;
            }
        }
    }

    /** Takes one backslash escape of E'…'; false when PostgreSQL refuses it. */
    private boolean escape() {
        byte letter = sql[at + 1];
        at += 2;
        return switch (letter) {
            case 'b' -> plainByte('\b');
            case 'f' -> plainByte('\f');
            case 'n' -> plainByte('\n');
            case 'r' -> plainByte('\r');
            case 't' -> plainByte('\t');
            case 'v' -> plainByte(0x0b);
            case 'x' -> SqlBytes.hexValue(sql[at]) < 0 ? plainByte('x') : plainByte(number(4, 2));
            case 'u' -> codePoint(exactHex(4));
            case 'U' -> codePoint(exactHex(8));
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                at--;
                yield plainByte(number(3, 3) & 0xff);
            }
            default -> plainByte(letter & 0xff);
        };
    }

    private boolean plainByte(int b) {
        out.write(b);
        return high == 0;
    }

    /** Up to {@code most} digits of {@code bits} bits each. */
    private int number(int bits, int most) {
        int number = 0;
        for (int i = 0; i < most; i++) {
            int digit = SqlBytes.hexValue(sql[at]);
            if (digit < 0 || digit >> bits != 0) {
                break;
            }
            number = number << bits | digit;
            at++;
        }
        return number;
    }

    private int exactHex(int digits) {
        int number = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < limit ? SqlBytes.hexValue(sql[at]) : -1;
            if (digit < 0 || number > Character.MAX_CODE_POINT) {
                return -1;
            }
            number = number << 4 | digit;
            at++;
        }
        return number;
    }

    /** Takes a code point or half of a surrogate pair; false when it cannot stand here. */
    private boolean codePoint(int point) {
        if (point <= 0 || point > Character.MAX_CODE_POINT) {
            return false;
        }
        boolean low = point >= 0xdc00 && point <= 0xdfff;
        if (low != (high != 0)) {
            return false;
        }
        if (point >= 0xd800 && point <= 0xdbff) {
            high = point;
            return true;
        }
        int whole = low ? Character.toCodePoint((char) high, (char) point) : point;
        high = 0;
        out.writeBytes(Character.toString(whole).getBytes(StandardCharsets.UTF_8));
        return true;
    }

    private @Nullable String unicode(byte escape) {
        for (int b = next(); b >= 0; b = next()) {
            boolean fine;
            if (b != escape) {
                fine = plainByte(b);
            } else if (sql[at] == escape) {
                at++;
                fine = plainByte(b);
            } else if (sql[at] == '+') {
                at++;
                fine = codePoint(exactHex(6));
            } else {
                fine = codePoint(exactHex(4));
            }
            if (!fine) {
                return null;
            }
        }
        return high == 0 ? text(out.toByteArray(), 0, out.size()) : null;
    }

    private static @Nullable String text(byte[] bytes, int from, int length) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
            return text.indexOf('\0') < 0 ? text : null;
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
