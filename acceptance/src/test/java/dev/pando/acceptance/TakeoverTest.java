package dev.pando.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.testkit.PlainPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process of {@code pando serve} after the other behind the same port, while clients come and go. */
class TakeoverTest {
    private static final int CLIENTS = 4;
    private static final int SSL_REQUEST = 80877103;

    @TempDir
    Path folder;

    /** {@code begun}: when the attempt was, in nanoseconds. */
    private record Failure(long begun, String text) {}

    /** Connects, runs a transaction, disconnects, again and again. */
    private static final class Load implements AutoCloseable {
        private final String url;
        private final AtomicBoolean stop = new AtomicBoolean();
        private final AtomicLong done = new AtomicLong();
        private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();
        private final List<Thread> threads = new ArrayList<>();

        Load(int port) {
            this.url = "jdbc:postgresql://127.0.0.1:" + port + "/app";
            for (int i = 0; i < CLIENTS; i++) {
                threads.add(Thread.ofPlatform().start(this::run));
            }
        }

        private void run() {
            while (!stop.get()) {
                long begun = System.nanoTime();
                try (Connection connection = DriverManager.getConnection(url, "app", "app")) {
                    connection.setAutoCommit(false);
                    for (int i = 0; i < 3; i++) {
                        Jdbc.execute(connection, "UPDATE takeover SET n = n + 1 WHERE id = " + i);
                        connection.commit();
                        done.incrementAndGet();
                    }
                } catch (SQLException e) {
                    failures.add(new Failure(begun, e.toString()));
                }
            }
        }

        void awaitProgress() {
            long until = done.get() + 30;
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> done.get() >= until);
        }

        /** What failed of the attempts since then. */
        List<Failure> failuresSince(long nanos) {
            return failures.stream()
                    .filter(failure -> failure.begun() - nanos >= 0)
                    .toList();
        }

        /** Returns when all have ended. */
        void end() {
            stop.set(true);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> threads.stream().noneMatch(Thread::isAlive));
        }

        @Override
        public void close() {
            stop.set(true);
        }
    }

    /** What the test leaves open is closed after it. */
    private static final class Lives implements AutoCloseable {
        private final Path file;
        private final List<PandoProcess> all = new ArrayList<>();

        Lives(Path file) {
            this.file = file;
        }

        PandoProcess next() throws IOException {
            PandoProcess next = PandoProcess.start(
                    PandoProcess.Java.usual(), List.of("serve", "--config", file.toString(), "--takeover"));
            all.add(next);
            assertThat(next.port()).isEqualTo(all.getFirst().port());
            return next;
        }

        int port() {
            return all.getFirst().port();
        }

        @Override
        public void close() throws IOException {
            for (PandoProcess life : all) {
                life.close();
            }
        }
    }

    @Test
    void threeTakeoversFailNoConnectionAndNoTransaction() throws Exception {
        try (PlainPostgres server = PlainPostgres.start()) {
            table(server);
            try (Lives lives = new Lives(config(server, "500ms"))) {
                PandoProcess first = lives.next();
                try (Load load = new Load(lives.port())) {
                    try (Connection stays = first.connect()) {
                        stays.setAutoCommit(false);
                        Jdbc.execute(stays, "SELECT 1");
                        load.awaitProgress();
                        replaceThreeTimes(lives, load);
                        // The first process still serves the client that has a transaction there.
                        Jdbc.execute(stays, "SELECT 2");
                        stays.commit();
                        Jdbc.execute(stays, "SELECT 3");
                        stays.commit();
                    }
                    assertThat(first.exitCode()).as(first.output()).isZero();
                    load.end();
                    assertThat(load.failures).isEmpty();
                    assertThat(sum(server)).isEqualTo(load.done.get());
                }
            }
            assertThat(folder.toFile().list()).as("no socket is left behind").containsExactly("pando.toml");
        }
    }

    private void replaceThreeTimes(Lives lives, Load load) throws Exception {
        for (int life = 1; life <= 3; life++) {
            PandoProcess before = lives.all.getLast();
            PandoProcess next = lives.next();
            assertThat(next.output()).contains("http://127.0.0.1:");
            load.awaitProgress();
            if (life > 1) {
                // Nobody stays on it.
                assertThat(before.exitCode()).as(before.output()).isZero();
                assertThat(folder.resolve("takeover")).exists();
                assertThat(answersUnix(lives.port())).isTrue();
            }
            load.awaitProgress();
        }
    }

    @Test
    void whenTheNextProcessIsKilledTheOneBeforeServesAgain() throws Exception {
        try (PlainPostgres server = PlainPostgres.start()) {
            table(server);
            try (Lives lives = new Lives(config(server, "1h"))) {
                PandoProcess first = lives.next();
                lives.next().kill();
                try (Load load = new Load(lives.port())) {
                    load.awaitProgress();
                    long listening = System.nanoTime();
                    load.awaitProgress();
                    assertThat(answersUnix(lives.port())).isTrue();
                    lives.next();
                    PandoProcess last = lives.next();
                    load.awaitProgress();
                    load.end();
                    assertThat(load.failuresSince(listening)).isEmpty();
                    assertThat(first.output()).contains("this one serves again");
                    last.terminate();
                    assertThat(last.exitCode()).as(last.output()).isZero();
                }
                // Told to end, so nobody takes its place, and nobody waits for that.
                assertThat(first.exitCode()).as(first.output()).isZero();
                assertThat(answersUnix(lives.port())).isFalse();
            }
        }
    }

    /** Whether somebody reads and answers at the unix socket. */
    private boolean answersUnix(int port) throws IOException {
        try (SocketChannel client =
                SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve(".s.PGSQL." + port)))) {
            client.write(ByteBuffer.allocate(8).putInt(8).putInt(SSL_REQUEST).flip());
            ByteBuffer answer = ByteBuffer.allocate(1);
            return client.read(answer) == 1 && answer.get(0) == 'N';
        } catch (SocketException nobody) {
            return false;
        }
    }

    private static void table(PlainPostgres server) throws SQLException {
        try (Connection direct = server.connect()) {
            Jdbc.execute(direct, "CREATE TABLE takeover (id int PRIMARY KEY, n bigint)");
            Jdbc.execute(direct, "INSERT INTO takeover VALUES (0, 0), (1, 0), (2, 0)");
            Jdbc.execute(direct, "GRANT ALL ON takeover TO app");
        }
    }

    private static long sum(PlainPostgres server) throws SQLException {
        try (Connection direct = server.connect()) {
            return Long.parseLong(
                    Jdbc.list(direct, "SELECT sum(n) FROM takeover").getFirst());
        }
    }

    private Path config(PlainPostgres server, String fallbackTime) throws IOException {
        int http;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            http = free.getLocalPort();
        }
        return Files.writeString(folder.resolve("pando.toml"), """
                [listen]
                port = 0
                unix_socket_dir = "%s"
                [http]
                port = %d
                [restart]
                socket = "%s"
                fallback_time = "%s"
                [[users]]
                name = "app"
                password = "app"
                [[databases]]
                name = "app"
                servers = ["127.0.0.1:%d"]
                """.formatted(
                        folder, http, folder.resolve("takeover"), fallbackTime, server.port()));
    }
}
