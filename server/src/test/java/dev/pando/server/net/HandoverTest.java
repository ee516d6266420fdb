package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pando.core.config.ConfigLoader;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.Purpose;
import dev.pando.core.config.SecretSource;
import dev.pando.core.topology.Topology;
import dev.pando.server.PandoServer;
import dev.pando.server.admin.Shutdown;
import dev.pando.server.control.FleetConnections;
import dev.pando.server.control.TwoPhase;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takeovers in which something goes wrong. */
class HandoverTest {
    @TempDir
    Path folder;

    private Path socket() {
        return folder.resolve("takeover");
    }

    private String settings() {
        return "[listen]\nport = 0\n[restart]\nsocket = \"" + socket() + "\"\nclient_timeout = \"0s\"\n";
    }

    private Predecessor running() {
        return Objects.requireNonNull(Predecessor.at(socket()));
    }

    /** A plain database, with HTTP. */
    private PandoConfig plain(int port, int httpPort, String fallbackTime) throws SQLException {
        return ConfigLoader.parse(
                """
                [listen]
                port = %d
                unix_socket_dir = "%s"
                [restart]
                socket = "%s"
                client_timeout = "1min"
                fallback_time = "%s"
                [http]
                port = %d
                [[users]]
                name = "app"
                password = "app"
                admin = true
                [[databases]]
                name = "app"
                servers = ["127.0.0.1:%d"]
                """.formatted(
                                port,
                                folder,
                                socket(),
                                fallbackTime,
                                httpPort,
                                Running.servers(1).getFirst().port()),
                "test",
                Purpose.SERVE,
                SecretSource.of(folder, Map.of()));
    }

    private static void serves(int port) throws SQLException {
        try (Connection client =
                DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/app", "app", "app")) {
            assertThat(Sql.value(client, "SELECT 40 + 2")).isEqualTo("42");
        }
    }

