package dev.pando.core.route;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One-dimensional arrays in PostgreSQL's text form (manual 8.15.6): {@code {1,NULL,"a b"}}. */
final class ArrayText {
    private final String text;
    private int at;

    private ArrayText(String text) {
        this.text = text;
    }

    /** The elements, null for NULL ones; a null list when the text is anything but a plain one-dimensional array. */
    static @Nullable List<@Nullable String> parse(String text) {
        return new ArrayText(text.strip()).elements();
    }

    private @Nullable List<@Nullable String> elements() {
        int last = text.length() - 1;
        if (last < 1 || text.charAt(0) != '{' || text.charAt(last) != '}') {
            return null;
        }
        List<@Nullable String> found = new ArrayList<>();
        at = 1;
        skipSpace();
        if (at == last) {
            return found;
        }
        while (at < last) {
            skipSpace();
            boolean quoted = text.charAt(at) == '"';
            String element = quoted ? quoted(last) : bare(last);
            if (element == null) {
                return null;
            }
            found.add(!quoted && element.equalsIgnoreCase("null") ? null : element);
            skipSpace();
            if (at == last) {
                return found;
            }
            if (text.charAt(at) != ',') {
                return null;
            }
            at++;
        }
        return null;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\n\r\u000b\f".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private @Nullable String quoted(int last) {
        StringBuilder element = new StringBuilder();
        for (at++; at < last; at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return element.toString();
            }
            if (c == '\\') {
                at++;
            }
            if (at < last) {
                element.append(text.charAt(at));
            }
        }
        return null;
    }

    private @Nullable String bare(int last) {
        int start = at;
        while (at < last && text.charAt(at) != ',') {
            if ("{}\"\\".indexOf(text.charAt(at)) >= 0) {
                return null;
            }
            at++;
        }
        String element = text.substring(start, at).strip();
        return element.isEmpty() ? null : element;
    }
}
