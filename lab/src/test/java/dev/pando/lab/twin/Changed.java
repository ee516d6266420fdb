package dev.pando.lab.twin;

import java.util.List;

/** Snapshots as no target gave them. */
final class Changed {
    private Changed() {}

    static Snapshot schema(Snapshot read, List<SchemaObject> schema) {
        return new Snapshot(
                read.format(),
                read.server(),
                read.settings(),
                schema,
                read.relations(),
                read.columns(),
                read.omissions(),
                read.redacted());
    }
}
