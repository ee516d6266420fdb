package dev.pando.grammar;

import java.util.List;

/** The statements of a text in their order; empty when there is nothing but white space, comments and semicolons. */
public record ParseTree(List<Statement> statements) implements ParseResult {
    public ParseTree {
        statements = List.copyOf(statements);
    }

    /**
     * One statement.
     *
     * @param location of its first token's first byte
     * @param length in bytes, without the semicolon
     */
    public record Statement(Node node, int location, int length) {}
}
