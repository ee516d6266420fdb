package dev.pando.core.config;

import java.util.Locale;

/** The lowest level that is logged. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE;

    /** As written in the configuration file. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static LogLevel of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
