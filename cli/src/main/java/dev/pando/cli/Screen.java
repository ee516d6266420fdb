package dev.pando.cli;

import java.io.Console;
import java.io.PrintWriter;

/**
 * What long-running commands print. On a terminal the last line is redrawn in place; elsewhere every step is a line of its own and the live
 * status is left out. May be used by several threads.
 */
final class Screen {
    private static final int BAR = 24;
    private static final int LEAST_WIDTH = 20;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter out;
    private final boolean terminal;
    private final int width;
    private boolean lineInPlace;

    Screen(PrintWriter out, boolean terminal, int width) {
        this.out = out;
        this.terminal = terminal;
        this.width = Math.max(LEAST_WIDTH, width);
    }

    /** Of this process: a terminal when standard output is one that understands redrawing. */
    @SuppressWarnings("SystemConsoleNull") // null or not when redirected depends on the Java release and its settings
    static Screen ofProcess(PrintWriter out) {
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
        String columns = System.getenv("COLUMNS");
        int width = columns != null && columns.matches("\\d{1,4}") ? Integer.parseInt(columns) : 80;
        return new Screen(out, terminal, width);
    }

    synchronized void progress(int done, int total, String what) {
        if (!terminal) {
            out.println(done + "/" + total + " " + what);
            return;
        }
        int filled = total == 0 ? BAR : BAR * done / total;
        inPlace("█".repeat(filled) + "░".repeat(BAR - filled) + " " + done + "/" + total + " " + what);
    }

    /** Redraws the last line; prints nothing where that is not possible. */
    synchronized void live(String status) {
        if (terminal) {
            inPlace(status);
        }
    }

    /** A line that stays. */
    synchronized void line(String text) {
        clear();
        out.println(text);
        out.flush();
    }

    /** A line for people, that programs which wait for the others need not skip. */
    synchronized void hint(String text) {
        if (terminal) {
            line(text);
        }
    }

    synchronized void clear() {
        if (lineInPlace) {
            out.print(CLEAR);
            out.flush();
            lineInPlace = false;
        }
    }

    private void inPlace(String text) {
        String fitting = text.length() < width ? text : text.substring(0, width - 2) + "…";
        out.print(CLEAR + fitting);
        out.flush();
        lineInPlace = true;
    }
}
