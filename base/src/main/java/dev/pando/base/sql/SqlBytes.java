package dev.pando.base.sql;

/** The character classes of PostgreSQL's lexer over UTF-8: every byte of a multi-byte character counts as a letter. */
final class SqlBytes {
    private static final int IDENTIFIER_START = 1;
    private static final int IDENTIFIER_PART = 2;
    private static final int OPERATOR = 4;
    private static final int SPACE = 8;
    private static final int DIGIT = 16;
    private static final byte[] CLASSES = classes();

    private SqlBytes() {}

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int b = 0; b < 256; b++) {
            boolean letter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b >= 128 || b == '_';
            boolean digit = b >= '0' && b <= '9';
            int found = letter ? IDENTIFIER_START | IDENTIFIER_PART : 0;
            found |= digit ? DIGIT | IDENTIFIER_PART : 0;
            found |= b == '$' ? IDENTIFIER_PART : 0;
            found |= "~!@#^&|`?+-*/%<>=".indexOf(b) >= 0 ? OPERATOR : 0;
            found |= " \t\n\r\f\u000b".indexOf(b) >= 0 ? SPACE : 0;
            classes[b] = (byte) found;
        }
        return classes;
    }

    static boolean startsIdentifier(byte b) {
        return (CLASSES[b & 0xff] & IDENTIFIER_START) != 0;
    }

    static boolean continuesIdentifier(byte b) {
        return (CLASSES[b & 0xff] & IDENTIFIER_PART) != 0;
    }

    static boolean operator(byte b) {
        return (CLASSES[b & 0xff] & OPERATOR) != 0;
    }

    static boolean space(byte b) {
        return (CLASSES[b & 0xff] & SPACE) != 0;
    }

    static boolean digit(byte b) {
        return (CLASSES[b & 0xff] & DIGIT) != 0;
    }

    static boolean newline(byte b) {
        return b == '\n' || b == '\r';
    }

    /** Folds as PostgreSQL does in UTF-8 databases: ASCII letters only. */
    static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
    }

    /** Value of a hexadecimal digit, or -1. */
    static int hexValue(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int letter = b | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }
}
