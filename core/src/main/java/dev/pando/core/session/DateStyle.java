package dev.pando.core.session;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The one parameter of which a SET may change a half: how dates are written, or the order of day, month and year. */
final class DateStyle {
    static final String KEY = "datestyle";

    private static final Pattern OUTPUT = word("iso|sql|postgres\\w*|german\\w*");
    private static final Pattern ORDER = word("ymd|dmy|mdy|us|euro\\w*|noneuro\\w*");

    private DateStyle() {}

    private static Pattern word(String words) {
        return Pattern.compile("\\b(" + words + ")\\b", Pattern.CASE_INSENSITIVE);
    }

    /** The SET that has the effect of the first and then the second. */
    static String after(@Nullable String before, String set) {
        String output = last(OUTPUT, set);
        String order = last(ORDER, set);
        if (before == null || (output != null && order != null) || (output == null && order == null)) {
            return set;
        }
        String ordered = order == null && output != null && output.startsWith("german") ? "dmy" : last(ORDER, before);
        String first = output == null ? last(OUTPUT, before) : output;
        String second = order == null ? ordered : order;
        if (first == null || second == null) {
            return set;
        }
        return Settings.sql(KEY, first + ", " + second);
    }

    private static @Nullable String last(Pattern words, String text) {
        Matcher matcher = words.matcher(text);
        String found = null;
        while (matcher.find()) {
            found = matcher.group(1).toLowerCase(Locale.ROOT);
        }
        return found;
    }
}
