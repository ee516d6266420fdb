package dev.pando.lint.code;

import dev.pando.lint.fact.Inner;
import java.util.List;

/**
 * What a statement runs besides itself.
 *
 * @param statements whether or not they were reached
 * @param doubts why it may do more than it was seen to do
 * @param open whether it may make more in the schema than it was seen to make
 * @param ends whether it ends transactions, which it may not do within one
 */
public record Reading(List<Inner> statements, List<String> doubts, boolean open, boolean ends) {
    public static final Reading NOTHING = new Reading(List.of(), List.of(), false, false);

    public Reading {
        statements = List.copyOf(statements);
        doubts = List.copyOf(doubts);
    }
}
