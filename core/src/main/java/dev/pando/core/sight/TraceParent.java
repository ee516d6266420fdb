package dev.pando.core.sight;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a statement belongs to, in the form of W3C Trace Context, version 00: {@code 00-trace-parent-flags}. Mutable, to be used
 * again and again without garbage.
 */
public final class TraceParent {
    /** {@code 00-} 32 digits {@code -} 16 digits {@code -} 2 digits. */
    static final int LENGTH = 55;

    private static final byte[] NAME = {'t', 'r', 'a', 'c', 'e', 'p', 'a', 'r', 'e', 'n', 't'};
    /** How far a comment is looked for from either end of a text. */
    private static final int REACH = 1_024;

    private long high;
    private long low;
    private long parent;
    private boolean sampled;

    void clear() {
        high = 0;
        low = 0;
        parent = 0;
        sampled = false;
    }

    /** Whether there is a trace that is to be recorded: its caller has sampled it. */
    public boolean known() {
        return sampled && (high != 0 || low != 0) && parent != 0;
    }

    /** 32 hexadecimal digits. */
    public String trace() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }

    /** The caller's span: 16 hexadecimal digits. */
    public String parent() {
        return HexFormat.of().toHexDigits(parent);
    }

    void copy(TraceParent other) {
        high = other.high;
        low = other.low;
        parent = other.parent;
        sampled = other.sampled;
    }

    /** Reads a value; false, and nothing known, when it is none. */
    boolean read(@Nullable CharSequence value) {
        clear();
        if (value == null || value.length() != LENGTH) {
            return false;
        }
        byte[] bytes = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            bytes[i] = (byte) value.charAt(i);
        }
        return parse(bytes, 0);
    }

    /** Reads {@code traceparent='…'} from a comment at the beginning or the end of a statement, as sqlcommenter writes it. */
    boolean find(byte[] sql) {
        clear();
        int end = end(sql);
        if (end >= 4 && sql[end - 1] == '/' && sql[end - 2] == '*') {
            int from = Math.max(0, end - REACH);
            int open = end - 4;
            while (open > from && !(sql[open] == '/' && sql[open + 1] == '*')) {
                open--;
            }
            if (within(sql, open, end - 2)) {
                return true;
            }
        }
        int start = 0;
        while (start < sql.length && space(sql[start])) {
            start++;
        }
        if (start + 4 < sql.length && sql[start] == '/' && sql[start + 1] == '*') {
            int close = start + 2;
            int reach = Math.min(sql.length - 1, start + REACH);
            while (close < reach && !(sql[close] == '*' && sql[close + 1] == '/')) {
                close++;
            }
            return within(sql, start, close);
        }
        return false;
    }

    private static int end(byte[] sql) {
        int end = sql.length;
        while (end > 0 && (space(sql[end - 1]) || sql[end - 1] == ';')) {
            end--;
        }
        return end;
    }

    private static boolean space(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private boolean within(byte[] sql, int from, int to) {
        for (int at = from; at + NAME.length + LENGTH + 2 < to + 1; at++) {
            if (named(sql, at)) {
                int value = at + NAME.length;
                if (sql[value] == '=' && sql[value + 1] == '\'') {
                    return parse(sql, value + 2);
                }
            }
        }
        return false;
    }

    private static boolean named(byte[] sql, int at) {
        for (int i = 0; i < NAME.length; i++) {
            if (sql[at + i] != NAME[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean parse(byte[] text, int at) {
        if (at + LENGTH > text.length || text[at] != '0' || text[at + 1] != '0') {
            return false;
        }
        boolean parted = text[at + 2] == '-' && text[at + 35] == '-' && text[at + 52] == '-';
        if (!parted
                || !hexadecimal(text, at + 3, 32)
                || !hexadecimal(text, at + 36, 16)
                || !hexadecimal(text, at + 53, 2)) {
            return false;
        }
        high = number(text, at + 3, 16);
        low = number(text, at + 19, 16);
        parent = number(text, at + 36, 16);
        sampled = (number(text, at + 53, 2) & 1) == 1;
        return true;
    }

    private static boolean hexadecimal(byte[] text, int at, int digits) {
        for (int i = at; i < at + digits; i++) {
            if (digit(text[i]) < 0) {
                return false;
            }
        }
        return true;
    }

    private static long number(byte[] text, int at, int digits) {
        long number = 0;
        for (int i = at; i < at + digits; i++) {
            number = number << 4 | digit(text[i]);
        }
        return number;
    }

    private static int digit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        return b >= 'a' && b <= 'f' ? b - 'a' + 10 : -1;
    }
}
