package dev.pando.lab.oracle;

import dev.pando.base.sql.Quote;

/** A relation under the name it had before the statement or, if that is new, after it. */
public record Relation(String schema, String name, RelationKind kind, boolean existed) {
    /** {@code schema.name}, quoted as needed. */
    public String qualifiedName() {
        return Quote.qualified(schema, name);
    }
}
