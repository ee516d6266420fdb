package dev.pando.core.route;

import dev.pando.base.error.PandoError;
import dev.pando.core.merge.MergeSpec;
import dev.pando.core.topology.Placement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to do when a statement's target turns out to be more than one shard. On one shard the statement passes through untouched. */
public sealed interface Across {
    /**
     * Read: run on each shard and merge.
     *
     * @param shardSql the statement as the shards get it; null when it is the original text
     */
    record Merge(MergeSpec spec, @Nullable String shardSql) implements Across {}

    /** UPDATE or DELETE on each shard in one atomic outcome; tags are summed, RETURNING rows concatenated. */
    record Sum() implements Across {}

    /**
     * The same statement on every shard in one atomic outcome; the first shard's answer counts (DDL, writes to reference tables).
     *
     * @param relations as SQL names them, those that may turn out to be temporary ones of the session: then it concerns home alone
     */
    record Everywhere(List<String> relations) implements Across {
        public Everywhere {
            relations = List.copyOf(relations);
        }

        public Everywhere() {
            this(List.of());
        }
    }

    /** As {@link Everywhere}, but PostgreSQL refuses it in a transaction block: each shard in turn, home first (VACUUM, … CONCURRENTLY). */
    record EverywhereAlone() implements Across {}

    /** INSERT of several rows: each shard gets its own; tags are summed, RETURNING rows come back in the order of VALUES. */
    record SplitRows(Placement.Sharded placement, List<RowPart> rows, boolean returning) implements Across {
        public SplitRows {
            rows = List.copyOf(rows);
        }
    }

    /** COPY … FROM STDIN: rows are dealt out while they stream. */
    record SplitCopy(CopyShape copy) implements Across {}

    /** COPY … TO STDOUT: the shards' data one after the other. */
    record ConcatCopy(CopyShape copy) implements Across {}

    record Refuse(PandoError error, List<String> particulars) implements Across {
        public Refuse {
            particulars = List.copyOf(particulars);
        }
    }

    /**
     * One parenthesised row of VALUES.
     *
     * @param start byte offset of its opening parenthesis in the statement's text
     * @param end byte offset after its closing parenthesis
     * @param key the key's values, in key order
     */
    record RowPart(int start, int end, List<ValueSource> key) {
        public RowPart {
            key = List.copyOf(key);
        }
    }
}
