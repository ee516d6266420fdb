package dev.pando.core.config;

import java.util.List;
import java.util.Locale;

/** What a line of the log looks like. */
public enum LogFormat {
    TEXT,
    JSON;

    static List<String> words() {
        return List.of(TEXT.word(), JSON.word());
    }

    /** As written in the configuration file. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static LogFormat of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
