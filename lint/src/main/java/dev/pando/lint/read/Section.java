package dev.pando.lint.read;

/**
 * A stretch of a file that its tool runs.
 *
 * @param delimiter what ends a statement there
 */
record Section(int start, int end, boolean inTransaction, String delimiter) {
    static final String SEMICOLON = ";";

    static Section of(int start, int end, boolean inTransaction) {
        return new Section(start, end, inTransaction, SEMICOLON);
    }
}
