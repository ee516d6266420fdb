package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.lab.TemporaryServer;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.EOFException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers longer than what Pando would want to hold. */
class LargeAnswersTest {
    private static final int MB = 1 << 20;
    private static final String ONE_LOOP = "[listen]\nport = 0\n[pool]\nsize = 1\n";

    @Test
    void whoDoesNotReadDisturbsNobodyOnTheSameLoop() throws Exception {
        try (Running pando = Running.before(1, ONE_LOOP);
                WireClient lazy = new WireClient(pando.port()).login();
                WireClient busy = new WireClient(pando.port()).login("other", "app")) {
            long before = pinned();
            lazy.query("SELECT repeat('x', 1000000) FROM generate_series(1, 1000)");
            for (int i = 0; i < 300; i++) {
                busy.query("SELECT " + i);
                assertThat(busy.received().rows()).isEqualTo(1);
                assertThat(pinned() - before).isLessThan(8L * MB);
            }
            WireClient.Received all = lazy.received();
            assertThat(all.rows()).isEqualTo(1_000);
            assertThat(all.bytes()).isGreaterThan(1_000_000_000L);
        }
    }

    @Test
    void aLongRowIsPassedOnAsItComes() throws Exception {
        int bytes = 100 * MB;
        try (Running pando = Running.before(2, ONE_LOOP);
                WireClient client = new WireClient(pando.port()).login()) {
            long before = pinned();
            client.query("SELECT repeat('x', " + bytes + ")");
            assertThat(client.read().type()).isEqualTo('T');
            assertThat(pinned() - before).isLessThan(8L * MB);
            assertThat(client.received()).isEqualTo(new WireClient.Received(1, bytes + 6L));
            assertThat(pinned() - before).isLessThan(8L * MB);
            client.query("SELECT 1");
            assertThat(client.received().rows()).isEqualTo(1);
        }
    }

    @Test
    void longAndShortRowsComeWholeInBothProtocols() throws Exception {
        for (String mode : List.of("simple", "extended")) {
            try (Running pando = Running.before(1, ONE_LOOP);
                    Connection connection = pando.connect("preferQueryMode=" + mode);
                    PreparedStatement statement = connection.prepareStatement(
                            "SELECT repeat(chr(64 + i), i * i * 100000) AS long FROM generate_series(1, 9) i");
                    ResultSet rows = statement.executeQuery()) {
                for (int i = 1; rows.next(); i++) {
                    assertThat(rows.getString("long").length()).isEqualTo(i * i * 100_000);
                    assertThat(rows.getString("long").chars()).allMatch(c -> c >= 'A' && c <= 'I');
                }
            }
        }
    }

    @Test
    void aRowTooLongToBeMergedIsRefused() throws Exception {
        try (Running pando = Running.before(2, ONE_LOOP + "[limits]\nmerge_memory = \"1MB\"");
                Connection connection = pando.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE documents (id int PRIMARY KEY, body text)");
            try {
                statement.execute("SELECT pando.distribute('documents', 'id')");
                statement.execute("INSERT INTO documents SELECT 1, repeat('x', 3000000)");
                statement.execute("INSERT INTO documents VALUES (2, 'short'), (3, 'short'), (4, 'short')");
                assertThatThrownBy(() -> statement.executeQuery("SELECT body FROM documents ORDER BY id"))
                        .hasMessageContaining("bytes, limits.merge_memory is 1048576")
                        .hasMessageContaining("PD2010");
                try (ResultSet one = statement.executeQuery("SELECT body FROM documents WHERE id = 1")) {
                    assertThat(one.next()).isTrue();
                    assertThat(one.getString("body")).hasSize(3_000_000);
                }
            } finally {
                statement.execute("DROP TABLE documents");
            }
        }
    }

    @Test
    void aServerLostWithinARowEndsTheConnection() throws Exception {
        TemporaryServer server = Running.servers(1).getFirst();
        try (Relay relay = new Relay(server.port());
                Running pando = Running.at(List.of(relay.port()), ONE_LOOP);
                WireClient client = new WireClient(pando.port()).login()) {
            client.query("SELECT repeat('x', " + 50 * MB + ")");
            assertThat(client.read().type()).isEqualTo('T');
            relay.cut();
            assertThatThrownBy(client::received).isInstanceOf(EOFException.class);
            try (WireClient next = new WireClient(pando.port()).login()) {
                next.query("SELECT 1");
                assertThat(next.received().rows()).isEqualTo(1);
            } catch (IOException notYet) {
                assertThat(notYet).hasMessageStartingWith("08006");
            }
        }
    }

    private static long pinned() {
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
    }
}
