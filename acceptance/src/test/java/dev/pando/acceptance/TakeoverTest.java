package dev.pando.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.testkit.PlainPostgres;
import java.io.IOException;
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

    @TempDir
    Path folder;

    /** Connects, runs a transaction, disconnects, again and again. */
    private static final class Load implements AutoCloseable {
        private final String url;
        private final AtomicBoolean stop = new AtomicBoolean();
        private final AtomicLong done = new AtomicLong();
        private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        private final List<Thread> threads = new ArrayList<>();

        Load(int port) {
            this.url = "jdbc:postgresql://127.0.0.1:" + port + "/app";
            for (int i = 0; i < CLIENTS; i++) {
                threads.add(Thread.ofPlatform().start(this::run));
            }
        }

        private void run() {
            while (!stop.get()) {
                try (Connection connection = DriverManager.getConnection(url, "app", "app")) {
                    connection.setAutoCommit(false);
                    for (int i = 0; i < 3; i++) {
                        Jdbc.execute(connection, "UPDATE takeover SET n = n + 1 WHERE id = " + i);
                        connection.commit();
                        done.incrementAndGet();
                    }
                } catch (SQLException e) {
                    failures.add(e.toString());
                }
            }
        }

        void awaitProgress() {
            long until = done.get() + 30;
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> done.get() >= until);
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

    @Test
    void threeTakeoversFailNoConnectionAndNoTransaction() throws Exception {
        try (PlainPostgres server = PlainPostgres.start()) {
            try (Connection direct = server.connect()) {
                Jdbc.execute(direct, "CREATE TABLE takeover (id int PRIMARY KEY, n bigint)");
                Jdbc.execute(direct, "INSERT INTO takeover VALUES (0, 0), (1, 0), (2, 0)");
                Jdbc.execute(direct, "GRANT ALL ON takeover TO app");
            }
            Path file = config(server);
            List<PandoProcess> lives = new ArrayList<>();
            try {
                lives.add(PandoProcess.serve(file));
                int port = lives.getFirst().port();
                try (Load load = new Load(port)) {
                    try (Connection stays = lives.getFirst().connect()) {
                        stays.setAutoCommit(false);
                        Jdbc.execute(stays, "SELECT 1");
                        load.awaitProgress();
                        replaceThreeTimes(lives, file, load);
                        // The first process still serves the client that has a transaction there.
                        Jdbc.execute(stays, "SELECT 2");
                        stays.commit();
                    }
                    assertThat(lives.getFirst().exitCode()).isZero();
                    load.end();
                    assertThat(load.failures).isEmpty();
                    try (Connection direct = server.connect()) {
                        assertThat(Jdbc.list(direct, "SELECT sum(n) FROM takeover"))
                                .containsExactly(Long.toString(load.done.get()));
                    }
                }
            } finally {
                for (PandoProcess life : lives) {
                    life.close();
                }
            }
        }
    }

    private static void replaceThreeTimes(List<PandoProcess> lives, Path file, Load load) throws Exception {
        int port = lives.getFirst().port();
        for (int life = 1; life <= 3; life++) {
            PandoProcess before = lives.getLast();
            PandoProcess next = PandoProcess.start(
                    PandoProcess.Java.usual(), List.of("serve", "--config", file.toString(), "--takeover"));
            lives.add(next);
            assertThat(next.port()).isEqualTo(port);
            load.awaitProgress();
            if (life > 1) {
                // Nobody stays on it.
                assertThat(before.exitCode()).as(before.output()).isZero();
            }
            load.awaitProgress();
        }
    }

    private Path config(PlainPostgres server) throws IOException {
        return Files.writeString(
                folder.resolve("pando.toml"), """
                [listen]
                port = 0
                [http]
                enabled = false
                [restart]
                socket = "%s"
                [[users]]
                name = "app"
                password = "app"
                [[databases]]
                name = "app"
                servers = ["127.0.0.1:%d"]
                """.formatted(folder.resolve("takeover"), server.port()));
    }
}
