package dev.pando.rehearse.rows;

import java.util.List;

/** Columns whose values, taken together, are in one row only. */
record Key(boolean primary, boolean immediate, List<String> columns) {
    Key {
        columns = List.copyOf(columns);
    }
}
