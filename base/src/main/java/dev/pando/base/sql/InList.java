package dev.pando.base.sql;

import java.util.Arrays;

/**
 * Follows one {@code IN (literal, literal, …)} while {@link Shaper} writes its tokens. Any call that does not fit leaves the list, which
 * then stays as written.
 */
final class InList {
    private enum State {
        OUTSIDE,
        IN,
        ELEMENT,
        SIGNED,
        AFTER_ELEMENT
    }

    private State state = State.OUTSIDE;
    private String placeholder = "";
    private int firstLiteral;
    private int writtenBefore;
    private int elements;
    private int sign;
    private int[] signs = new int[16];

    void outside() {
        state = State.OUTSIDE;
    }

    void in() {
        state = State.IN;
    }

    /** A literal comes: the {@code index}-th of the statement, when {@code written} bytes of shape are written. */
    void literal(Literal.Kind kind, int index, int written) {
        boolean number = kind == Literal.Kind.INTEGER || kind == Literal.Kind.DECIMAL;
        boolean fits = state == State.ELEMENT || (state == State.SIGNED && number);
        if (!fits || (elements > 0 && !placeholder.equals(kind.placeholder()))) {
            outside();
            return;
        }
        if (elements == 0) {
            firstLiteral = index;
            placeholder = kind.placeholder();
            if (state == State.ELEMENT) {
                writtenBefore = written;
            }
        }
        if (elements == signs.length) {
            signs = Arrays.copyOf(signs, elements * 2);
        }
        signs[elements++] = state == State.SIGNED ? sign : -1;
        state = State.AFTER_ELEMENT;
    }

    /**
     * A mark of one byte comes (something longer as 0) at {@code start}, when {@code written} bytes of shape are written. Answers the
     * list's first literal when the mark ends a list to be folded, else -1.
     */
    int mark(byte b, int start, int written) {
        State before = state;
        state = State.OUTSIDE;
        switch (before) {
            case OUTSIDE, SIGNED -> {}
            case IN -> {
                if (b == '(') {
                    state = State.ELEMENT;
                    elements = 0;
                }
            }
            case ELEMENT -> {
                if (b == '-') {
                    state = State.SIGNED;
                    sign = start;
                    writtenBefore = elements == 0 ? written : writtenBefore;
                }
            }
            case AFTER_ELEMENT -> {
                if (b == ',') {
                    state = State.ELEMENT;
                } else if (b == ')' && elements > 1) {
                    return firstLiteral;
                }
            }
        }
        return -1;
    }

    /** Bytes of shape written before the folded list's first element. */
    int writtenBefore() {
        return writtenBefore;
    }

    /** Where the minus of the folded list's element is, or -1. */
    int signOf(int element) {
        return signs[element];
    }
}
