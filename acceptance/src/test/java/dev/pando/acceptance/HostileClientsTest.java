package dev.pando.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that break the protocol at the running endpoint: each gets a clean end, and a well-behaved one beside it notices nothing. */
class HostileClientsTest {
    private static final int TWO_GIGABYTES = Integer.MAX_VALUE;

    @AfterEach
    void othersNoticeNothing() throws SQLException {
        try (Connection connection = Shared.pando().connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT 42")) {
            assertThat(result.next()).isTrue();
            assertThat(result.getInt(1)).isEqualTo(42);
        }
    }

    private static RawClient connect() throws IOException {
        return new RawClient(Shared.pando().port());
    }

    @Test
    void garbageInsteadOfAStartupPacketEndsTheConnection() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            byte[] garbage = new byte[8 + random.nextInt(2_000)];
            random.nextBytes(garbage);
            try (RawClient client = connect()) {
                client.send(garbage);
                assertThat(client.hungUp()).isTrue();
            } catch (SocketException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
        }
    }

    @Test
    void aStartupPacketOfTwoGigabytesIsRefused() throws IOException {
        try (RawClient client = connect()) {
            client.send(Unpooled.buffer().writeInt(TWO_GIGABYTES).writeInt(3 << 16));
            assertThat(client.nextError()).startsWith("08P01");
            assertThat(client.hungUp()).isTrue();
        }
    }

    @Test
    void silenceAfterHalfAStartupPacketEndsWithTheLoginTimeout() throws IOException {
        try (RawClient client = connect()) {
            client.send(Unpooled.buffer().writeInt(100).writeInt(3 << 16));
            assertThat(client.nextError()).startsWith("08006").contains("login");
            assertThat(client.hungUp()).isTrue();
        }
    }

    @Test
    void aMessageOfTwoGigabytesIsRefusedBeforeItComes() throws IOException {
        try (RawClient client = connect().login()) {
            client.send(Unpooled.buffer().writeByte('Q').writeInt(TWO_GIGABYTES).writeZero(1_000));
            assertThat(client.nextError()).startsWith("08P01").contains("2147483647");
            assertThat(client.hungUp()).isTrue();
        }
    }

    @Test
    void negativeLengthsAndUnknownTypesAreRefused() throws IOException {
        for (ByteBuf wrong : List.of(
                Unpooled.buffer().writeByte('Q').writeInt(-1),
                Unpooled.buffer().writeByte('Q').writeInt(3),
                Unpooled.buffer().writeByte('?').writeInt(4))) {
            try (RawClient client = connect().login()) {
                client.send(wrong);
                assertThat(client.nextError()).startsWith("08P01");
                assertThat(client.hungUp()).isTrue();
            }
        }
    }

    @Test
    void aBindThatCountsMoreParametersThanItHoldsIsRefused() throws IOException {
        try (RawClient client = connect().login()) {
            ByteBuf bind = Unpooled.buffer()
                    .writeByte('B')
                    .writeInt(4 + 2 + 2 + 2 + 8)
                    .writeZero(2)
                    .writeShort(0);
            client.send(bind.writeShort(0xffff).writeZero(8));
            assertThat(client.nextError()).startsWith("08P01");
        }
    }

    @Test
    void aFloodOfHalfOpenLoginsIsCleared() throws IOException {
        List<RawClient> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                silent.add(connect());
            }
            for (RawClient client : silent) {
                assertThat(client.hungUp()).isTrue();
            }
        } finally {
            for (RawClient client : silent) {
                client.close();
            }
        }
    }

    @Test
    void aTransactionOfAClientThatVanishesIsRolledBack() throws IOException, SQLException {
        try (Connection connection = Shared.pando().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE vanishing (id int PRIMARY KEY)");
            try (RawClient client = connect().login()) {
                byte[] sql = "BEGIN; INSERT INTO vanishing VALUES (1)".getBytes(StandardCharsets.UTF_8);
                client.send(Unpooled.buffer()
                        .writeByte('Q')
                        .writeInt(4 + sql.length + 1)
                        .writeBytes(sql)
                        .writeByte(0));
                RawClient.Message message = client.read();
                while (message.type() != 'Z') {
                    message = client.read();
                }
            }
            statement.execute("SET lock_timeout = '10s'");
            statement.execute("INSERT INTO vanishing VALUES (1)");
            statement.execute("DROP TABLE vanishing");
        }
    }
}
