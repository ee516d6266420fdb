package dev.pando.lint.fact;

import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a change of rows does in another table by way of a foreign key, which may refer to the changed rows or to those of a table in between.
 *
 * @param kind of the change that it follows, UPDATE or DELETE
 * @param columns that an UPDATE has to set for it; empty for DELETE
 * @param key by which it comes there
 * @param clause which of the key's two, ON UPDATE or ON DELETE
 * @param action what that says
 * @param change the same as a change of rows; null when it only looks whether there are any
 * @param own whether the migration has made the table, and nobody else uses it yet
 * @param bytes of the table, empty when nobody knows
 * @param indexed whether an index finds the rows that refer
 * @param triggered whether the table, or a partition of it, has triggers of its users
 */
public record Reach(
        Change.Kind kind,
        Set<String> columns,
        Key key,
        Change.Kind clause,
        Action action,
        @Nullable Change change,
        boolean own,
        OptionalLong bytes,
        boolean indexed,
        boolean triggered) {
    /**
     * A foreign key; tables are named as SQL has it.
     *
     * @param table that has it
     * @param columns of that table
     * @param partitioned whether that table is
     * @param referenced table it refers to
     */
    public record Key(String name, String table, List<String> columns, boolean partitioned, String referenced) {
        public Key {
            columns = List.copyOf(columns);
        }
    }

    /** What ON DELETE and ON UPDATE say. */
    public enum Action {
        /** They look whether there are such rows. */
        NO_ACTION,
        RESTRICT,
        CASCADE,
        SET_NULL,
        SET_DEFAULT;

        /** By the letters of {@code pg_constraint}. */
        public static Action of(String letter) {
            return switch (letter) {
                case "a" -> NO_ACTION;
                case "r" -> RESTRICT;
                case "c" -> CASCADE;
                case "n" -> SET_NULL;
                case "d" -> SET_DEFAULT;
                default -> throw new IllegalArgumentException(letter);
            };
        }

        public boolean changes() {
            return this != NO_ACTION && this != RESTRICT;
        }

        public String sql() {
            return name().replace('_', ' ');
        }
    }

    public Reach {
        columns = Set.copyOf(columns);
    }

    public boolean follows(Change cause) {
        return cause.kind() == kind
                && (columns.isEmpty() || cause.columns().isEmpty() || !Collections.disjoint(columns, cause.columns()));
    }
}
