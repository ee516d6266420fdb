package dev.pando.server.control;

import static dev.pando.server.control.TestFleet.await;
import static dev.pando.server.control.TestFleet.call;
import static dev.pando.server.control.TestFleet.refused;
import static dev.pando.server.control.TestFleet.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.error.PandoError;
import dev.pando.core.config.TableConfig;
import dev.pando.core.topology.Placement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Declaring by configuration and by SQL, over restarts and on several nodes. */
class ConfiguredTablesTest {
    private static final String SCHEMA = "CREATE TABLE users (id uuid PRIMARY KEY);"
            + "CREATE TABLE messages (user_id uuid, n int); CREATE TABLE settings (k text PRIMARY KEY)";

    private static TableConfig sharded(String name, String key, String function, Map<String, String> settings) {
        return new TableConfig.Sharded(table(name), List.of(key), function, settings, false);
    }

    private static TableConfig colocated(String name, String key, String with) {
        return new TableConfig.Colocated(table(name), List.of(key), table(with), false);
    }

    private static Placement placement(ControlPlane plane, String name) {
        return Objects.requireNonNull(plane.catalog().tables().get(table(name)), name)
                .placement();
    }

    private static List<String> checks(TestFleet fleet) throws SQLException {
        return fleet.onEach(
                "SELECT string_agg(conrelid::regclass || ' ' || pg_get_constraintdef(oid), ';' ORDER BY 1)"
                        + " FROM (SELECT * FROM pg_constraint WHERE conname = 'pando_shard' ORDER BY conrelid::regclass::text) c");
    }

    @Test
    void configurationAndSqlHaveTheSameEffectAndItLasts() throws SQLException {
        List<String> bySql;
        Map<?, ?> declaredBySql;
        try (TestFleet fleet = TestFleet.of(3)) {
            try (ControlPlane plane = fleet.start()) {
                fleet.everywhere(SCHEMA);
                call(plane, "distribute", "users", "id", "function=>ring", "virtual_nodes=>9");
                call(plane, "distribute", "messages", "user_id", "colocate_with=>users");
                call(plane, "reference", "settings");
                bySql = checks(fleet);
                declaredBySql = plane.catalog().declared();
                assertThat(declaredBySql).hasSize(3);
            }
            try (ControlPlane restarted = fleet.start()) {
                assertThat(restarted.catalog().declared()).isEqualTo(declaredBySql);
                assertThat(placement(restarted, "messages")).isInstanceOf(Placement.Sharded.class);
            }
        }
        TableConfig[] tables = {
            colocated("messages", "user_id", "users"),
            new TableConfig.Reference(table("settings")),
            sharded("users", "id", "ring", Map.of("virtual_nodes", "9"))
        };
        try (TestFleet fleet = TestFleet.of(3)) {
            try (ControlPlane plane = fleet.start(tables)) {
                fleet.everywhere(SCHEMA);
                await(plane.refresh());
                assertThat(checks(fleet)).isEqualTo(bySql);
                assertThat(plane.catalog().declared()).isEqualTo(declaredBySql);
            }
            try (ControlPlane restarted = fleet.start(tables)) {
                assertThat(restarted.catalog().declared()).isEqualTo(declaredBySql);
            }
            // What the configuration no longer names stays as it is stored.
            try (ControlPlane restarted = fleet.start()) {
                assertThat(restarted.catalog().declared()).isEqualTo(declaredBySql);
            }
        }
    }

