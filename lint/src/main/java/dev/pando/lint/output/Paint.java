package dev.pando.lint.output;

import dev.pando.lint.fact.Severity;

/** Colours of a terminal, or none. */
public record Paint(boolean colours) {
    private static final String RESET = "\u001b[0m";

    String bold(String text) {
        return painted("1", text);
    }

    String faint(String text) {
        return painted("2", text);
    }

    String added(String text) {
        return painted("32", text);
    }

    String removed(String text) {
        return painted("31", text);
    }

    String severity(Severity severity, String text) {
        return painted(
                switch (severity) {
                    case ERROR -> "1;31";
                    case WARNING -> "1;33";
                    case UNKNOWN -> "1;35";
                    case ADVICE -> "1;36";
                },
                text);
    }

    private String painted(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + RESET : text;
    }
}
