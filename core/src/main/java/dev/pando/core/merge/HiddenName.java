package dev.pando.core.merge;

import java.nio.charset.StandardCharsets;

/** The name of a hidden column that tells what it computes: {@code pando_1 lower(name)}. */
public final class HiddenName {
    /** PostgreSQL cuts names after 63 bytes, with a notice. */
    private static final int LONGEST = 60;

    private HiddenName() {}

    public static String of(String name, String expression) {
        StringBuilder full = new StringBuilder(name).append(' ');
        int bytes = full.length();
        int at = 0;
        while (at < expression.length()) {
            int character = expression.codePointAt(at);
            String next = Character.isWhitespace(character) ? " " : Character.toString(character);
            bytes += next.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > LONGEST) {
                return full.append('…').toString();
            }
            full.append(next);
            at += Character.charCount(character);
        }
        return full.toString();
    }

    /** What the client wrote, of a name made above; any other name as it is. */
    static String shown(String name) {
        int blank = name.startsWith("pando_") ? name.indexOf(' ') : -1;
        return blank < 0 ? name : name.substring(blank + 1);
    }
}
