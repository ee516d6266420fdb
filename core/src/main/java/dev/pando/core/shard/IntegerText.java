package dev.pando.core.shard;

/** The text form of smallint, integer and bigint: blanks around it, a sign, decimal or 0x/0o/0b digits, single underscores between digits. */
final class IntegerText {
    private final KeyType type;
    private final String text;
    private int at;

    private IntegerText(KeyType type, String text) {
        this.type = type;
        this.text = text;
    }

    static long parse(KeyType type, String text) {
        return new IntegerText(type, text).parse();
    }

    private long parse() {
        skipBlanks();
        boolean negative = peek() == '-';
        if (negative || peek() == '+') {
            at++;
        }
        int radix = radix();
        if (radix != 10) {
            at += 2;
        }
        long magnitude = digits(radix);
        skipBlanks();
        if (at != text.length()) {
            throw KeyCodec.syntax(type, text);
        }
        return inRange(negative ? magnitude : positive(magnitude));
    }

    /** Digits as a negative number, because the smallest bigint has no positive counterpart. */
    private long digits(int radix) {
        int start = at;
        long sum = 0;
        boolean overflow = false;
        while (true) {
            int digit = digit(radix);
            if (digit >= 0) {
                overflow |= sum < (Long.MIN_VALUE + digit) / radix;
                sum = sum * radix - digit;
                at++;
            } else if (peek() == '_' && (at > start || radix != 10)) {
                at++;
                if (digit(radix) < 0) {
                    throw KeyCodec.syntax(type, text);
                }
            } else {
                break;
            }
        }
        if (at == start) {
            throw KeyCodec.syntax(type, text);
        }
        if (overflow) {
            throw KeyCodec.outOfRange(type, text);
        }
        return sum;
    }

    private long positive(long negated) {
        if (negated == Long.MIN_VALUE) {
            throw KeyCodec.outOfRange(type, text);
        }
        return -negated;
    }

    private long inRange(long value) {
        boolean fits = switch (type) {
            case INT2 -> value == (short) value;
            case INT4 -> value == (int) value;
            case INT8 -> true;
            case UUID, TEXT -> throw new IllegalArgumentException("not an integer: " + type);
        };
        if (!fits) {
            throw KeyCodec.outOfRange(type, text);
        }
        return value;
    }

    private int radix() {
        if (peek() != '0' || at + 1 >= text.length()) {
            return 10;
        }
        return switch (text.charAt(at + 1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
        };
    }

    /** Only ASCII digits count: {@link Character#digit} alone would take those of every script. */
    private int digit(int radix) {
        char c = peek();
        return c < 128 ? Character.digit(c, radix) : -1;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void skipBlanks() {
        while (peek() == ' ' || (peek() >= '\t' && peek() <= '\r')) {
            at++;
        }
    }
}
