package dev.pando.lab.oracle;

/** Whether the facts of an {@link Observation} are facts. */
public sealed interface Outcome {
    /** The statement ran to its end; the facts are what it did. */
    record Observed() implements Outcome {}

    /** The server refused it, in these words. */
    record Failed(String sqlState, String message) implements Outcome {}

    /** It could not be run or watched; nothing is known, least of all that it is safe. */
    record Unknown(String reason) implements Outcome {}
}
