package dev.pando.lint.read;

import org.jspecify.annotations.Nullable;

/**
 * A comment {@code -- pando: allow RULE reason}.
 *
 * @param statement number of the statement it speaks of, -1 when none follows
 * @param reason null when none is given
 */
public record Allow(String rule, @Nullable String reason, Place place, int statement) {}
