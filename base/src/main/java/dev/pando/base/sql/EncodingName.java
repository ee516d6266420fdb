package dev.pando.base.sql;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of character encodings as PostgreSQL reads them: only letters and digits count, so {@code 'utf-8'} with its quotes is UTF8. */
public final class EncodingName {
    private static final Pattern IGNORED = Pattern.compile("[^a-z0-9]");
    private static final Set<String> UTF8 = Set.of("utf8", "unicode");

    private EncodingName() {}

    public static boolean utf8(String name) {
        return UTF8.contains(clean(name));
    }

    /** Letters, which become small, and digits. */
    public static String clean(String name) {
        return IGNORED.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
    }
}