    @Test
    void aConfigurationThatContradictsTheShardMapIsRefusedAsAWhole() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3)) {
            try (ControlPlane plane = fleet.start()) {
                fleet.everywhere(SCHEMA);
                call(
                        plane,
                        "distribute",
                        "users",
                        "id",
                        "pins_1=>00000000-0000-0000-0000-000000000001",
                        "function=>directory");
                call(plane, "reference", "settings");
            }
            TableConfig wrongFunction = sharded("users", "id", "ring", Map.of());
            TableConfig wrongKind = sharded("settings", "k", "hash", Map.of());
            refused(PandoError.CONFIG_INVALID, "public.users", () -> fleet.start(wrongKind, wrongFunction));
            refused(PandoError.CONFIG_INVALID, "public.settings", () -> fleet.start(wrongKind, wrongFunction));
            String pinned = "00000000-0000-0000-0000-000000000001";
            refused(
                    PandoError.CONFIG_INVALID,
                    "pinned to shard 2",
                    () -> fleet.start(sharded("users", "id", "directory", Map.of("pins.2", pinned))));
            String more = "00000000-0000-0000-0000-000000000002";
            try (ControlPlane plane =
                    fleet.start(sharded("users", "id", "directory", Map.of("pins.1", pinned, "pins.2", more)))) {
                assertThat(call(plane, "shard_of", "users", more).rows().getFirst())
                        .containsExactly("2");
            }
            assertThat(fleet.one(0, "SELECT count(*) FROM pando.pin")).isEqualTo("2");
        }
    }

    @Test
    void anImpossiblePlacementFailsTheDdlThatMadeTheTable() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane plane = fleet.start(sharded("users", "nope", "hash", Map.of()))) {
            fleet.everywhere(SCHEMA);
            refused(PandoError.DISTRIBUTE_ARGUMENT, "nope", () -> await(plane.refresh()));
            assertThat(placement(plane, "users")).isInstanceOf(Placement.Single.class);
        }
    }

    @Test
    void nodesSeeEachOthersChanges() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane one = fleet.startNode("n1");
                ControlPlane two = fleet.startNode("n2")) {
            fleet.everywhere(SCHEMA);
            await(one.refresh());
            eventually(() -> assertThat(two.catalog().tables()).containsKey(table("users")));
            call(one, "distribute", "users", "id");
            assertThat(placement(one, "users")).isInstanceOf(Placement.Sharded.class);
            eventually(() -> assertThat(placement(two, "users")).isInstanceOf(Placement.Sharded.class));
            call(two, "distribute", "messages", "user_id", "colocate_with=>users");
            eventually(() -> assertThat(placement(one, "messages")).isInstanceOf(Placement.Sharded.class));
            call(two, "pin", "users", "00000000-0000-0000-0000-000000000001", "2");
            eventually(() ->
                    assertThat(one.catalog().declared()).isEqualTo(two.catalog().declared()));
            fleet.everywhere("DROP TABLE messages");
            await(two.refresh());
            eventually(() -> assertThat(one.catalog().declared()).containsOnlyKeys(table("users")));
        }
    }

    private static void eventually(Runnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion::run);
    }

    @Test
    void twoNodesDeclareTheSameTableAtOnceAndOneOfThemDoes() throws Exception {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane one = fleet.startNode("n1");
                ControlPlane two = fleet.startNode("n2")) {
            fleet.everywhere(SCHEMA);
            List<NamedArgument> arguments = List.of(new NamedArgument(null, "users"), new NamedArgument(null, "id"));
            var first = one.call("app", "distribute", arguments).toCompletableFuture();
            var second = two.call("app", "distribute", arguments).toCompletableFuture();
            eventually(() -> assertThat(first.isDone() && second.isDone()).isTrue());
            assertThat(first.isCompletedExceptionally()).isNotEqualTo(second.isCompletedExceptionally());
            assertThat(fleet.one(0, "SELECT count(*) FROM pando.sharded_table")).isEqualTo("1");
            eventually(() ->
                    assertThat(one.catalog().declared()).isEqualTo(two.catalog().declared()));
        }
    }

    @Test
    void serversThatCannotBeShardsAreNamedAtTheStart() throws SQLException {
        String latin = " TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C' ENCODING 'LATIN1'";
        try (TestFleet fleet = TestFleet.of(2, latin)) {
            refused(PandoError.CONFIG_INVALID, "LATIN1, Pando needs UTF8", fleet::start);
        }
        try (TestFleet fleet = TestFleet.of(1)) {
            FleetConnections application = new FleetConnections(
                    () -> fleet.connections().topology(), new FleetConnections.Login(fleet.database(), "app", ""));
            refused(
                    PandoError.CONFIG_INVALID,
                    "superuser",
                    () -> ControlPlane.start(application, ControlPlane.Options.of("n1", List.of())));
        }
    }

    @Test
    void anOlderMapForMoreShardsIsNotGuessedAt() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3)) {
            try (ControlPlane plane = fleet.start()) {
                fleet.everywhere(SCHEMA);
                call(plane, "distribute", "users", "id");
            }
            FleetConnections fewer = new FleetConnections(
                    () -> new dev.pando.core.topology.Topology(
                            fleet.connections().topology().shards().subList(0, 2)),
                    new FleetConnections.Login(fleet.database(), "postgres", ""));
            refused(
                    PandoError.CONFIG_INVALID,
                    "over 3 shards, the configuration has 2",
                    () -> ControlPlane.start(fewer, ControlPlane.Options.of("n1", List.of())));
        }
    }
}
