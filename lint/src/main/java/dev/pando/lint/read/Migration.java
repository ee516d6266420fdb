package dev.pando.lint.read;

import java.util.List;

/** A file of SQL as its tool reads it. */
public record Migration(String name, Format format, String text, List<Statement> statements, List<Allow> allows) {
    public Migration {
        statements = List.copyOf(statements);
        allows = List.copyOf(allows);
    }
}
