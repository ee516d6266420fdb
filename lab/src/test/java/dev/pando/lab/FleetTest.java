package dev.pando.lab;

import static dev.pando.lab.Fleets.asSuperuser;
import static dev.pando.lab.Fleets.await;
import static dev.pando.lab.Fleets.execute;
import static dev.pando.lab.Fleets.one;
import static dev.pando.lab.Fleets.primary;
import static dev.pando.lab.Fleets.standby;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetTest {
    @TempDir
    private Path folder;

    @Test
    void everyShardIsAClusterOfItsOwnWhoseStandbyFollows() throws Exception {
        List<FleetEvent> events = Collections.synchronizedList(new ArrayList<>());
        List<Long> pids;
        try (Fleet fleet = Fleet.open(Fleets.small(folder).shards(2).listener(events::add))) {
            pids = Fleets.pids(fleet);
            assertThat(pids).hasSize(4).doesNotHaveDuplicates().allMatch(Fleets::isAlive);
            String identifier = "SELECT system_identifier FROM pg_control_system()";
            assertThat(fleet.shards().stream().map(FleetShard::primary).map(server -> in(fleet, server, identifier)))
                    .doesNotHaveDuplicates();
            for (FleetShard shard : fleet.shards()) {
                execute(shard.primary(), "CREATE TABLE t AS SELECT " + shard.number() + " AS shard");
                await().until(() -> one(shard.replicas().getFirst(), "SELECT shard FROM t")
                        .equals(Integer.toString(shard.number())));
            }
            assertThat(asSuperuser(fleet, primary(fleet), "SELECT count(*) FROM pg_stat_replication"))
                    .isEqualTo("1");
        }
        assertThat(pids).noneMatch(Fleets::isAlive);
        assertThat(events).contains(new FleetEvent.Progress(8, 8, lastStep(events)));
        assertThat(events.stream().filter(FleetEvent.ServerDied.class::isInstance))
                .isEmpty();
    }

    private static String in(Fleet fleet, FleetServer server, String sql) {
        try {
            return asSuperuser(fleet, server, sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static String lastStep(List<FleetEvent> events) {
        return events.stream()
                .filter(FleetEvent.Progress.class::isInstance)
                .map(FleetEvent.Progress.class::cast)
                .filter(progress -> progress.done() == progress.total())
                .findFirst()
                .orElseThrow()
                .what();
    }

    @Test
    void loginsNeedTheirPasswordsAndTheApplicationOwnsItsDatabaseOnly() throws Exception {
        try (Fleet fleet = Fleet.open(Fleets.small(folder).replicas(0))) {
            FleetServer server = primary(fleet);
            assertThat(one(
                            server,
                            "SELECT rolsuper::text || rolreplication::text || rolcreaterole::text FROM pg_roles"
                                    + " WHERE rolname = current_user"))
                    .isEqualTo("falsefalsefalse");
            assertThat(one(server, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'app'"))
                    .isEqualTo("app");
            assertThat(one(server, "SHOW wal_level")).isEqualTo("logical");
            assertThat(one(server, "SHOW fsync")).isEqualTo("on");
            assertThat(Integer.parseInt(one(server, "SHOW max_prepared_transactions")))
                    .isGreaterThanOrEqualTo(100);
            assertThat(asSuperuser(fleet, server, "SELECT rolpassword FROM pg_authid WHERE rolname = 'app'"))
                    .startsWith("SCRAM-SHA-256$");
            assertThatThrownBy(() -> FleetSql.connect(server.port(), "app", new Login("app", "wrong")))
                    .hasMessageContaining("password");
            assertThatThrownBy(() -> FleetSql.connect(server.port(), "app", new Login("pando", "")))
                    .hasMessageContaining("password");
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.resolve("superuser.password"))))
                    .isEqualTo("rw-------");
            assertThat(fleet.superuser().toString())
                    .doesNotContain(fleet.superuser().password());
        }
    }

    @Test
    void theDataIsThereAgainAndStandbysCanBeAdded() throws Exception {
        FleetOptions options = Fleets.small(folder).replicas(0);
        int port;
        try (Fleet fleet = Fleet.open(options)) {
            port = primary(fleet).port();
            execute(primary(fleet), "CREATE TABLE t AS SELECT generate_series(1, 1000) AS id");
        }
        Login login = new Login("app", "changed");
        try (Fleet fleet = Fleet.open(options.replicas(1).application(login, "app"))) {
            assertThat(primary(fleet).port()).isEqualTo(port);
            assertThat(FleetSql.connect(port, "app", login)).satisfies(connection -> {
                assertThat(TemporaryServerTest.one(connection, "SELECT count(*) FROM t"))
                        .isEqualTo("1000");
                connection.close();
            });
            assertThat(asSuperuser(fleet, standby(fleet), "SELECT count(*)::text || pg_is_in_recovery() FROM t"))
                    .isEqualTo("1000true");
        }
    }

    @Test
    void aServerWhosePortIsTakenMovesAndItsStandbyFollows() throws Exception {
        int port;
        try (Fleet fleet = Fleet.open(Fleets.small(folder))) {
            port = primary(fleet).port();
        }
        try (ServerSocket stranger = new ServerSocket()) {
            stranger.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            try (Fleet fleet = Fleet.open(Fleets.small(folder))) {
                assertThat(primary(fleet).port()).isNotEqualTo(port);
                execute(primary(fleet), "CREATE TABLE moved()");
                await().until(() ->
                        one(standby(fleet), "SELECT count(*) FROM moved").equals("0"));
            }
        }
    }
}
