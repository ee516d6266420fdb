package dev.pando.server.control;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code SELECT pando.function(…)} answers.
 *
 * @param rows values in text format, as many per row as columns; null is SQL NULL
 * @param notices texts for NoticeResponses of severity NOTICE, to be sent before the rows
 */
public record CallResult(
        List<String> columns, List<Integer> typeOids, List<List<@Nullable String>> rows, List<String> notices) {
    static final int TEXT = 25;
    static final int INT4 = 23;
    static final int INT8 = 20;
    static final int BOOL = 16;

    public CallResult {
        columns = List.copyOf(columns);
        typeOids = List.copyOf(typeOids);
        List<List<@Nullable String>> copied = new ArrayList<>();
        for (List<@Nullable String> row : rows) {
            copied.add(new ArrayList<@Nullable String>(row));
        }
        rows = copied;
        notices = List.copyOf(notices);
    }

    /** One row with one text. */
    static CallResult text(String column, String value, List<String> notices) {
        List<@Nullable String> row = new ArrayList<>();
        row.add(value);
        return new CallResult(List.of(column), List.of(TEXT), List.of(row), notices);
    }
}
