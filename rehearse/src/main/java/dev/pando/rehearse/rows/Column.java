package dev.pando.rehearse.rows;

import org.jspecify.annotations.Nullable;

/**
 * A column of a table that is to get rows.
 *
 * @param type as SQL has it
 * @param base name of its type in {@code pg_type}, that below a domain
 * @param kind {@code pg_type.typtype} of {@code base}
 * @param modifier {@code typmod}, -1 for none
 * @param required NOT NULL, by itself or by its domain
 * @param filled the server makes its values, each another one: identity, serial
 * @param element name of the type of an array's elements, null for other types
 * @param labels number of labels of an enum
 */
record Column(
        String name,
        String type,
        String base,
        char kind,
        int modifier,
        boolean required,
        boolean domain,
        boolean generated,
        boolean filled,
        boolean defaulted,
        @Nullable String element,
        int labels) {

    /** Whether an INSERT leaves it to the server. */
    boolean left() {
        return generated || filled;
    }
}
