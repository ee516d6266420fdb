package dev.pando.lab.twin;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** PostgreSQL's text of an array with one dimension and without NULLs, as statistics have them. */
final class ArrayText {
    private ArrayText() {}

    static List<String> read(String text) {
        List<String> elements = new ArrayList<>();
        int at = 1;
        while (at < text.length() - 1) {
            StringBuilder element = new StringBuilder();
            boolean quoted = text.charAt(at) == '"';
            at += quoted ? 1 : 0;
            while (at < text.length()
                    && text.charAt(at) != (quoted ? '"' : ',')
                    && (quoted || at < text.length() - 1)) {
                at += text.charAt(at) == '\\' ? 1 : 0;
                element.append(text.charAt(at++));
            }
            at += quoted ? 2 : 1;
            elements.add(element.toString());
        }
        return elements;
    }

    static String write(List<String> elements) {
        return elements.stream()
                .map(element -> '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }
}
