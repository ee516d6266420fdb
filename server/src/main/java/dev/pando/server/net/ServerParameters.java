package dev.pando.server.net;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What home tells at login (its version, TimeZone and the like), by user, since a role may have settings of its own, and by what a
 * connection is opened with. Every new connection to home brings it up to date, so a server that comes back as another version is known as
 * such. Used by all event loops.
 */
final class ServerParameters {
    private static final String VERSION = "server_version";
    private static final String APPLICATION = "application_name";
    /** Text that every server shows as it is. */
    private static final Pattern PLAIN = Pattern.compile("[ -~]{0,63}");

    private static final int MOST_LOGINS = 1_000;
    private static final int MOST_TOLD = 100;

    /** Of connections that serve whoever comes. */
    private final Map<String, Map<String, String>> byUser = new ConcurrentHashMap<>();
    /** Of connections in session mode, those used last at the end; under its own lock as {@link #shown}. */
    private final SequencedMap<DatabaseServers.Login, Map<String, String>> announced = byUse();
    /** What settings of startup packets have become on a server. */
    private final SequencedMap<DatabaseServers.Login, Map<String, String>> shown = byUse();

    /** What clients have been told at their login. */
    private final SequencedMap<Map<String, String>, Map<String, String>> told = byUse();

    private volatile @Nullable String version;

    private static <K, V> SequencedMap<K, V> byUse() {
        return new LinkedHashMap<>(16, 0.75f, true);
    }

    /** A connection has been opened. */
    void learn(DatabaseServers.Login login, Map<String, String> parameters) {
        String before = version;
        String now = parameters.get(VERSION);
        version = now;
        if (before != null && !before.equals(now)) {
            forget();
        }
        if (login.startup().equals(ServerConnection.POOLED)) {
            Map<String, String> known = byUser.put(login.user(), Map.copyOf(parameters));
            if (known != null && !known.equals(parameters)) {
                forget();
            }
        } else {
            remember(announced, anyName(login), parameters);
        }
    }

    private void forget() {
        synchronized (shown) {
            shown.clear();
        }
        synchronized (announced) {
            announced.clear();
        }
    }

    private static void remember(
            SequencedMap<DatabaseServers.Login, Map<String, String>> by,
            DatabaseServers.Login login,
            Map<String, String> values) {
        synchronized (by) {
            by.put(login, Map.copyOf(values));
            if (by.size() > MOST_LOGINS) {
                by.pollFirstEntry();
            }
        }
    }

    /** Clients have too many names for their applications to remember each. */
    private static DatabaseServers.Login anyName(DatabaseServers.Login login) {
        if (!plain(login.startup().get(APPLICATION))) {
            return login;
        }
        Map<String, String> startup = new LinkedHashMap<>(login.startup());
        startup.put(APPLICATION, "");
        return new DatabaseServers.Login(login.user(), startup);
    }

    /** Whether that name of an application is there, and shown as it is by every server. */
    static boolean plain(@Nullable String application) {
        return application != null && PLAIN.matcher(application).matches();
    }

    /** What a connection that is opened so will announce; null as long as there has been none. */
    @Nullable
    Map<String, String> of(DatabaseServers.Login login) {
        if (login.startup().equals(ServerConnection.POOLED)) {
            return byUser.get(login.user());
        }
        Map<String, String> known;
        synchronized (announced) {
            known = announced.get(anyName(login));
        }
        String application = login.startup().get(APPLICATION);
        if (known == null || application == null || !plain(application)) {
            return known;
        }
        Map<String, String> named = new LinkedHashMap<>(known);
        named.put(APPLICATION, application);
        return named;
    }

    /** What a server shows of these settings, of those that clients are told; null when nobody has tried them. */
    @Nullable
    Map<String, String> shown(String user, Map<String, String> settings) {
        if (settings.isEmpty()) {
            return Map.of();
        }
        synchronized (shown) {
            return shown.get(new DatabaseServers.Login(user, settings));
        }
    }

    /** They were tried on a connection that serves whoever comes. */
    void learn(String user, Map<String, String> settings, Map<String, String> values) {
        remember(shown, new DatabaseServers.Login(user, Map.copyOf(settings)), values);
    }

    /** The same, for all who are told the same: thousands of clients need not hold it each. */
    Map<String, String> shared(Map<String, String> parameters) {
        synchronized (told) {
            Map<String, String> known = told.get(parameters);
            if (known == null) {
                known = Map.copyOf(parameters);
                told.put(known, known);
                if (told.size() > MOST_TOLD) {
                    told.pollFirstEntry();
                }
            }
            return known;
        }
    }

    /** The version of home's server; empty as long as nobody has logged in. */
    Optional<String> version() {
        return Optional.ofNullable(version);
    }
}
