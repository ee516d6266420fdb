package dev.pando.base.sql;

import java.nio.charset.StandardCharsets;

/** Names as PostgreSQL reads them from a text in UTF-8. */
public final class Identifier {
    /** NAMEDATALEN less the zero byte. */
    private static final int LONGEST = 63;

    private Identifier() {}

    /** Of a name without double quotes: only A to Z become small letters, and what is too long is cut. */
    public static String folded(String name) {
        StringBuilder folded = new StringBuilder(name);
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                folded.setCharAt(i, (char) (c + ('a' - 'A')));
            }
        }
        return cut(folded.toString());
    }

    /** At most 63 bytes, and no half of a character. */
    public static String cut(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST) {
            return name;
        }
        int end = LONGEST;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