    /** Whether somebody reads and answers at the unix socket. */
    private boolean answersUnix(int port) throws IOException {
        Path file = folder.resolve(".s.PGSQL." + port);
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            client.write(ByteBuffer.allocate(8).putInt(8).putInt(80877103).flip());
            ByteBuffer answer = ByteBuffer.allocate(1);
            return client.read(answer) == 1 && answer.get(0) == 'N';
        } catch (SocketException | NoSuchFileException nobody) {
            return false;
        }
    }

    private static boolean answersHttp(int port) throws InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException nobody) {
            return false;
        }
    }

    private static boolean refused(int port) throws IOException {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !probe.isConnected();
        } catch (ConnectException e) {
            return true;
        }
    }

    @Test
    void thePortOfHttpIsTakenAndClientsAreServed() throws Exception {
        try (Running before = Running.before(1, settings());
                Predecessor predecessor = running();
                ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                PandoServer next =
                        PandoServer.start(LiveConfig.of(plain(0, stranger.getLocalPort(), "500ms")), predecessor)) {
            serves(before.port());
            assertThat(next.port()).isEqualTo(before.port());
            assertThat(next.httpPort()).isZero();
        }
    }

    @Test
    void everyAddressGoesOver() throws Exception {
        try (PandoServer before = PandoServer.start(LiveConfig.of(plain(0, 0, "500ms")))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                    .isEqualTo("rw-------");
            int port = before.port();
            int http = before.httpPort();
            try (Predecessor predecessor = running();
                    PandoServer next = PandoServer.start(LiveConfig.of(plain(port, http, "500ms")), predecessor)) {
                assertThat(next.httpPort()).isEqualTo(http);
                before.ended().get(20, TimeUnit.SECONDS);
                serves(port);
                assertThat(answersHttp(http)).isTrue();
                try (Predecessor again = running()) {
                    assertThat(again.sockets()).hasSize(2).allSatisfy(Inherited::close);
                }
            }
        }
        assertThat(folder).as("nothing is left").isEmptyDirectory();
    }

    @Test
    void addressesThatTheNextDoesNotHaveAreClosed() throws Exception {
        String both = settings().replace("port = 0", "port = 0\nhost = \"127.0.0.1, 127.0.0.2\"");
        try (Running before = Running.before(1, both)) {
            new Socket("127.0.0.2", before.port()).close();
            try (Running next = Running.inPlaceOf(socket(), settings())) {
                serves(next.port());
                assertThatThrownBy(() -> new Socket("127.0.0.2", before.port()).close())
                        .isInstanceOf(ConnectException.class);
            }
        }
    }

    @Test
    void whoCannotBeTakenOverServesAllTheSame() throws Exception {
        Path nowhere = folder.resolve("missing").resolve("takeover");
        try (Running before = Running.before(1, settings());
                Running next =
                        Running.inPlaceOf(socket(), settings().replace(socket().toString(), nowhere.toString()))) {
            serves(before.port());
            assertThat(next.status()).isNotEmpty();
        }
    }

    @Test
    void whenTheNextDiesThisOneServesAgain() throws Exception {
        try (PandoServer before = PandoServer.start(LiveConfig.of(plain(0, 0, "1min")))) {
            int port = before.port();
            int http = before.httpPort();
            for (int life = 0; life < 2; life++) {
                try (Predecessor next = running()) {
                    List<Inherited> given = next.sockets();
                    next.depart();
                    given.forEach(Inherited::close);
                    assertThat(refused(port)).isTrue();
                    assertThat(before.departing()).isTrue();
                }
                await().until(() -> !refused(port) && before.httpPort() != 0);
                serves(port);
                assertThat(answersUnix(port)).isTrue();
                assertThat(answersHttp(before.httpPort())).isTrue();
                assertThat(before.departing()).isFalse();
                assertThat(before.ended()).isNotDone();
            }
            // And can be replaced for good.
            try (Predecessor predecessor = running();
                    PandoServer next = PandoServer.start(LiveConfig.of(plain(port, http, "500ms")), predecessor)) {
                assertThat(before.departing()).isTrue();
                serves(next.port());
            }
            before.ended().get(20, TimeUnit.SECONDS);
        }
        assertThat(folder).as("nothing is left").isEmptyDirectory();
    }

    @Test
    void whenTheLastOfThreeDiesTheOneThatIsLeftServesAgain() throws Exception {
        try (PandoServer first = PandoServer.start(LiveConfig.of(plain(0, 0, "1h")))) {
            int port = first.port();
            List<Inherited> given = new ArrayList<>();
            try (Predecessor predecessor = running();
                    PandoServer second = PandoServer.start(LiveConfig.of(plain(port, 0, "100ms")), predecessor);
                    Predecessor third = running()) {
                given.addAll(third.sockets());
                third.depart();
                second.ended().get(20, TimeUnit.SECONDS);
                assertThat(refused(port)).as("the third has the sockets").isFalse();
                assertThat(first.departing()).as("the third lives").isTrue();
            }
            await().until(() -> !first.departing());
            // What the system closes of a process that dies it closes in no order that counts.
            given.forEach(Inherited::close);
            await().ignoreExceptionsInstanceOf(SQLException.class).untilAsserted(() -> serves(port));
        }
    }

    @Test
    void whoIsToldToEndIsNotTakenForDead() throws Exception {
        try (PandoServer before = PandoServer.start(LiveConfig.of(plain(0, 0, "1h")))) {
            int port = before.port();
            try (WireClient stays = new WireClient(port).login()) {
                try (Predecessor predecessor = running();
                        PandoServer next = PandoServer.start(LiveConfig.of(plain(port, 0, "1h")), predecessor)) {
                    next.shutdown(Shutdown.WAIT_FOR_CLIENTS);
                    next.ended().get(20, TimeUnit.SECONDS);
                }
                await().during(Duration.ofSeconds(1)).until(() -> refused(port));
                stays.query("SELECT 1");
                assertThat(stays.received().rows()).isEqualTo(1);
                assertThat(before.ended()).isNotDone();
            }
            before.ended().get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void oneThatIsToldToEndDoesNotReturn() throws Exception {
        try (PandoServer before = PandoServer.start(LiveConfig.of(plain(0, 0, "500ms")));
                WireClient stays = new WireClient(before.port()).login()) {
            int port = before.port();
            try (Predecessor next = running()) {
                List<Inherited> given = next.sockets();
                next.depart();
                given.forEach(Inherited::close);
                before.shutdown(Shutdown.WAIT_FOR_CLIENTS);
            }
            await().during(Duration.ofSeconds(1)).until(() -> refused(port));
            stays.query("SELECT 1");
            assertThat(stays.received().rows()).isEqualTo(1);
        }
    }

    /** The next process has taken over and died, and the system has not closed its sockets yet: this one tries to listen, and cannot. */
    private List<Inherited> comingBack(PandoServer before) {
        List<Inherited> given;
        try (Predecessor next = running()) {
            given = next.sockets();
            next.depart();
            assertThat(before.departing()).isTrue();
        }
        await().until(() -> !before.departing());
        return given;
    }

    @Test
    void whoIsToldToEndWhileItComesBackEnds() throws Exception {
        for (Shutdown mode : List.of(Shutdown.WAIT_FOR_CLIENTS, Shutdown.NOW)) {
            try (PandoServer before = PandoServer.start(LiveConfig.of(plain(0, 0, "1min")))) {
                int port = before.port();
                try (WireClient stays = new WireClient(port).login()) {
                    List<Inherited> given = comingBack(before);
                    before.shutdown(mode);
                    given.forEach(Inherited::close);
                    await().during(Duration.ofSeconds(1)).until(() -> refused(port));
                    assertThat(stays.processId()).isPositive();
                }
                before.ended().get(20, TimeUnit.SECONDS);
            }
            assertThat(folder).as("nothing is left").isEmptyDirectory();
        }
    }

    @Test
    void whoAsksForSocketsThatAreOpenedAgainIsSentAwayAtOnce() throws Exception {
        try (PandoServer before = PandoServer.start(LiveConfig.of(plain(0, 0, "1min")));
                Predecessor late = running()) {
            int port = before.port();
            List<Inherited> given = comingBack(before);
            assertThatThrownBy(late::sockets).hasMessageContaining("PD8008");
            given.forEach(Inherited::close);
            await().ignoreExceptionsInstanceOf(SQLException.class).untilAsserted(() -> serves(port));
        }
    }

    /** Of a process of the same node. */
    private static String anotherLife() {
        FleetConnections nowhere =
                new FleetConnections(() -> new Topology(List.of()), new FleetConnections.Login("", "", ""));
        return new TwoPhase(nowhere, InstantSource.system(), new SecureRandom(), "same").newGid();
    }

    @Test
    void transactionsOfTheNextAreLeftAloneByTheOneBefore() throws Exception {
        String same = settings() + "[node]\nname = \"same\"\n";
        try (Running before = Running.before(2, same);
                WireClient stays = new WireClient(before.port()).login();
                Running next = Running.inPlaceOf(socket(), same);
                Connection shard = Running.servers(2).get(1).connect("app")) {
            assertThat(next.port()).isEqualTo(before.port());
            String gid = anotherLife();
            Sql.run(shard, "BEGIN; SELECT pg_current_xact_id(); PREPARE TRANSACTION '" + gid + "'");
            try {
                String there = "SELECT count(*) FROM pg_prepared_xacts WHERE gid = '" + gid + "'";
                // Longer than the pause between two looks for what was left behind.
                await().atMost(Duration.ofSeconds(10))
                        .during(Duration.ofSeconds(6))
                        .until(() -> "1".equals(Sql.value(shard, there)));
                assertThat(stays.processId()).isPositive();
            } finally {
                Sql.run(shard, "ROLLBACK PREPARED '" + gid + "'");
            }
        }
    }

    @Test
    void socketsAreGivenToOneProcessAtATime() throws Exception {
        try (Running before = Running.before(1, settings());
                Predecessor second = running()) {
            try (Predecessor first = running()) {
                List<Inherited> given = first.sockets();
                assertThat(given).hasSize(1);
                assertThatThrownBy(second::sockets).hasMessageContaining("PD8008");
                given.forEach(Inherited::close);
            }
            try (Predecessor third = running();
                    Connection client = before.connect()) {
                List<Inherited> given = third.sockets();
                assertThat(given).as("the first has given up").hasSize(1);
                given.forEach(Inherited::close);
                assertThat(Sql.value(client, "SELECT 40 + 2")).isEqualTo("42");
            }
        }
    }

    @Test
    void whoHasTheSocketsNeedsTheOtherNoMore() throws Exception {
        Running before = Running.before(1, settings());
        try (Predecessor predecessor = running()) {
            List<Inherited> given = predecessor.sockets();
            before.close();
            predecessor.depart();
            given.forEach(Inherited::close);
        }
    }
}
