package dev.pando.lint.fact;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a relation's name means where a statement stands.
 *
 * @param oid 0 when there is no such relation
 * @param name qualified, as SQL has it; empty when there is none
 * @param own whether the migration has made it, and nobody else uses it yet
 * @param bytes of the table, empty when nobody knows
 * @param columns their names
 * @param whole those whose type is an integer, so that a range of them has no more values than it is wide
 * @param keys the columns of each unique index that all rows are in
 */
public record Meaning(
        long oid,
        String name,
        boolean own,
        OptionalLong bytes,
        Set<String> columns,
        Set<String> whole,
        List<Set<String>> keys) {
    public static final Meaning NOTHING =
            new Meaning(0, "", false, OptionalLong.empty(), Set.of(), Set.of(), List.of());

    public Meaning {
        columns = Set.copyOf(columns);
        whole = Set.copyOf(whole);
        keys = List.copyOf(keys);
    }
}
