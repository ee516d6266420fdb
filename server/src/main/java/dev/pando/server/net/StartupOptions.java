package dev.pando.server.net;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The startup packet's {@code options}: {@code -c name=value}, {@code --name=value}, backslash before a blank that belongs to a value. */
final class StartupOptions {
    private StartupOptions() {}

    static Map<String, String> parse(String options) {
        Map<String, String> settings = new LinkedHashMap<>();
        List<String> words = words(options);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-c") && i + 1 < words.size()) {
                assign(words.get(++i), settings);
            } else if (word.startsWith("-c")) {
                assign(word.substring(2), settings);
            } else if (word.startsWith("--")) {
                assign(underscored(word.substring(2)), settings);
            }
        }
        return settings;
    }

    private static void assign(String assignment, Map<String, String> settings) {
        int equals = assignment.indexOf('=');
        if (equals > 0) {
            settings.put(assignment.substring(0, equals), assignment.substring(equals + 1));
        }
    }

    private static String underscored(String assignment) {
        int equals = assignment.indexOf('=');
        return equals < 0
                ? assignment
                : assignment.substring(0, equals).replace('-', '_') + assignment.substring(equals);
    }

    private static List<String> words(String options) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < options.length(); i++) {
            char c = options.charAt(i);
            if (c == '\\' && i + 1 < options.length()) {
                word.append(options.charAt(++i));
            } else if (Character.isWhitespace(c)) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
            } else {
                word.append(c);
            }
        }
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }
}
