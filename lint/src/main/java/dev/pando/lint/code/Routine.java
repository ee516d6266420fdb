package dev.pando.lint.code;

/**
 * A function or procedure of the schema.
 *
 * @param changes whether it may change anything: it is VOLATILE
 * @param definition its CREATE FUNCTION for {@code plpgsql}, its statements for {@code sql}
 */
public record Routine(long oid, String name, String language, boolean changes, String definition) {}
