package dev.pando.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.FrontendMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
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
    void aStartupPacketOfTwoGigabytesIsHungUpOnWithoutAWord() throws IOException {
        try (RawClient client = connect()) {
            client.send(Unpooled.buffer().writeInt(TWO_GIGABYTES).writeInt(3 << 16));
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
            byte[] sql = "SELECT 1".getBytes(StandardCharsets.UTF_8);
            ByteBuf bind = Unpooled.buffer()
                    .writeByte('P')
                    .writeInt(4 + 1 + 9 + 2)
                    .writeByte(0)
                    .writeBytes(sql)
                    .writeZero(3)
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
                client.send(query("BEGIN; INSERT INTO vanishing VALUES (1)"));
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

    @Test
    void clientsThatNeverReadCostLittleAndAreLetGo() throws Exception {
        String oneShard = "SELECT repeat('x', 1000000) /* unread */ FROM generate_series(1, 400)";
        String everyShard = "SELECT repeat('x', 1000000) /* unread */ FROM unread, generate_series(1, 40)";
        try (Connection connection = Shared.pando().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE unread (id int PRIMARY KEY)");
            statement.execute("SELECT pando.distribute('unread', 'id')");
            statement.execute("INSERT INTO unread VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)");
            long before = memory();
            List<RawClient> clients = new ArrayList<>();
            try {
                for (String sql : List.of(oneShard, everyShard, everyShard + " ORDER BY id", oneShard)) {
                    RawClient client = connect().login();
                    clients.add(client);
                    client.send(query(sql));
                }
                // The servers wait until somebody takes what they have: two on home, two on each shard.
                awaitUnread(2 + 2 * Shared.SHARDS, "AND wait_event = 'ClientWrite'");
                assertThat(memory() - before).isLessThan(100L << 20);
                for (int i = 0; i < 50; i++) {
                    othersNoticeNothing();
                }
            } finally {
                for (RawClient client : clients) {
                    client.close();
                }
            }
            awaitUnread(0, "");
            statement.execute("DROP TABLE unread");
        }
    }

    /** Bytes of heap and network buffers in use by this process, Pando in it. */
    private static long memory() {
        System.gc();
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        return heap.getUsed() + PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    private static void awaitUnread(int count, String condition) {
        String sql = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%/* unread */%' AND state = 'active'"
                + " AND pid <> pg_backend_pid() " + condition;
        // For a while: a server whose rows are taken and kept waits a moment, too, now and then.
        Awaitility.await()
                .during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    int found = 0;
                    for (int shard = 0; shard < Shared.SHARDS; shard++) {
                        try (Connection direct = Shared.pando().direct(shard);
                                Statement statement = direct.createStatement();
                                ResultSet result = statement.executeQuery(sql)) {
                            result.next();
                            found += result.getInt(1);
                        }
                    }
                    return found == count;
                });
    }

    @Test
    void aParseThatCountsMoreTypesThanItHoldsIsRefused() throws IOException {
        try (RawClient client = connect().login()) {
            ByteBuf parse = Unpooled.buffer()
                    .writeByte('P')
                    .writeInt(4 + 1 + 9 + 2 + 8)
                    .writeByte(0)
                    .writeBytes("SELECT 1".getBytes(StandardCharsets.UTF_8))
                    .writeByte(0);
            client.send(parse.writeShort(0xffff).writeZero(8));
            assertThat(client.nextError()).startsWith("08P01");
        }
    }

    @Test
    void asManyParametersAsTheProtocolHasAreAnswered() throws SQLException, IOException {
        int most = 0xffff;
        try (Connection connection = Shared.pando().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE wide (id int PRIMARY KEY)");
            statement.execute("SELECT pando.distribute('wide', 'id')");
            statement.execute("INSERT INTO wide VALUES (1), (2), (3), (65535), (65536)");
            StringBuilder sql = new StringBuilder("SELECT count(*) FROM wide WHERE id IN (");
            for (int i = 1; i <= most; i++) {
                sql.append(i == 1 ? "$" : ", $").append(i);
            }
            try (RawClient client = connect().login()) {
                ByteBuf out = Unpooled.buffer();
                FrontendCodec.encode(
                        new FrontendMessage.Parse(
                                "", sql.append(')').toString().getBytes(StandardCharsets.UTF_8), new int[0]),
                        out);
                out.writeBytes(bindOfIntegers(most));
                FrontendCodec.encode(new FrontendMessage.Execute("", 0), out);
                FrontendCodec.encode(new FrontendMessage.Sync(), out);
                client.send(out);
                RawClient.Message message = client.read();
                while (message.type() != 'D' && message.type() != 'E') {
                    message = client.read();
                }
                // One column, of one byte.
                assertThat(new String(message.body(), StandardCharsets.ISO_8859_1))
                        .isEqualTo("\0\1\0\0\0\0014");
            }
            statement.execute("DROP TABLE wide");
        }
    }

    /** Bind of 1, 2, 3 … as text with many leading zeros: some megabytes. */
    private static ByteBuf bindOfIntegers(int count) {
        ByteBuf body = Unpooled.buffer().writeZero(2).writeShort(0).writeShort(count);
        for (int i = 1; i <= count; i++) {
            byte[] value = String.format("%060d", i).getBytes(StandardCharsets.US_ASCII);
            body.writeInt(value.length).writeBytes(value);
        }
        body.writeShort(0);
        return Unpooled.buffer()
                .writeByte('B')
                .writeInt(4 + body.readableBytes())
                .writeBytes(body);
    }

    @Test
    void halfAMessageAndThenSilenceHoldsUpNobody() throws Exception {
        try (Connection connection = Shared.pando().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE halves (id int PRIMARY KEY)");
            statement.execute("SELECT pando.distribute('halves', 'id')");
            try (RawClient query = connect().login();
                    RawClient copy = connect().login()) {
                query.send(Unpooled.buffer().writeByte('Q').writeInt(1_000).writeZero(10));
                copy.send(query("COPY halves FROM STDIN"));
                while (copy.read().type() != 'G') {
                    othersNoticeNothing();
                }
                copy.send(Unpooled.buffer()
                        .writeByte('d')
                        .writeInt(1_000)
                        .writeBytes("1\n2\n3\n4\n5\n".getBytes(StandardCharsets.US_ASCII)));
                statement.execute("INSERT INTO halves VALUES (1), (2), (3)");
            }
            statement.execute("SET lock_timeout = '10s'");
            statement.execute("DROP TABLE halves");
        }
    }

    @Test
    void thousandsOfSilentConnectionsDoNotDisturbOneThatWorks() throws IOException, SQLException {
        List<RawClient> silent = new ArrayList<>();
        try (Connection connection = Shared.pando().connect();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(10);
            for (int i = 0; i < 3_000; i++) {
                silent.add(connect());
                if (i % 20 == 0) {
                    statement.execute("SELECT " + i);
                }
            }
            for (RawClient client : silent) {
                assertThat(client.hungUp()).isTrue();
            }
            statement.execute("SELECT 1");
        } finally {
            for (RawClient client : silent) {
                client.close();
            }
        }
    }

    private static ByteBuf query(String sql) {
        ByteBuf out = Unpooled.buffer();
        FrontendCodec.encode(new FrontendMessage.Query(sql.getBytes(StandardCharsets.UTF_8)), out);
        return out;
    }
}
