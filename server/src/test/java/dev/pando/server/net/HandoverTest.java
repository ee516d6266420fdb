package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.core.config.ConfigLoader;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.Purpose;
import dev.pando.core.config.SecretSource;
import dev.pando.server.PandoServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    @Test
    void thePortOfHttpIsTakenAndClientsAreServed() throws Exception {
        try (Running before = Running.before(1, settings());
                Predecessor predecessor = running();
                ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int server = Running.servers(1).getFirst().port();
            PandoConfig config = ConfigLoader.parse(
                    settings() + """
                            [http]
                            port = %d
                            [[users]]
                            name = "app"
                            password = "app"
                            [[databases]]
                            name = "app"
                            servers = ["127.0.0.1:%d"]
                            """.formatted(stranger.getLocalPort(), server),
                    "test",
                    Purpose.SERVE,
                    SecretSource.of(folder, Map.of()));
            try (PandoServer next = PandoServer.start(LiveConfig.of(config), predecessor);
                    Connection client = DriverManager.getConnection(
                            "jdbc:postgresql://127.0.0.1:" + before.port() + "/app", "app", "app")) {
                assertThat(Sql.value(client, "SELECT 40 + 2")).isEqualTo("42");
                assertThat(next.port()).isEqualTo(before.port());
                assertThat(next.httpPort()).isZero();
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
