package dev.pando.lab;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** What the tests of fleets share. */
final class Fleets {
    static final Login APP = new Login("app", "app");

    private Fleets() {}

    /** One shard with one standby, small; as durable as a real one. */
    static FleetOptions small(Path folder) {
        return FleetOptions.of(folder).shards(1).settings(Map.of("shared_buffers", "16MB"));
    }

    /** As usual, but impatient. */
    static Surroundings impatient() {
        return new Surroundings(
                folder -> Long.MAX_VALUE,
                InstantSource.system(),
                new RestartPolicy(Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofSeconds(30), 2),
                Duration.ofMillis(100),
                Duration.ofSeconds(1));
    }

    static ConditionFactory await() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsMatching(e -> e instanceof SQLException);
    }

    static void execute(FleetServer server, String sql) throws SQLException {
        try (Connection connection = FleetSql.connect(server.port(), "app", APP);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String one(FleetServer server, String sql) throws SQLException {
        try (Connection connection = FleetSql.connect(server.port(), "app", APP)) {
            return TemporaryServerTest.one(connection, sql);
        }
    }

    static String asSuperuser(Fleet fleet, FleetServer server, String sql) throws SQLException {
        try (Connection connection = FleetSql.connect(server.port(), "app", fleet.superuser())) {
            return TemporaryServerTest.one(connection, sql);
        }
    }

    static FleetServer primary(Fleet fleet) {
        return fleet.shards().getFirst().primary();
    }

    static FleetServer standby(Fleet fleet) {
        return fleet.shards().getFirst().replicas().getFirst();
    }

    static List<Long> pids(Fleet fleet) {
        return fleet.shards().stream()
                .flatMap(shard -> java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(shard.primary()), shard.replicas().stream()))
                .map(FleetServer::pid)
                .toList();
    }

    static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Kills with -9. */
    static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
}
