package dev.pando.lint.offline;

/** A statement, or something it is about, is not understood; the message ends the sentence "not in the tables: ". */
final class Unclear extends RuntimeException {
    Unclear(String reason) {
        super(reason, null, false, false);
    }
}
