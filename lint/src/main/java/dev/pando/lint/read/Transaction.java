package dev.pando.lint.read;

/**
 * The transaction a statement runs in; statements with the same {@code id} of one migration share it.
 *
 * @param origin who opened it
 */
public record Transaction(int id, Origin origin) {
    public enum Origin {
        /** Nobody: the statement is its own transaction. */
        STATEMENT,
        /** The tool that runs the migration. */
        TOOL,
        /** A BEGIN in the text. */
        TEXT
    }

    /** Whether other statements may share it, and CONCURRENTLY is refused in it. */
    public boolean block() {
        return origin != Origin.STATEMENT;
    }
}
