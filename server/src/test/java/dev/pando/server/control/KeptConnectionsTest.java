package dev.pando.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.core.topology.Address;
import dev.pando.core.topology.Shard;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Topology;
import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class KeptConnectionsTest {
    private static final TemporaryServer ONE = TemporaryServer.start();
    private static final TemporaryServer OTHER = TemporaryServer.start();

    private final AtomicReference<TemporaryServer> primary = new AtomicReference<>(ONE);
    private final FleetConnections fleet = new FleetConnections(
            () -> new Topology(List.of(new Shard(
                    ShardId.HOME,
                    "one",
                    new Address(primary.get().host(), primary.get().port()),
                    List.of()))),
            new FleetConnections.Login("postgres", "postgres", ""));
    private final KeptConnections kept = new KeptConnections(fleet);

    @AfterAll
    static void stop() {
        ONE.close();
        OTHER.close();
    }

    private static int process(Connection connection) throws SQLException {
        return Sql.one(connection, "SELECT pg_backend_pid()", row -> row.getInt(1));
    }

    private int process() throws SQLException {
        return kept.read(ShardId.HOME, KeptConnectionsTest::process);
    }

    private static void end(int process) throws SQLException {
        try (Connection connection = ONE.connect()) {
            Sql.one(connection, "SELECT pg_terminate_backend(" + process + ", 10000)", row -> row.getBoolean(1));
        }
    }

    @Test
    void readingsShareAConnectionUntilItIsClosed() throws SQLException {
        try (kept) {
            int first = process();
            assertThat(process()).isEqualTo(first);
            kept.close();
            assertThat(process()).isNotEqualTo(first);
        }
    }

    @Test
    void aConnectionThatHasGoneIsReplacedWithoutAnError() throws SQLException {
        try (kept) {
            int first = process();
            end(first);
            assertThat(process()).isNotEqualTo(first);
        }
    }

    @Test
    void whatANewConnectionLosesIsAnError() throws SQLException {
        try (kept) {
            AtomicInteger readings = new AtomicInteger();
            assertThatThrownBy(() -> kept.read(ShardId.HOME, connection -> {
                        readings.incrementAndGet();
                        end(process(connection));
                        return process(connection);
                    }))
                    .isInstanceOf(SQLException.class);
            assertThat(readings).hasValue(1);
        }
    }

    @Test
    void aReadingThatFailsIsNotRepeatedAndItsConnectionNotKept() throws SQLException {
        try (kept) {
            int first = process();
            AtomicInteger readings = new AtomicInteger();
            assertThatThrownBy(() -> kept.read(ShardId.HOME, connection -> {
                        readings.incrementAndGet();
                        return Sql.one(connection, "SELECT 1/0", row -> row.getInt(1));
                    }))
                    .hasMessageContaining("division by zero");
            assertThat(readings).hasValue(1);
            assertThat(process()).isNotEqualTo(first);
        }
    }

    @Test
    void anotherPrimaryIsAskedAnew() throws SQLException {
        try (kept) {
            process();
            primary.set(OTHER);
            int port = kept.read(
                    ShardId.HOME, connection -> Sql.one(connection, "SELECT inet_server_port()", row -> row.getInt(1)));
            assertThat(port).isEqualTo(OTHER.port());
        }
    }
}
