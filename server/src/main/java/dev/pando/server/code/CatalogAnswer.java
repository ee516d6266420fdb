package dev.pando.server.code;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a query of the system catalogs has answered, in PostgreSQL's text form. */
public record CatalogAnswer(List<String> columns, List<List<@Nullable String>> rows) {
    public CatalogAnswer {
        columns = List.copyOf(columns);
    }

    /** One row at a time; columns that are asked for are there, and not NULL. */
    static final class Row {
        private final Map<String, Integer> places;
        private final List<@Nullable String> values;

        private Row(Map<String, Integer> places, List<@Nullable String> values) {
            this.places = places;
            this.values = values;
        }

        String text(String column) {
            Integer place = places.get(column);
            String value = place == null ? null : values.get(place);
            if (value == null) {
                throw new IllegalArgumentException("the catalog's column " + column + " is missing or NULL");
            }
            return value;
        }

        long number(String column) {
            return Long.parseLong(text(column));
        }

        boolean flag(String column) {
            return text(column).equals("t");
        }

        /** Of an array. */
        List<Long> numbers(String column) {
            String array = text(column);
            String inside = array.substring(1, array.length() - 1);
            return inside.isEmpty()
                    ? List.of()
                    : Arrays.stream(inside.split(",", -1)).map(Long::valueOf).toList();
        }
    }

    void forEach(Consumer<Row> reader) {
        Map<String, Integer> places = new HashMap<>();
        columns.forEach(column -> places.put(column, places.size()));
        for (List<@Nullable String> values : rows) {
            reader.accept(new Row(places, values));
        }
    }

    <T> List<T> read(Function<Row, T> reader) {
        List<T> all = new ArrayList<>();
        forEach(row -> all.add(reader.apply(row)));
        return all;
    }
}
