package dev.pando.server.net;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What home tells at login (its version, TimeZone and the like), by user, since a role may have settings of its own. Every new connection
 * to home brings it up to date, so a server that comes back as another version is known as such. Used by all event loops.
 */
final class ServerParameters {
    private static final String VERSION = "server_version";

    private final Map<String, Map<String, String>> byUser = new ConcurrentHashMap<>();

    void learn(String user, Map<String, String> announced) {
        byUser.put(user, Map.copyOf(announced));
    }

    /** Null as long as no connection of this user has been made. */
    @Nullable
    Map<String, String> of(String user) {
        return byUser.get(user);
    }

    /** The version of home's server; empty as long as nobody has logged in. */
    Optional<String> version() {
        return byUser.values().stream()
                .map(known -> known.get(VERSION))
                .filter(Objects::nonNull)
                .findFirst();
    }
}
