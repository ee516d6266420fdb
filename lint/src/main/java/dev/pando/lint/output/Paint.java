package dev.pando.lint.output;

import dev.pando.lint.fact.Severity;
import java.io.Console;

/** Colours of a terminal, or none. */
public record Paint(boolean colours) {
    private static final String RESET = "\u001b[0m";

    /** Colours if this process writes to a terminal that has some, and nobody forbids them. */
    @SuppressWarnings("SystemConsoleNull") // null or not when redirected depends on the Java release and its settings
    public static Paint ofTerminal() {
        Console console = System.console();
        String never = System.getenv("NO_COLOR");
        return new Paint(console != null
                && console.isTerminal()
                && (never == null || never.isEmpty())
                && !"dumb".equals(System.getenv("TERM")));
    }

    public String bold(String text) {
        return painted("1", text);
    }

    public String faint(String text) {
        return painted("2", text);
    }

    public String added(String text) {
        return painted("32", text);
    }

    public String removed(String text) {
        return painted("31", text);
    }

    public String severity(Severity severity, String text) {
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
        String visible = visible(text);
        return colours ? "\u001b[" + code + "m" + visible + RESET : visible;
    }

    /** Names and texts of others, whose control characters a terminal would obey. */
    public static String visible(String text) {
        StringBuilder visible = new StringBuilder();
        text.codePoints().forEach(character -> {
            boolean obeyed = Character.isISOControl(character) || Character.getType(character) == Character.FORMAT;
            if (obeyed && character != '\n' && character != '\t') {
                visible.append(String.format("<U+%04X>", character));
            } else {
                visible.appendCodePoint(character);
            }
        });
        return visible.toString();
    }
}
