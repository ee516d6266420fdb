package dev.pando.lab;

import static dev.pando.lab.Fleets.await;
import static dev.pando.lab.Fleets.execute;
import static dev.pando.lab.Fleets.one;
import static dev.pando.lab.Fleets.primary;
import static dev.pando.lab.Fleets.standby;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are killed or damaged under a running fleet. */
class FleetFailureTest {
    @TempDir
    private Path folder;

    private final List<FleetEvent> events = new CopyOnWriteArrayList<>();

    @Test
    void killedServersComeBackWithTheirData() throws Exception {
        try (Fleet fleet = Fleet.open(Fleets.small(folder).listener(events::add), Fleets.impatient())) {
            execute(primary(fleet), "CREATE TABLE t AS SELECT 1 AS id");
            FleetServer standby = standby(fleet);
            Fleets.kill(standby.pid());
            awaitOther(fleet, standby);
            execute(primary(fleet), "INSERT INTO t VALUES (2)");
            FleetServer primary = primary(fleet);
            Fleets.kill(primary.pid());
            awaitOther(fleet, primary);
            await().until(() -> one(primary(fleet), "SELECT count(*) FROM t").equals("2"));
            execute(primary(fleet), "INSERT INTO t VALUES (3)");
            await().until(() -> one(standby(fleet), "SELECT count(*) FROM t").equals("3"));
        }
        assertThat(events)
                .contains(
                        new FleetEvent.ServerDied(new ServerName(0, 0), "killed by signal 9"),
                        new FleetEvent.ServerDied(new ServerName(0, 1), "killed by signal 9"));
        assertThat(events.stream().filter(FleetEvent.ServerRecloning.class::isInstance))
                .isEmpty();
    }

    @Test
    void aServerWhoseWatchingShellIsKilledIsStoppedAndStartedAgain() throws Exception {
        try (Fleet fleet = Fleet.open(Fleets.small(folder).replicas(0), Fleets.impatient())) {
            execute(primary(fleet), "CREATE TABLE t AS SELECT 1 AS id");
            FleetServer before = primary(fleet);
            long shell = ProcessHandle.of(before.pid())
                    .flatMap(ProcessHandle::parent)
                    .orElseThrow()
                    .pid();
            Fleets.kill(shell);
            awaitOther(fleet, before);
            // Its last act is to give the data free, so it may outlive the start of its successor by a moment.
            await().until(() -> !Fleets.isAlive(before.pid()));
            assertThat(primary(fleet).port()).isEqualTo(before.port());
            assertThat(one(primary(fleet), "SELECT count(*) FROM t")).isEqualTo("1");
        }
    }

    @Test
    void aStandbyThatCannotFollowIsCopiedAnew() throws Exception {
        try (Fleet fleet = Fleet.open(Fleets.small(folder).listener(events::add), Fleets.impatient())) {
            execute(primary(fleet), "CREATE TABLE t AS SELECT 1 AS id");
            Fleets.asSuperuser(fleet, standby(fleet), "SHOW primary_slot_name");
            try (var connection = FleetSql.connect(standby(fleet).port(), "postgres", fleet.superuser());
                    var statement = connection.createStatement()) {
                statement.execute("ALTER SYSTEM SET primary_slot_name = 'gone'");
                statement.execute("SELECT pg_reload_conf()");
            }
            awaitReclone();
            execute(primary(fleet), "INSERT INTO t VALUES (2)");
            await().until(() -> one(standby(fleet), "SELECT count(*) FROM t").equals("2"));
        }
    }

    @Test
    void aStandbyWithDamagedDataIsCopiedAnew() throws Exception {
        try (Fleet fleet = Fleet.open(Fleets.small(folder).listener(events::add), Fleets.impatient())) {
            execute(primary(fleet), "CREATE TABLE t AS SELECT 1 AS id");
            Files.writeString(folder.resolve("shard-0/replica-1/global/pg_control"), "damaged");
            Fleets.kill(standby(fleet).pid());
            awaitReclone();
            await().until(() -> one(standby(fleet), "SELECT count(*) FROM t").equals("1"));
        }
    }

    private void awaitReclone() {
        await().until(() -> events.stream().anyMatch(FleetEvent.ServerRecloning.class::isInstance));
    }

    private static void awaitOther(Fleet fleet, FleetServer before) {
        await().until(() -> fleet.shards().stream()
                .flatMap(shard ->
                        java.util.stream.Stream.concat(List.of(shard.primary()).stream(), shard.replicas().stream()))
                .anyMatch(server ->
                        server.name().equals(before.name()) && server.isRunning() && server.pid() != before.pid()));
    }
}
