package dev.pando.lint.fact;

import java.util.List;

/**
 * Statements to run instead of one, each in its own transaction unless they say BEGIN.
 *
 * @param notes what the statements cannot say, for the reader
 */
public record Rewrite(List<String> statements, List<String> notes) {
    public Rewrite {
        statements = List.copyOf(statements);
        notes = List.copyOf(notes);
    }

    /** As a file of its own. */
    public String sql() {
        return String.join(";\n", statements) + ";\n";
    }
}
