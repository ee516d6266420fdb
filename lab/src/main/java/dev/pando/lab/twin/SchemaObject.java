package dev.pando.lab.twin;

/** One statement that makes an object of the schema, or a part of one, with all names qualified. */
public record SchemaObject(ObjectKind kind, String name, String sql) {}
