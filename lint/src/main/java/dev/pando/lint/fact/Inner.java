package dev.pando.lint.fact;

import dev.pando.grammar.Node;

/**
 * A statement that another one runs besides itself.
 *
 * @param seen whether what it locks was seen, if it is reached at all; else rows decide whether it runs
 */
public record Inner(Node node, boolean seen, Variables variables) {}
