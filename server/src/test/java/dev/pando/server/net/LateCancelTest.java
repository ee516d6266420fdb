package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cancel request that reaches its server when the statement it was meant for is over. */
class LateCancelTest {
    private static final Duration NOTHING_COMES = Duration.ofSeconds(1);

    /** As many as there are tasks: those of the common pool are fewer on small machines, and one that waits would hold up what it waits for. */
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private Relay relay;
    private Connection holder;
    private Running pando;

    @BeforeEach
    void start() throws Exception {
        relay = new Relay(Running.servers(1).getFirst().port());
        holder = Running.servers(1).getFirst().connect("app");
        givingUpAfter("20s");
    }

    @AfterEach
    void stop() throws Exception {
        pando.close();
        holder.close();
        relay.close();
        threads.close();
    }

    private void givingUpAfter(String time) {
        pando = Running.at(
                List.of(relay.port()), "[listen]\nport = 0\n[pool]\nsize = 1\nconnect_timeout = \"" + time + "\"");
    }

    private static String value(WireClient client, String sql) throws IOException {
        return new String(client.values(sql).getFirst(), StandardCharsets.UTF_8);
    }

    /** Has a statement wait and cancels it, and returns what ends when the one who asked is hung up on. The request is held back. */
    private CompletableFuture<Void> cancelled(WireClient client) throws Exception {
        int before = relay.held();
        relay.holdCancels();
        Sql.value(holder, "SELECT pg_advisory_lock(77)");
        client.query("SELECT pg_advisory_xact_lock(77)");
        await().until(this::waiting);
        CompletableFuture<Void> asked = CompletableFuture.runAsync(() -> cancel(client), threads);
        await().until(() -> relay.held() > before);
        return asked;
    }

    private boolean waiting() throws SQLException {
        String sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'";
        return "1".equals(Sql.value(holder, sql));
    }

    /** As {@link #cancelled}; the statement's wait is over before the request gets through. */
    private CompletableFuture<Void> cancelledLate(WireClient client) throws Exception {
        CompletableFuture<Void> asked = cancelled(client);
        Sql.value(holder, "SELECT pg_advisory_unlock(77)");
        return asked;
    }

    private void cancel(WireClient client) {
        try {
            WireClient.cancel(pando.port(), client.processId(), client.secret());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void comesNotYet(CompletableFuture<?> answer) {
        await().during(NOTHING_COMES).until(() -> !answer.isDone());
    }

    @Test
    void whoAskedKnowsThatTheServerHasTakenIt() throws Exception {
        try (WireClient client = new WireClient(pando.port()).login()) {
            value(client, "BEGIN; SELECT 1");
            CompletableFuture<Void> asked = cancelled(client);
            comesNotYet(asked);
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
                CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> afterThis(client), threads);
                comesNotYet(answer);
                relay.letCancels();
                asked.get(10, TimeUnit.SECONDS);
                assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(server);
                client.values("COMMIT");
            }
            assertThat(value(next, "SELECT pg_backend_pid()"))
                    .as("the connection goes on")
                    .isEqualTo(server);
        }
    }

    /** The end of the statement under way, then one that a cancel request would hit. */
    private static String afterThis(WireClient client) {
        try {
            client.received();
        } catch (IOException e) {
            return e.toString();
        }
        return whoServes(client);
    }

    private static String whoServes(WireClient client) {
        try {
            return value(client, "SELECT pg_backend_pid() FROM pg_sleep(0.3)");
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void aConnectionWhoseCancelIsLostServesNobodyElse() throws Exception {
        pando.close();
        givingUpAfter("2s");
        try (WireClient client = new WireClient(pando.port()).login();
                WireClient next = new WireClient(pando.port()).login()) {
            String server = value(client, "SELECT pg_backend_pid()");
            CompletableFuture<Void> asked = cancelledLate(client);
            asked.get(20, TimeUnit.SECONDS);
            assertThat(client.received().rows()).isEqualTo(1);
            assertThat(whoServes(next)).matches("\\d+").isNotEqualTo(server);
        }
    }

    /** The statement is outside transactions, so its server connection is given back before ReadyForQuery, which does not wait for the request. */
    @Test
    void aClientThatLeavesLeavesNoCancelBehind() throws Exception {
        try (WireClient next = new WireClient(pando.port()).login()) {
            String server;
            CompletableFuture<Void> asked;
            try (WireClient client = new WireClient(pando.port()).login()) {
                server = value(client, "SELECT pg_backend_pid()");
                asked = cancelledLate(client);
                assertThat(client.received().rows()).isEqualTo(1);
            }
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> whoServes(next), threads);
            comesNotYet(answer);
            relay.letCancels();
            asked.get(10, TimeUnit.SECONDS);
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(server);
        }
    }
}
