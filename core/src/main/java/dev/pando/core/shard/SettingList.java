package dev.pando.core.shard;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.ArrayList;
import java.util.List;

/** A list within one setting: items between commas, blanks around them dropped, in double quotes (doubled inside) where that matters. */
final class SettingList {
    private SettingList() {}

    static List<String> parse(String text) {
        List<String> items = new ArrayList<>();
        if (text.isBlank()) {
            return items;
        }
        int at = 0;
        while (true) {
            at = skipBlanks(text, at);
            StringBuilder item = new StringBuilder();
            at = at < text.length() && text.charAt(at) == '"'
                    ? skipBlanks(text, quoted(text, at, item))
                    : bare(text, at, item);
            items.add(item.toString());
            if (at == text.length()) {
                return items;
            }
            if (text.charAt(at) != ',') {
                throw refused(text, "expected a comma after item " + items.size());
            }
            at++;
        }
    }

    static String format(List<String> items) {
        StringBuilder list = new StringBuilder();
        for (String item : items) {
            list.append(list.isEmpty() ? "" : ",");
            boolean plain =
                    !item.isEmpty() && item.equals(item.strip()) && item.indexOf(',') < 0 && item.indexOf('"') < 0;
            list.append(plain ? item : '"' + item.replace("\"", "\"\"") + '"');
        }
        return list.toString();
    }

    private static int bare(String text, int from, StringBuilder item) {
        int comma = text.indexOf(',', from);
        int end = comma < 0 ? text.length() : comma;
        item.append(text.substring(from, end).strip());
        if (item.isEmpty()) {
            throw refused(text, "an empty item needs quotes: \"\"");
        }
        return end;
    }

    private static int quoted(String text, int from, StringBuilder item) {
        int at = from + 1;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '"') {
                item.append(c);
                at++;
            } else if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
                item.append('"');
                at += 2;
            } else {
                return at + 1;
            }
        }
        throw refused(text, "a closing quote is missing");
    }

    private static int skipBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static PandoException refused(String text, String problem) {
        return new PandoException(
                PandoError.DISTRIBUTE_ARGUMENT, "list \"" + KeyCodec.shortened(text) + "\" cannot be read: " + problem);
    }
}
