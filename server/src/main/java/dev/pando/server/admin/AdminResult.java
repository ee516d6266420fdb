package dev.pando.server.admin;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of text for the wire.
 *
 * @param columns none for a statement that returns no rows
 * @param rows as many values per row as columns; null is SQL NULL
 * @param tag of CommandComplete; empty for a statement that was empty, which has an EmptyQueryResponse instead
 */
public record AdminResult(List<String> columns, List<List<@Nullable String>> rows, String tag) {
    static AdminResult of(List<String> columns, List<? extends List<? extends @Nullable String>> rows) {
        List<List<@Nullable String>> copied = new ArrayList<>();
        for (List<? extends @Nullable String> row : rows) {
            copied.add(new ArrayList<@Nullable String>(row));
        }
        return new AdminResult(List.copyOf(columns), copied, "SHOW");
    }

    static AdminResult one(String column, String value) {
        return of(List.of(column), List.of(List.of(value)));
    }

    static AdminResult tag(String tag) {
        return new AdminResult(List.of(), List.of(), tag);
    }
}
