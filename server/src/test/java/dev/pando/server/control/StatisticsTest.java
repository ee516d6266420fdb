package dev.pando.server.control;

import static dev.pando.server.control.TestFleet.await;
import static dev.pando.server.control.TestFleet.callAs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pando.core.topology.Address;
import dev.pando.core.topology.Shard;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Topology;
import dev.pando.lab.Fleet;
import dev.pando.lab.FleetOptions;
import dev.pando.lab.FleetServer;
import dev.pando.lab.FleetShard;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One fleet of two shards with a standby each, whose servers are stopped and killed one after the other. */
class StatisticsTest {
    /** Sooner than a dead server would be noticed by TCP. */
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private static Address address(FleetServer server) {
        return new Address(server.host(), server.port());
    }

    private static Topology topology(Fleet fleet) {
        return new Topology(fleet.shards().stream()
                .map((FleetShard shard) -> new Shard(
                        new ShardId(shard.number()),
                        "shard" + shard.number(),
                        address(shard.primary()),
                        shard.replicas().stream().map(StatisticsTest::address).toList()))
                .toList());
    }

    private static void everywhere(Topology topology, String sql) throws SQLException {
        for (Shard shard : topology.shards()) {
            on(shard.primary(), sql);
        }
    }

    private static void on(Address server, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:postgresql://" + server + "/app?user=app&password=app");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void signal(FleetServer server, String signal) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(server.pid())).start();
            assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(kill.exitValue()).isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static FleetStats.TableStats table(FleetStats stats, String name) {
        return stats.tables().stream()
                .filter(table -> table.table().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static long rows(FleetStats.TableStats table) {
        return table.parts().stream()
                .mapToLong(part -> part.rows().orElse(-1_000_000))
                .sum();
    }

    @Test
    void serversAreDescribedAndDeadOnesHoldNobodyUp() throws Exception {
        FleetOptions options =
                FleetOptions.of(folder).shards(2).settings(Map.of("shared_buffers", "16MB", "fsync", "off"));
        try (Fleet fleet = Fleet.open(options)) {
            Topology topology = topology(fleet);
            FleetConnections connections = new FleetConnections(
                    () -> topology,
                    new FleetConnections.Login(
                            "app", fleet.superuser().user(), fleet.superuser().password()));
            try (ControlPlane plane = ControlPlane.start(connections, ControlPlane.Options.of("n1", List.of()))) {
                fill(topology, plane);
                countsAndShares(plane);
                replayedAll(plane);
                frozenReplica(fleet, plane);
                killedPrimary(fleet, plane);
            }
        }
    }

    private static void fill(Topology topology, ControlPlane plane) throws SQLException {
        everywhere(
                topology,
                "CREATE TABLE users (id bigint PRIMARY KEY, name text);"
                        + "CREATE TABLE settings (k text PRIMARY KEY);"
                        + "CREATE TABLE events (id bigint, at int) PARTITION BY RANGE (at);"
                        + "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (10);"
                        + "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (10) TO (20)");
        Address home = topology.shard(ShardId.HOME).primary();
        on(
                home,
                "INSERT INTO users SELECT g, 'name ' || g FROM generate_series(1, 5000) g;"
                        + "INSERT INTO events SELECT g, g % 20 FROM generate_series(1, 1000) g;"
                        + "INSERT INTO settings SELECT 'k' || g FROM generate_series(1, 7) g");
        callAs("app", plane, "distribute", "users", "id");
        callAs("app", plane, "distribute", "events", "id", "function=>ring");
        callAs("app", plane, "reference", "settings");
        everywhere(topology, "ANALYZE");
    }

    private static void countsAndShares(ControlPlane plane) {
        FleetStats exact = await(plane.statistics(true));
        assertThat(rows(table(exact, "users"))).isEqualTo(5000);
        assertThat(rows(table(exact, "events"))).isEqualTo(1000);
        assertThat(table(exact, "settings").parts()).allSatisfy(part -> {
            assertThat(part.rows()).hasValue(7);
            assertThat(part.keyShare()).isEmpty();
            assertThat(part.rowShare()).isEmpty();
        });
        assertThat(table(exact, "users").function()).isEqualTo("hash");
        assertThat(table(exact, "users").parts()).hasSize(2).allSatisfy(part -> {
            assertThat(part.estimated()).isFalse();
            assertThat(part.keyShare()).hasValue(0.5);
            assertThat(part.rowShare().orElseThrow()).isEqualTo(part.rows().orElseThrow() / 5000.0);
            assertThat(part.bytes().orElse(0)).isGreaterThan(100_000);
        });
        assertThat(table(exact, "events").parts())
                .allSatisfy(part -> assertThat(part.bytes())
                        .isEqualTo(OptionalLong.of(part.bytes().orElse(0)))
                        .satisfies(bytes -> assertThat(bytes.orElse(0)).isGreaterThanOrEqualTo(4 * 8192L)));
        FleetStats estimated = await(plane.statistics(false));
        assertThat(rows(table(estimated, "users"))).isCloseTo(5000, within(50L));
        assertThat(rows(table(estimated, "events"))).isCloseTo(1000, within(20L));
        assertThat(table(estimated, "users").parts())
                .allSatisfy(part -> assertThat(part.estimated()).isTrue());
        assertThat(estimated.epoch()).isPositive();
        assertThat(estimated.shards()).hasSize(2).allSatisfy(shard -> {
            assertThat(shard.databaseBytes().orElse(0)).isGreaterThan(1_000_000);
            assertThat(shard.primary().up()).isTrue();
            assertThat(shard.primary().inRecovery()).isFalse();
            assertThat(shard.primary().walPosition()).matches("[0-9A-F]+/[0-9A-F]+");
            assertThat(shard.primary().lagBytes()).isEmpty();
            assertThat(shard.replicas()).singleElement().satisfies(replica -> {
                assertThat(replica.up()).isTrue();
                assertThat(replica.inRecovery()).isTrue();
            });
        });
    }

    private static void replayedAll(ControlPlane plane) {
        eventually(() -> assertThat(await(plane.statistics(false)).shards())
                .allSatisfy(shard -> assertThat(shard.replicas()).allSatisfy(replica -> {
                    assertThat(replica.lagBytes()).hasValue(0);
                    assertThat(replica.replayLag()).isEqualTo(Duration.ZERO);
                })));
    }

    /** A stopped process takes the connection and never answers: the worst kind of dead. */
    private static void frozenReplica(Fleet fleet, ControlPlane plane) {
        FleetServer replica = fleet.shards().get(1).replicas().getFirst();
        signal(replica, "STOP");
        try {
            eventually(() -> {
                FleetStats stats = await(plane.statistics(false));
                assertThat(stats.took()).isLessThan(SOON);
                assertThat(stats.shards().get(1).replicas().getFirst().up()).isFalse();
                assertThat(stats.shards().get(1).replicas().getFirst().error()).isNotBlank();
                assertThat(stats.shards().get(1).replicas().getFirst().lagBytes())
                        .isEmpty();
                assertThat(stats.shards().get(1).primary().up()).isTrue();
                assertThat(stats.shards().get(0).replicas().getFirst().up()).isTrue();
                assertThat(rows(table(stats, "users"))).isCloseTo(5000, within(50L));
            });
        } finally {
            signal(replica, "CONT");
        }
    }

    /** Home itself: the fleet is still described, by the shard map that was read last. */
    private static void killedPrimary(Fleet fleet, ControlPlane plane) {
        FleetServer primary = fleet.shards().getFirst().primary();
        signal(primary, "STOP");
        try {
            for (boolean exact : new boolean[] {false, true}) {
                eventually(() -> withoutHome(await(plane.statistics(exact))));
            }
        } finally {
            signal(primary, "KILL");
        }
        eventually(() -> {
            FleetStats stats = await(plane.statistics(true));
            assertThat(rows(table(stats, "users"))).isEqualTo(5000);
            assertThat(stats.shards().getFirst().primary().up()).isTrue();
        });
    }

    private static void withoutHome(FleetStats stats) {
        assertThat(stats.took()).isLessThan(SOON);
        assertThat(stats.shards().getFirst().primary().up()).isFalse();
        assertThat(stats.shards().getFirst().databaseBytes()).isEmpty();
        assertThat(stats.shards().getFirst().replicas().getFirst().up()).isTrue();
        assertThat(stats.shards().getFirst().replicas().getFirst().lagBytes()).isEmpty();
        assertThat(stats.shards().get(1).primary().up()).isTrue();
        FleetStats.TableStats users = table(stats, "users");
        assertThat(users.parts().getFirst().rows()).isEmpty();
        assertThat(users.parts().getFirst().rowShare()).isEmpty();
        assertThat(users.parts().getFirst().keyShare()).hasValue(0.5);
        assertThat(users.parts().get(1).rows().orElse(0)).isGreaterThan(2000);
        assertThat(users.parts().get(1).rowShare()).isEmpty();
    }

    /** Servers are given up after a fixed time, which one that lives can exceed on a busy machine: asked again it is there. */
    private static void eventually(Runnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(40)).untilAsserted(assertion::run);
    }
}
