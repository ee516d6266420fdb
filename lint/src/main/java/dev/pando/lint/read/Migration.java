package dev.pando.lint.read;

import java.util.List;

/**
 * A file of SQL as its tool reads it.
 *
 * @param continued whether it begins in the transaction in which the file before it ends
 */
public record Migration(
        String name, Format format, String text, List<Statement> statements, List<Allow> allows, boolean continued) {
    public Migration {
        statements = List.copyOf(statements);
        allows = List.copyOf(allows);
    }
}
