package dev.pando.lint.fact;

import java.util.Locale;

/** How much a finding matters, from little to much. */
public enum Severity {
    /** Good to know; nothing breaks. */
    ADVICE,
    /** Nothing is known of the statement, so nothing is said to be safe. */
    UNKNOWN,
    /** Breaks something under some load or in some order of deployment. */
    WARNING,
    /** Blocks or breaks what runs. */
    ERROR;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
