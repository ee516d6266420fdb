package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Waiting for servers: its end, and what is learned when they come back. */
class WaitingTest {
    @Test
    void aCancelRequestEndsTheWaitForAServerConnection() throws Exception {
        for (String mode : List.of("simple", "extended")) {
            try (Running pando = Running.before(1, "[listen]\nport = 0\n[pool]\nsize = 1");
                    Connection holder = pando.connect();
                    Connection waiter = pando.connect("preferQueryMode=" + mode);
                    Statement holding = holder.createStatement();
                    Statement waiting = waiter.createStatement()) {
                holder.setAutoCommit(false);
                holding.execute("SELECT 1");
                CompletableFuture<String> ended = CompletableFuture.supplyAsync(() -> sqlState(waiting));
                await().until(() -> pando.status().contains("1 waiting"));
                waiting.cancel();
                assertThat(ended.get(10, TimeUnit.SECONDS))
                        .isEqualTo("57014 ERROR: canceling statement due to user request");
                assertThat(pando.status()).doesNotContain("waiting");
                holder.commit();
                assertThat(waiting.execute("SELECT 2")).isTrue();
            }
        }
    }

    private static String sqlState(Statement statement) {
        try {
            statement.execute("SELECT 1");
            return "success";
        } catch (SQLException e) {
            return e.getSQLState() + " " + e.getMessage();
        }
    }

    @Test
    void aServerThatSaysNothingIsGivenUpInTime() throws Exception {
        String settings = "[listen]\nport = 0\n[pool]\nconnect_timeout = \"1500ms\"";
        try (Relay relay = new Relay(Running.servers(1).getFirst().port());
                Running pando = Running.at(List.of(relay.port()), settings);
                WireClient early = new WireClient(pando.port()).login()) {
            relay.silent(true);
            relay.cut();
            await().until(() -> pando.status().contains("0 of 0 server connections"));
            long since = System.nanoTime();
            early.query("SELECT 1");
            assertThatThrownBy(early::received)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("08006 shard s0 at 127.0.0.1:" + relay.port())
                    .hasMessageContaining("no answer to the login within 1500 ms")
                    .hasMessageEndingWith("(PD5001)");
            assertThat(System.nanoTime() - since).isBetween(1_400_000_000L, 12_000_000_000L);
            relay.silent(false);
            await().ignoreExceptionsInstanceOf(IOException.class).until(() -> {
                early.query("SELECT 1");
                return early.received().rows() == 1;
            });
        }
    }

    @Test
    void serversThatAskForScramGetIt() throws Exception {
        try (TemporaryServer server = TemporaryServer.start();
                Connection direct = server.connect();
                Statement statement = direct.createStatement()) {
            statement.execute("CREATE ROLE app LOGIN PASSWORD 'app'");
            statement.execute("CREATE ROLE other LOGIN PASSWORD 'not other'");
            statement.execute("CREATE DATABASE app OWNER app");
            server.rules("host all all 127.0.0.1/32 scram-sha-256");
            try (Running pando = Running.at(List.of(server.port()), "[listen]\nport = 0\n[pool]\nsize = 8");
                    WireClient one = new WireClient(pando.port()).login();
                    WireClient two = new WireClient(pando.port()).login()) {
                for (WireClient client : List.of(one, two)) {
                    client.query("BEGIN; SELECT 1");
                    assertThat(client.received().rows()).isEqualTo(1);
                }
                try (WireClient other = new WireClient(pando.port())) {
                    assertThatThrownBy(() -> other.login("other", "app"))
                            .hasMessageContaining("PD5004")
                            .hasMessageContaining("password authentication failed");
                }
            }
        }
    }

    @Test
    void aServerThatComesBackDifferentIsKnownAsSuch() throws Exception {
        TemporaryServer server = Running.servers(1).getFirst();
        try (Running pando = Running.before(1, "[listen]\nport = 0");
                WireClient early = new WireClient(pando.port()).login();
                Connection direct = server.connect();
                Statement statement = direct.createStatement()) {
            assertThat(early.parameter("TimeZone")).isNotEqualTo("Asia/Tokyo");
            try {
                statement.execute("ALTER ROLE app SET timezone = 'Asia/Tokyo'");
                try (ResultSet ended = statement.executeQuery(
                        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'app'")) {
                    assertThat(ended.next()).isTrue();
                }
                await().ignoreExceptionsInstanceOf(IOException.class).until(() -> {
                    early.query("SELECT 1");
                    return early.received().rows() == 1;
                });
                try (WireClient late = new WireClient(pando.port()).login();
                        WireClient other = new WireClient(pando.port()).login("other", "app")) {
                    assertThat(late.parameter("TimeZone")).isEqualTo("Asia/Tokyo");
                    assertThat(other.parameter("TimeZone")).isEqualTo(early.parameter("TimeZone"));
                }
            } finally {
                statement.execute("ALTER ROLE app RESET timezone");
            }
        }
    }
}
