package dev.pando.base.sql;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes statements apart into shape and literals in one pass of the lexer. Owned by one thread, which uses it again and again: only the
 * result is allocated.
 *
 * <p>A list is folded when it is {@code IN (} followed by two or more literals of one type, numbers possibly with a minus, and {@code )},
 * and the IN does not follow a dot (there it is a function's name). While such a list may still be going on, its literals are written out
 * as any others; at its closing parenthesis they are taken back.
 */
public final class Shaper {
    private static final byte[][] PLACEHOLDERS = Arrays.stream(Literal.Kind.values())
            .map(kind -> kind.placeholder().getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);

    /** Buffers above this are given back after use, so that one huge statement does not hold memory for ever. */
    private static final int KEPT_BYTES = 1 << 16;

    private static final byte[] NOTHING = {};

    private final SqlLexer lexer = new SqlLexer();
    private final InList inList = new InList();
    private byte[] sql = NOTHING;
    private int offset;
    private byte[] out = new byte[512];
    private int written;
    private int[] places = new int[64 * ShapedSql.STRIDE];
    private int literals;
    private int slots;
    private int parameters;
    private boolean semicolon;
    private boolean multiple;
    private @Nullable LexProblem problem;
    private int problemAt;

    public ShapedSql shape(byte[] statement) {
        return shape(statement, 0, statement.length);
    }

    /** The result reads from {@code sql} later on: the array must not change while it is in use. */
    public ShapedSql shape(byte[] sql, int offset, int length) {
        begin(sql, offset, length);
        Token token = lexer.next();
        while (token != Token.END) {
            token = take(token);
        }
        var facts = new ShapedSql.Facts(slots, parameters, multiple, problem, problemAt);
        var shape = new Shape(Arrays.copyOf(out, written));
        int[] found = Arrays.copyOf(places, literals * ShapedSql.STRIDE);
        release();
        return new ShapedSql(sql, offset, length, shape, found, facts);
    }

    private void begin(byte[] statement, int from, int length) {
        sql = statement;
        offset = from;
        lexer.reset(statement, from, length);
        inList.outside();
        written = 0;
        literals = 0;
        slots = 0;
        parameters = 0;
        semicolon = false;
        multiple = false;
        problem = null;
        problemAt = 0;
    }

    private void release() {
        sql = NOTHING;
        if (out.length > KEPT_BYTES) {
            out = new byte[512];
        }
        if (places.length > KEPT_BYTES) {
            places = new int[64 * ShapedSql.STRIDE];
        }
    }

    /** Writes one token out and answers the next. */
    private Token take(Token token) {
        if (token == Token.SEMICOLON) {
            semicolon = written > 0;
            return lexer.next();
        }
        if (semicolon) {
            semicolon = false;
            multiple = true;
            writeWord((byte) ';');
        }
        switch (token) {
            case INTEGER -> literal(Literal.Kind.INTEGER, lexer.end());
            case DECIMAL -> literal(Literal.Kind.DECIMAL, lexer.end());
            case STRING -> literal(Literal.Kind.STRING, lexer.end());
            case ESCAPE_STRING -> literal(Literal.Kind.ESCAPE_STRING, lexer.end());
            case DOLLAR_STRING -> literal(Literal.Kind.DOLLAR, lexer.end());
            case BIT_STRING -> literal(Literal.Kind.BIT, lexer.end());
            case HEX_STRING -> literal(Literal.Kind.HEX, lexer.end());
            case UNICODE_STRING -> {
                return unicodeString();
            }
            case UNICODE_IDENTIFIER -> {
                return unicodeIdentifier();
            }
            case IDENTIFIER -> identifier();
            case NATIONAL -> {
                inList.outside();
                write("nchar".getBytes(StandardCharsets.US_ASCII));
            }
            case PARAMETER -> parameter();
            case OPERATOR, PUNCTUATION -> mark();
            case BROKEN -> broken();
            case QUOTED_IDENTIFIER, CAST, UNKNOWN -> verbatim();
            case SEMICOLON, END -> throw new IllegalStateException(token + " is taken by the caller");
        }
        return lexer.next();
    }

    @SuppressWarnings("EnumOrdinal") // the number lives only as long as the statement does
    private void literal(Literal.Kind kind, int end) {
        inList.literal(kind, literals, written);
        write(PLACEHOLDERS[kind.ordinal()]);
        int at = literals * ShapedSql.STRIDE;
        if (at == places.length) {
            places = Arrays.copyOf(places, at * 2);
        }
        places[at] = kind.ordinal();
        places[at + 1] = lexer.start();
        places[at + 2] = end;
        places[at + 3] = slots++;
        literals++;
    }

    /** {@code U&'…'} and its UESCAPE are one literal. */
    private Token unicodeString() {
        literal(Literal.Kind.UNICODE_STRING, lexer.end());
        int last = (literals - 1) * ShapedSql.STRIDE;
        Token following = lexer.next();
        if (following != Token.IDENTIFIER || !lexer.reads("uescape")) {
            return following;
        }
        int wordStart = lexer.start();
        int wordEnd = lexer.end();
        Token escape = lexer.next();
        if (plainString(escape)) {
            places[last + 2] = lexer.end();
            return lexer.next();
        }
        inList.outside();
        writeFolded(wordStart, wordEnd);
        return escape;
    }

    /** {@code U&"…"} stays as it is, its UESCAPE too: it is a name, not a literal. */
    private Token unicodeIdentifier() {
        verbatim();
        Token following = lexer.next();
        if (following != Token.IDENTIFIER || !lexer.reads("uescape")) {
            return following;
        }
        writeFolded(lexer.start(), lexer.end());
        Token escape = lexer.next();
        if (!plainString(escape)) {
            return escape;
        }
        write(Arrays.copyOfRange(sql, offset + lexer.start(), offset + lexer.end()));
        return lexer.next();
    }

    private static boolean plainString(Token token) {
        return token == Token.STRING || token == Token.ESCAPE_STRING || token == Token.DOLLAR_STRING;
    }

    private void identifier() {
        boolean opens = lexer.reads("in") && !(written > 0 && out[written - 1] == '.');
        writeFolded(lexer.start(), lexer.end());
        if (opens) {
            inList.in();
        } else {
            inList.outside();
        }
    }

    private void parameter() {
        inList.outside();
        int number = 0;
        for (int at = lexer.start() + 1; at < lexer.end(); at++) {
            number = (int) Math.min(Integer.MAX_VALUE, number * 10L + sql[offset + at] - '0');
        }
        parameters = Math.max(parameters, number);
        writeToken();
    }

    private void mark() {
        byte b = lexer.end() - lexer.start() == 1 ? lexer.first() : 0;
        int first = inList.mark(b, lexer.start(), written);
        if (first < 0) {
            writeToken();
        } else {
            fold(first);
        }
    }

    /** Takes the list's literals back, from literal {@code first} on, and writes two of them for all. */
    private void fold(int first) {
        int slot = places[first * ShapedSql.STRIDE + 3];
        for (int i = first; i < literals; i++) {
            places[i * ShapedSql.STRIDE + 3] = slot;
            int sign = inList.signOf(i - first);
            if (sign >= 0) {
                places[i * ShapedSql.STRIDE + 1] = sign;
            }
        }
        slots = slot + 1;
        byte[] placeholder = PLACEHOLDERS[places[first * ShapedSql.STRIDE]];
        written = inList.writtenBefore();
        write(placeholder);
        writeWord((byte) ',');
        write(placeholder);
        writeWord((byte) ')');
    }

    private void broken() {
        if (problem == null) {
            problem = lexer.problem();
            problemAt = lexer.start();
        }
        verbatim();
    }

    private void verbatim() {
        inList.outside();
        writeToken();
    }

    private void writeToken() {
        int from = lexer.start();
        int length = lexer.end() - from;
        gap(length);
        System.arraycopy(sql, offset + from, out, written, length);
        written += length;
    }

    private void writeFolded(int from, int to) {
        gap(to - from);
        for (int at = offset + from; at < offset + to; at++) {
            out[written++] = SqlBytes.lower(sql[at]);
        }
    }

    private void write(byte[] word) {
        gap(word.length);
        System.arraycopy(word, 0, out, written, word.length);
        written += word.length;
    }

    private void writeWord(byte b) {
        gap(1);
        out[written++] = b;
    }

    private void gap(int following) {
        if (written + following + 1 > out.length) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, written + following + 1));
        }
        if (written > 0) {
            out[written++] = ' ';
        }
    }
}
