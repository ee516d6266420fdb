package dev.pando.server.control;

import org.jspecify.annotations.Nullable;

/**
 * An argument of {@code SELECT pando.function(…)}.
 *
 * @param name null for a positional argument
 * @param value its text form, null for SQL NULL
 */
public record NamedArgument(@Nullable String name, @Nullable String value) {}
