package dev.pando.rehearse.rows;

import java.util.List;

/**
 * A table that holds rows itself: an ordinary one, or a partition.
 *
 * @param name qualified, as SQL has it
 * @param root the partitioned table it belongs to, or itself
 * @param alias its name alone
 * @param triggers those that fire for its rows
 */
record Table(
        String name,
        String root,
        String alias,
        List<String> triggers,
        List<Column> columns,
        List<Key> keys,
        List<Reference> references,
        List<Check> checks) {

    Column column(String named) {
        return columns.stream()
                .filter(column -> column.name().equals(named))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " has no column " + named));
    }

    /** Whether ON CONFLICT can stand in for what the values do not guarantee. */
    boolean forgivesConflicts() {
        return keys.stream().allMatch(Key::immediate);
    }
}
