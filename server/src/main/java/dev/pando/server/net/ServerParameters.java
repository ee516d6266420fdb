package dev.pando.server.net;

import java.util.LinkedHashMap;
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

    private static final int MOST_LOGINS = 1_000;

    private final Map<String, Map<String, String>> byUser = new ConcurrentHashMap<>();
    /** What settings of startup packets have become on a server, those used last at the end; under its own lock. */
    private final LinkedHashMap<Login, Map<String, String>> shown = new LinkedHashMap<>(16, 0.75f, true);

    private record Login(String user, Map<String, String> settings) {}

    void learn(String user, Map<String, String> announced) {
        Map<String, String> before = byUser.put(user, Map.copyOf(announced));
        if (before != null && !before.equals(announced)) {
            synchronized (shown) {
                shown.clear();
            }
        }
    }

    /** What a server shows of these settings, of those that clients are told; null when nobody has tried them. */
    @Nullable
    Map<String, String> shown(String user, Map<String, String> settings) {
        if (settings.isEmpty()) {
            return Map.of();
        }
        synchronized (shown) {
            return shown.get(new Login(user, settings));
        }
    }

    void learn(String user, Map<String, String> settings, Map<String, String> values) {
        synchronized (shown) {
            shown.put(new Login(user, Map.copyOf(settings)), Map.copyOf(values));
            if (shown.size() > MOST_LOGINS) {
                shown.pollFirstEntry();
            }
        }
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
