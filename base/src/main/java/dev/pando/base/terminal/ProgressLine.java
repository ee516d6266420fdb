package dev.pando.base.terminal;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;

/** Progress of long work: one line rewritten in place on a terminal, a plain line every five seconds elsewhere. One thread. */
public final class ProgressLine implements AutoCloseable {
    private static final Duration PLAIN_EVERY = Duration.ofSeconds(5);

    private final PrintWriter out;
    private final boolean terminal;
    private Duration lastPlain = Duration.ZERO;
    private int shown;

    public ProgressLine(PrintWriter out) {
        this(out, onTerminal());
    }

    ProgressLine(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    // Null again since JDK 25, whose default console is the one of java.base (JDK-8351435).
    @SuppressWarnings("SystemConsoleNull")
    private static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    public void show(String text, Duration elapsed) {
        if (terminal) {
            out.print('\r' + text + " ".repeat(Math.max(0, shown - text.length())));
            shown = text.length();
            out.flush();
        } else if (elapsed.minus(lastPlain).compareTo(PLAIN_EVERY) >= 0) {
            lastPlain = elapsed;
            out.println(text);
            out.flush();
        }
    }

    /** Clears the line. */
    @Override
    public void close() {
        if (terminal && shown > 0) {
            out.print('\r' + " ".repeat(shown) + '\r');
            out.flush();
        }
    }
}
