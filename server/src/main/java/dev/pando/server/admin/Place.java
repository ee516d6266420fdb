package dev.pando.server.admin;

import dev.pando.core.topology.ShardId;
import java.util.Set;
import java.util.stream.Collectors;

/** Where server connections lead: one shard of one database. A plain database has one. */
public record Place(String database, ShardId shard) {
    /** The shards of a database among some places. */
    public static Set<ShardId> shards(Set<Place> places, String database) {
        return places.stream()
                .filter(place -> place.database().equals(database))
                .map(Place::shard)
                .collect(Collectors.toUnmodifiableSet());
    }
}
