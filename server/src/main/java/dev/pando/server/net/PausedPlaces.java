package dev.pando.server.net;

import dev.pando.core.topology.ShardId;
import dev.pando.server.admin.Place;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What an administrator has paused, for loops that begin to use it later. Used by all threads. */
final class PausedPlaces {
    private final Set<Place> places = ConcurrentHashMap.newKeySet();

    void add(Set<Place> paused) {
        places.addAll(paused);
    }

    void remove(Set<Place> resumed) {
        places.removeAll(resumed);
    }

    boolean containsAll(Set<Place> some) {
        return places.containsAll(some);
    }

    Set<Place> all() {
        return Set.copyOf(places);
    }

    Set<ShardId> of(Database database) {
        return Place.shards(places, database.name());
    }
}
