package dev.pando.lint.fact;

import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a change of rows does to a table that refers to them, by way of one foreign key or of several.
 *
 * @param kind of the change of the rows that are referred to, UPDATE or DELETE
 * @param columns that an UPDATE has to set for it; empty for DELETE
 * @param table that refers, as SQL has it
 * @param key its columns that do
 * @param action what becomes of the rows there
 * @param change the same as a change of rows; null when it only looks whether there are any
 * @param own whether the migration has made the table, and nobody else uses it yet
 * @param bytes of the table, empty when nobody knows
 * @param indexed whether an index finds its rows
 */
public record Reference(
        Change.Kind kind,
        Set<String> columns,
        String table,
        List<String> key,
        Action action,
        @Nullable Change change,
        boolean own,
        OptionalLong bytes,
        boolean indexed) {
    /** What ON DELETE and ON UPDATE have, with the letters of {@code pg_constraint}. */
    public enum Action {
        /** NO ACTION and RESTRICT: they look whether there are such rows. */
        NONE,
        CASCADE,
        SET_NULL,
        SET_DEFAULT;

        public static Action of(String letter) {
            return switch (letter) {
                case "c" -> CASCADE;
                case "n" -> SET_NULL;
                case "d" -> SET_DEFAULT;
                default -> NONE;
            };
        }

        @Override
        public String toString() {
            return name().replace('_', ' ');
        }
    }

    public Reference {
        columns = Set.copyOf(columns);
        key = List.copyOf(key);
    }

    /** Whether a change has it follow. */
    public boolean follows(Change change) {
        return change.kind() == kind
                && (columns.isEmpty()
                        || change.columns().isEmpty()
                        || !Collections.disjoint(columns, change.columns()));
    }
}
