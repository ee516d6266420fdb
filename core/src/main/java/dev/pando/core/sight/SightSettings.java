package dev.pando.core.sight;

/**
 * What is watched, as the configuration says it. Times are nanoseconds.
 *
 * @param on whether statements are watched at all
 * @param most statements that one event loop keeps
 * @param slow from how long on a statement is shown one by one; negative for never
 * @param traces whether statements of a trace are shown one by one
 * @param repeats from how many on a statement is one question asked many times; 0 for never
 * @param pause what may lie between two of those outside a transaction
 */
public record SightSettings(boolean on, int most, long slow, boolean traces, int repeats, long pause) {}
