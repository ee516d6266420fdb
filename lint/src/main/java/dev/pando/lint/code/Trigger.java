package dev.pando.lint.code;

/**
 * What a change of rows runs.
 *
 * @param eachRow whether it runs for each row, so not at all where tables are empty
 */
public record Trigger(Routine routine, boolean eachRow) {}
