package dev.pando.server.admin;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of text for the wire.
 *
 * @param rows as many values per row as columns; null is SQL NULL
 * @param tag of CommandComplete
 */
public record AdminResult(List<String> columns, List<List<@Nullable String>> rows, String tag) {
    static AdminResult of(List<String> columns, List<? extends List<? extends @Nullable String>> rows) {
        List<List<@Nullable String>> copied = new ArrayList<>();
        for (List<? extends @Nullable String> row : rows) {
            copied.add(new ArrayList<@Nullable String>(row));
        }
        return new AdminResult(List.copyOf(columns), copied, "SHOW");
    }
}
