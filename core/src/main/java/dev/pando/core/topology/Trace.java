package dev.pando.core.topology;

/** What a statement, or code it runs, can leave on a server connection beyond its transaction. */
public enum Trace {
    /** Run-time parameters; the session takes them along. */
    SETTINGS("settings"),
    LOCKS("advisory lock"),
    TEMPORARY("temporary object"),
    LISTENING("LISTEN in a function"),
    PREPARED("PREPARE"),
    CURSORS("cursor WITH HOLD"),
    /** What no query shows: loaded modules, parameters whose names nobody knows, the state of other languages. */
    UNSEEN("unknown state");

    private final String words;

    Trace(String words) {
        this.words = words;
    }

    /** For people. */
    public String words() {
        return words;
    }
}
