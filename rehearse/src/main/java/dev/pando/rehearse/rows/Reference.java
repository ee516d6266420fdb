package dev.pando.rehearse.rows;

import java.util.List;

/** A foreign key: {@code columns} refer to {@code targets} of {@code table}. */
record Reference(String table, List<String> columns, List<String> targets) {
    Reference {
        columns = List.copyOf(columns);
        targets = List.copyOf(targets);
    }
}
