package dev.pando.lab;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What fleet to open.
 *
 * @param folder holds all of the fleet's data and is used by one process at a time
 * @param shards number of primaries, at least 1
 * @param replicas number of hot standbys of each primary, 0 or more
 * @param application the role that owns {@code database}
 * @param settings of {@code postgresql.conf}, on top of the fleet's own, for all servers
 */
public record FleetOptions(
        Path folder,
        int shards,
        int replicas,
        Login application,
        String database,
        Map<String, String> settings,
        Consumer<FleetEvent> listener) {
    private static final int MOST = 128;

    public FleetOptions {
        if (shards < 1 || shards > MOST || replicas < 0 || replicas > MOST) {
            throw new IllegalArgumentException("shards must be 1 to " + MOST + ", replicas 0 to " + MOST);
        }
        folder = folder.toAbsolutePath().normalize();
        settings = Map.copyOf(settings);
    }

    /** Four shards with one standby each, role {@code app} with password {@code app}, database {@code app}. */
    public static FleetOptions of(Path folder) {
        return new FleetOptions(folder, 4, 1, new Login("app", "app"), "app", Map.of(), event -> {});
    }

    public FleetOptions shards(int count) {
        return new FleetOptions(folder, count, replicas, application, database, settings, listener);
    }

    public FleetOptions replicas(int count) {
        return new FleetOptions(folder, shards, count, application, database, settings, listener);
    }

    public FleetOptions application(Login login, String name) {
        return new FleetOptions(folder, shards, replicas, login, name, settings, listener);
    }

    public FleetOptions settings(Map<String, String> more) {
        return new FleetOptions(folder, shards, replicas, application, database, more, listener);
    }

    public FleetOptions listener(Consumer<FleetEvent> events) {
        return new FleetOptions(folder, shards, replicas, application, database, settings, events);
    }
}
