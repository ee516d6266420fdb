package dev.pando.core.route;

/** Where a value that a plan needs is found when the statement runs: plans are cached per shape, values come with each execution. */
public sealed interface ValueSource {
    /**
     * A literal of the shaped SQL.
     *
     * @param negated a minus sign stands before it
     * @param array the literal is an array's text form ({@code = ANY('{…}')})
     */
    record Slot(int slot, boolean negated, boolean array) implements ValueSource {}

    /**
     * Parameter {@code $number}, from 1.
     *
     * @param array the parameter is an array ({@code = ANY($1)})
     * @param shared it stands elsewhere in the statement too, where another type may be found for it than a key's
     */
    record Parameter(int number, boolean array, boolean shared) implements ValueSource {}

    /** SQL NULL, or DEFAULT that yields NULL. */
    record Null() implements ValueSource {}
}
