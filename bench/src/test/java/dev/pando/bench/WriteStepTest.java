package dev.pando.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WriteStepTest {
    private static final WriteStep.Watcher NOBODY = new WriteStep.Watcher() {
        @Override
        public void connected(int connected, int clients, double seconds) {}

        @Override
        public void running(String phase, Duration elapsed, Duration total, long acknowledged) {}
    };

    private static TemporaryServer server;

    @BeforeAll
    static void start() throws SQLException {
        server = Servers.withScram(Map.of("max_connections", "80"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void emptyTables() throws SQLException {
        Servers.execute(server, "DROP TABLE IF EXISTS users, messages");
        try (Connection connection = server.connect()) {
            new BenchTables(connection).create();
        }
    }

    private static WriteStep.Plan plan(PostgresUrl url, Workload workload, int clients) {
        return new WriteStep.Plan(
                url,
                workload,
                clients,
                2,
                Duration.ofMillis(200),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                20261121L);
    }

    private static Tally run(WriteStep.Plan plan) throws InterruptedException {
        return new WriteStep(plan, NOBODY).run().tally();
    }

    private static long rows(String table) throws SQLException {
        try (Connection connection = server.connect()) {
            return new BenchTables(connection).count(table);
        }
    }

    @Test
    void fiftyScramClientsInsertWhatTheyAreToldWasInserted() throws Exception {
        Tally tally = run(plan(Servers.scramUrl(server), Workload.USERS, 50));

        assertThat(tally.errors()).isEmpty();
        assertThat(tally.connected()).isEqualTo(50);
        assertThat(tally.succeeded()).isPositive().isEqualTo(tally.latency().getTotalCount());
        assertThat(tally.acknowledged()).isGreaterThan(tally.succeeded()).isEqualTo(rows("users"));
        assertThat(tally.latency().getMaxValue()).isLessThan(TimeUnit.SECONDS.toMicros(7));
        StepResult result = StepResult.of(50, 0.1, 1, tally, rows("users"));
        assertThat(result.clean()).isTrue();
    }

    @Test
    void aUserIsFollowedByAMessageOfTheirs() throws Exception {
        Tally tally = run(plan(Servers.trustUrl(server), Workload.MESSAGES, 8));

        assertThat(tally.errors()).isEmpty();
        assertThat(tally.acknowledged()).isEqualTo(rows("users") + rows("messages"));
        assertThat(rows("messages")).isBetween(rows("users") - 8, rows("users"));
        try (Connection connection = server.connect()) {
            assertThat(BenchTables.Sql.number(
                            connection, "SELECT count(*) FROM messages WHERE user_id NOT IN (SELECT id FROM users)"))
                    .isZero();
        }
    }

    @Test
    void rowsAreTheSameWhenEachStatementIsParsedAnew() throws Exception {
        WriteStep.Plan prepared = plan(Servers.trustUrl(server), Workload.MESSAGES, 4);
        Tally tally = run(new WriteStep.Plan(
                prepared.url(),
                Workload.MESSAGES.unprepared(),
                prepared.clients(),
                prepared.loops(),
                prepared.warmUp(),
                prepared.window(),
                prepared.answerLimit(),
                prepared.seed()));

        assertThat(tally.errors()).isEmpty();
        assertThat(tally.acknowledged()).isPositive().isEqualTo(rows("users") + rows("messages"));
    }

    @Test
    void clientsAboveTheServersLimitAreRefusedInItsWordsAndTheOthersWork() throws Exception {
        Tally tally = run(plan(Servers.trustUrl(server), Workload.USERS, 100));

        assertThat(tally.refused()).isPositive();
        assertThat(tally.connected() + tally.refused()).isEqualTo(100);
        assertThat(tally.errors().keySet()).extracting(ServerError::sqlState).containsOnly("53300");
        assertThat(tally.succeeded()).isPositive();
        assertThat(tally.acknowledged()).isEqualTo(rows("users"));
        assertThat(StepResult.of(100, 0, 1, tally, rows("users")).clean()).isFalse();
    }

    @Test
    void aWrongPasswordAndAMissingTableStopEveryClientAtTheDoor() throws Exception {
        PostgresUrl wrong = new PostgresUrl("bench", "wrong", server.host(), server.port(), "postgres");
        Tally refused = run(plan(wrong, Workload.USERS, 3));
        assertThat(refused.errors())
                .containsExactly(
                        Map.entry(new ServerError("28P01", "password authentication failed for user \"bench\""), 3L));

        Servers.execute(server, "DROP TABLE users");
        Tally missing = run(plan(Servers.trustUrl(server), Workload.USERS, 3));
        assertThat(missing.errors())
                .containsExactly(Map.entry(new ServerError("42P01", "relation \"users\" does not exist"), 3L));
        assertThat(missing.connected()).isZero();
    }

    @Test
    void anErrorOfTheStatementIsCountedAndTheClientGoesOn() throws Exception {
        Servers.execute(server, "ALTER TABLE users ADD CHECK (region <> 'us')");
        Tally tally = run(plan(Servers.trustUrl(server), Workload.USERS, 4));

        assertThat(tally.failed()).isPositive();
        assertThat(tally.errors().keySet()).extracting(ServerError::sqlState).containsOnly("23514");
        assertThat(tally.succeeded()).isGreaterThan(tally.failed());
        assertThat(tally.open()).isZero();
        assertThat(tally.acknowledged()).isEqualTo(rows("users"));
    }

    @Test
    void connectionsCutDuringTheRunComeBackAndLeaveNoRowUnexplained() throws Exception {
        WriteStep.Plan plan = new WriteStep.Plan(
                Servers.trustUrl(server),
                Workload.USERS,
                20,
                1,
                Duration.ZERO,
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                1);
        CompletableFuture<Void> connected = new CompletableFuture<>();
        CompletableFuture<Void> cut = connected.thenRunAsync(
                WriteStepTest::cutAll, CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS));
        Tally tally = new WriteStep(plan, new WriteStep.Watcher() {
                    @Override
                    public void connected(int number, int clients, double seconds) {
                        connected.complete(null);
                    }

                    @Override
                    public void running(String phase, Duration elapsed, Duration total, long acknowledged) {}
                })
                .run()
                .tally();

        cut.join();
        assertThat(tally.errors().keySet())
                .extracting(ServerError::sqlState)
                .isNotEmpty()
                .allMatch(state -> List.of("57P01", "08006").contains(state));
        assertThat(tally.connected()).isEqualTo(20);
        StepResult result = StepResult.of(20, 0, 3, tally, rows("users"));
        assertThat(result.honest())
                .as("%s acknowledged, %s open, %s inserted", tally.acknowledged(), tally.open(), rows("users"))
                .isTrue();
        assertThat(result.clean()).isFalse();
        // Cut after half a second of three: most of the window lies after the return.
        assertThat(tally.succeeded()).isGreaterThan(tally.failed());
    }

    private static void cutAll() {
        try {
            Servers.execute(
                    server,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pando bench'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aServerThatGoesAwayForGoodEndsTheStepAllTheSame() throws Exception {
        TemporaryServer doomed = TemporaryServer.start();
        try (Connection connection = doomed.connect()) {
            new BenchTables(connection).create();
        }
        CompletableFuture<Void> connected = new CompletableFuture<>();
        CompletableFuture<Void> gone = connected.thenRunAsync(doomed::close);
        var plan = new WriteStep.Plan(
                Servers.trustUrl(doomed),
                Workload.USERS,
                10,
                1,
                Duration.ZERO,
                // Time enough for a server on a busy machine to end well before the window does.
                Duration.ofSeconds(8),
                Duration.ofSeconds(5),
                1);
        Tally tally = new WriteStep(plan, new WriteStep.Watcher() {
                    @Override
                    public void connected(int number, int clients, double seconds) {
                        connected.complete(null);
                    }

                    @Override
                    public void running(String phase, Duration elapsed, Duration total, long acknowledged) {}
                })
                .run()
                .tally();

        gone.join();
        assertThat(tally.failed()).isGreaterThanOrEqualTo(10);
        assertThat(tally.errors().keySet()).extracting(ServerError::message).anyMatch(text -> text.contains("refused"));
    }
}
