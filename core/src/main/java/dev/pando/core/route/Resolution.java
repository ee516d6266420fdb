package dev.pando.core.route;

import dev.pando.core.topology.ShardId;
import java.util.List;

/** The shards of one execution. */
public sealed interface Resolution {
    /** These, in the order of their ids; never empty. */
    record Shards(List<ShardId> shards) implements Resolution {
        public Shards {
            shards = List.copyOf(shards);
        }
    }

    /** Any one: the answer does not depend on it. */
    record Any() implements Resolution {}

    /** The one the session is on, else home. */
    record Current() implements Resolution {}

    /** Pando answers by itself, or refuses if the plan says so. */
    record Nowhere() implements Resolution {}
}
