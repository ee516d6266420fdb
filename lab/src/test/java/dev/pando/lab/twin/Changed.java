package dev.pando.lab.twin;

import java.util.List;

/** Snapshots as no target gave them. */
final class Changed {
    private Changed() {}

    static Snapshot schema(Snapshot read, List<SchemaObject> schema) {
        return with(read, schema, read.relations());
    }

    /** All relations, indexes too, with as many pages. */
    static Snapshot lengths(Snapshot read, int pages) {
        List<Snapshot.Relation> longer = read.relations().stream()
                .map(relation -> new Snapshot.Relation(
                        relation.name(),
                        relation.kind(),
                        pages,
                        pages,
                        100f * pages,
                        relation.allVisible(),
                        relation.allFrozen()))
                .toList();
        return with(read, read.schema(), longer);
    }

    private static Snapshot with(Snapshot read, List<SchemaObject> schema, List<Snapshot.Relation> relations) {
        return new Snapshot(
                read.format(),
                read.server(),
                read.settings(),
                schema,
                relations,
                read.columns(),
                read.extended(),
                read.omissions(),
                read.redacted());
    }
}
