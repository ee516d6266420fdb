package dev.pando.lint.code;

import dev.pando.grammar.Node;
import java.util.List;

/**
 * What a statement runs besides itself.
 *
 * @param statements whether or not they were reached
 * @param doubts why it may do more than it was seen to do
 */
public record Reading(List<Node> statements, List<String> doubts) {
    public static final Reading NOTHING = new Reading(List.of(), List.of());

    public Reading {
        statements = List.copyOf(statements);
        doubts = List.copyOf(doubts);
    }
}
