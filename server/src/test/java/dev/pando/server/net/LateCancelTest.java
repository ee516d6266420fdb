package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cancel request that reaches its server when the statement it was meant for is over. */
class LateCancelTest {
    private Relay relay;
    private Running pando;

    @BeforeEach
    void start() throws Exception {
        relay = new Relay(Running.servers(1).getFirst().port());
        pando = Running.at(List.of(relay.port()), "[listen]\nport = 0\n[pool]\nsize = 1\nconnect_timeout = \"2s\"");
    }

    @AfterEach
    void stop() throws IOException {
        pando.close();
        relay.close();
    }

    private static String value(WireClient client, String sql) throws IOException {
        return new String(client.values(sql).getFirst(), StandardCharsets.UTF_8);
    }

    /** Runs something, has it cancelled too late, and returns what ends when the one who asked is hung up on. */
    private CompletableFuture<Void> cancelledLate(WireClient client) throws IOException {
        int before = relay.held();
        relay.holdCancels();
        client.query("SELECT pg_sleep(1)");
        await().until(LateCancelTest::running);
        CompletableFuture<Void> asked = CompletableFuture.runAsync(() -> cancel(client));
        await().until(() -> relay.held() > before);
        return asked;
    }

    private static boolean running() throws SQLException {
        try (Connection server = Running.servers(1).getFirst().connect()) {
            String sql =
                    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(1)'";
            return "1".equals(Sql.value(server, sql));
        }
    }

    private void cancel(WireClient client) {
        try {
            WireClient.cancel(pando.port(), client.processId(), client.secret());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoAskedKnowsThatTheServerHasTakenIt() throws Exception {
        try (WireClient client = new WireClient(pando.port()).login()) {
            value(client, "BEGIN; SELECT 1");
            CompletableFuture<Void> asked = cancelledLate(client);
            assertThat(asked).isNotDone();
            relay.letCancels();
            asked.get(10, TimeUnit.SECONDS);
            assertThat(client.nextError()).startsWith("57014");
        }
    }

    @Test
    void neitherTheNextStatementNorTheNextClientIsHit() throws Exception {
        try (WireClient client = new WireClient(pando.port()).login();
                WireClient next = new WireClient(pando.port()).login()) {
            String server = value(client, "SELECT pg_backend_pid()");
            for (String begin : List.of("SELECT 1", "BEGIN; SELECT 1")) {
                value(client, begin);
                CompletableFuture<Void> asked = cancelledLate(client);
                CompletableFuture<String> slept = CompletableFuture.supplyAsync(() -> sleeping(client));
                await().during(1500, TimeUnit.MILLISECONDS).until(() -> !slept.isDone());
                relay.letCancels();
                asked.get(10, TimeUnit.SECONDS);
                assertThat(slept.get(10, TimeUnit.SECONDS)).isEqualTo("0");
                client.values("COMMIT");
            }
            assertThat(value(next, "SELECT pg_backend_pid() FROM pg_sleep(0.3)"))
                    .as("the connection goes on")
                    .isEqualTo(server);
        }
    }

    /** The end of the statement under way, then one that a cancel request would hit. */
    private static String sleeping(WireClient client) {
        try {
            client.received();
            return value(client, "SELECT 0 FROM pg_sleep(0.7)");
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void aConnectionWhoseCancelIsLostServesNobodyElse() throws Exception {
        try (WireClient client = new WireClient(pando.port()).login();
                WireClient next = new WireClient(pando.port()).login()) {
            String server = value(client, "SELECT pg_backend_pid()");
            CompletableFuture<Void> asked = cancelledLate(client);
            CompletableFuture<String> slept = CompletableFuture.supplyAsync(() -> sleeping(client));
            assertThat(slept.get(20, TimeUnit.SECONDS)).isEqualTo("0");
            asked.get(10, TimeUnit.SECONDS);
            assertThat(value(next, "SELECT pg_backend_pid()")).isNotEqualTo(server);
        }
    }

    @Test
    void aClientThatLeavesLeavesNoCancelBehind() throws Exception {
        try (WireClient next = new WireClient(pando.port()).login()) {
            String server;
            CompletableFuture<Void> asked;
            try (WireClient client = new WireClient(pando.port()).login()) {
                server = value(client, "SELECT pg_backend_pid()");
                asked = cancelledLate(client);
                client.received();
            }
            CompletableFuture<String> slept = CompletableFuture.supplyAsync(() -> one(next));
            await().during(500, TimeUnit.MILLISECONDS).until(() -> !slept.isDone());
            relay.letCancels();
            asked.get(10, TimeUnit.SECONDS);
            assertThat(slept.get(10, TimeUnit.SECONDS)).isEqualTo(server);
        }
    }

    private static String one(WireClient client) {
        try {
            return value(client, "SELECT pg_backend_pid() FROM pg_sleep(1.5)");
        } catch (IOException e) {
            return e.toString();
        }
    }
}
