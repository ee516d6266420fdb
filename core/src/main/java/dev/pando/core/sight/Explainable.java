package dev.pando.core.sight;

import dev.pando.core.topology.ShardId;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A statement as it is known, to ask servers for its plan.
 *
 * @param text its shape
 * @param outline see {@link Outline}; null when there is none
 * @param searchPath of the session that ran it first
 * @param shards that it has concerned so far, in order
 * @param several whether one call has concerned more than one
 */
public record Explainable(
        long id,
        Account account,
        String text,
        @Nullable String outline,
        List<String> searchPath,
        List<ShardId> shards,
        boolean several) {
    public Explainable {
        searchPath = List.copyOf(searchPath);
        shards = List.copyOf(shards);
    }

    /** The same statement on another event loop. */
    public Explainable plus(Explainable other) {
        List<ShardId> all = Stream.concat(shards.stream(), other.shards.stream())
                .distinct()
                .sorted((one, two) -> Integer.compare(one.index(), two.index()))
                .toList();
        return new Explainable(id, account, text, outline, searchPath, all, several || other.several);
    }
}
