package dev.pando.server.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows for the wire.
 *
 * @param numbers those columns that hold whole numbers; the others are text
 * @param columns none for a statement that returns no rows
 * @param rows as many values per row as columns; null is SQL NULL
 * @param tag of CommandComplete; empty for a statement that was empty, which has an EmptyQueryResponse instead
 * @param notices told before that
 */
public record AdminResult(
        List<String> columns,
        Set<String> numbers,
        List<List<@Nullable String>> rows,
        String tag,
        List<String> notices) {
    private static final String NUMBER = "#";

    static AdminResult of(List<String> columns, List<? extends List<? extends @Nullable String>> rows) {
        List<List<@Nullable String>> copied = new ArrayList<>();
        for (List<? extends @Nullable String> row : rows) {
            copied.add(new ArrayList<@Nullable String>(row));
        }
        return new AdminResult(List.copyOf(columns), Set.of(), copied, "SHOW", List.of());
    }

    /** {@code columns}: with {@code #} before the names of those that hold whole numbers; values as their {@code toString} says. */
    static AdminResult typed(List<String> columns, List<? extends List<? extends @Nullable Object>> rows) {
        List<List<@Nullable String>> texts = new ArrayList<>();
        for (List<? extends @Nullable Object> row : rows) {
            List<@Nullable String> text = new ArrayList<>();
            row.forEach(value -> text.add(value == null ? null : value.toString()));
            texts.add(text);
        }
        return new AdminResult(
                columns.stream().map(AdminResult::name).toList(),
                columns.stream()
                        .filter(column -> column.startsWith(NUMBER))
                        .map(AdminResult::name)
                        .collect(Collectors.toUnmodifiableSet()),
                texts,
                "SHOW",
                List.of());
    }

    private static String name(String column) {
        return column.startsWith(NUMBER) ? column.substring(NUMBER.length()) : column;
    }

    static AdminResult one(String column, String value) {
        return of(List.of(column), List.of(List.of(value)));
    }

    static AdminResult tag(String tag) {
        return tag(tag, List.of());
    }

    static AdminResult tag(String tag, List<String> notices) {
        return new AdminResult(List.of(), Set.of(), List.of(), tag, notices);
    }
}
