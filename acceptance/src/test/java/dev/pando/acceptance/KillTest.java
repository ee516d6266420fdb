package dev.pando.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.FleetServer;
import dev.pando.testkit.RunningPando;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Servers die by kill -9 while clients of every shard are at work. */
class KillTest {
    private static final int SHARDS = 3;

    private static RunningPando pando;

    @BeforeAll
    static void start() throws SQLException {
        pando = RunningPando.start(
                RunningPando.Options.shards(SHARDS).replicas(1).durable());
        try (Connection connection = pando.connect()) {
            Transfers.createAccounts(connection);
        }
    }

    @AfterAll
    static void stop() {
        pando.close();
    }

    @Test
    void deathOfAReplicaIsNotNoticed() throws Exception {
        try (Clients clients = new Clients()) {
            clients.awaitProgress();
            FleetServer replica = pando.fleet().shards().getFirst().replicas().getFirst();
            kill(replica);
            awaitRestart(() -> pando.fleet().shards().getFirst().replicas().getFirst(), replica.pid());
            clients.awaitProgress();
            assertThat(clients.failures()).isEmpty();
        }
    }

    @Test
    void deathOfAPrimaryConcernsItsOwnClientsOnlyAndTheShardComesBack() throws Exception {
        try (Clients clients = new Clients()) {
            clients.awaitProgress();
            FleetServer primary = pando.fleet().shards().get(1).primary();
            kill(primary);
            awaitRestart(() -> pando.fleet().shards().get(1).primary(), primary.pid());
            clients.awaitProgress();
            assertThat(clients.failures().keySet()).isSubsetOf(1);
            assertThat(clients.failures().getOrDefault(1, Set.of())).isSubsetOf(Transfers.TRUTHFUL);
        }
    }

    @Test
    void whatRunsOnAKilledPrimaryIsToldAtOnceAndNobodyElseIs() throws Exception {
        int dead = 1;
        List<Integer> keys = keys();
        List<CompletableFuture<String>> running = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            int seconds = shard == dead ? 300 : 12;
            running.add(outcome("SELECT pg_sleep(" + seconds + ") FROM accounts WHERE id = " + keys.get(shard)));
        }
        CompletableFuture<String> scatter = outcome("SELECT count(pg_sleep(300)) FROM accounts");
        await().until(() -> sleepers() == SHARDS + SHARDS);

        FleetServer primary = pando.fleet().shards().get(dead).primary();
        kill(primary);

        // Before any limit in time: the queue's is 30 seconds, and the statements would take 300.
        assertThat(running.get(dead).get(25, TimeUnit.SECONDS))
                .startsWith("08006")
                .contains("shard-1");
        assertThat(scatter.get(25, TimeUnit.SECONDS)).startsWith("08006").contains("shard-1");
        for (int shard = 0; shard < SHARDS; shard++) {
            if (shard != dead) {
                assertThat(running.get(shard).get(60, TimeUnit.SECONDS)).isEqualTo("answered");
            }
        }
        awaitRestart(() -> pando.fleet().shards().get(dead).primary(), primary.pid());
        await().until(() -> sleepers() == 0);
    }

    @Test
    void aCursorOverAShardThatDiesFailsOnceAndLeavesNothing() throws Exception {
        for (int fetches = 0; fetches < 2; fetches++) {
            FleetServer primary = pando.fleet().shards().get(1).primary();
            try (Connection connection = pando.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("BEGIN");
                statement.execute("DECLARE c CURSOR FOR SELECT id FROM accounts ORDER BY id");
                for (int i = 0; i < fetches; i++) {
                    assertThat(one(connection, "FETCH 2 FROM c")).isZero();
                }
                List<Long> sessions = sessionsOf(1);
                kill(primary);
                // They outlive their postmaster by a moment, in which they may answer.
                await().until(() -> sessions.stream()
                        .noneMatch(pid -> ProcessHandle.of(pid)
                                .map(ProcessHandle::isAlive)
                                .orElse(false)));
                // The server's own last word, if it had time for one, or that it is lost.
                assertThat(refused(statement, "FETCH ALL FROM c")).matches("(?s)57P01 .*|08006 .*shard-1.*");
                assertThat(refused(statement, "FETCH ALL FROM c")).startsWith("25P02");
                statement.execute("ROLLBACK");
                assertThat(refused(statement, "FETCH ALL FROM c")).startsWith("34000");
                awaitRestart(() -> pando.fleet().shards().get(1).primary(), primary.pid());
                await().until(() -> one(connection, "SELECT count(*) FROM accounts") == Transfers.ACCOUNTS);
            }
            assertThat(inTransactions()).as("after %s fetches", fetches).isZero();
        }
    }

    /** The server processes of a shard that serve clients. */
    private static List<Long> sessionsOf(int shard) throws SQLException {
        List<Long> pids = new ArrayList<>();
        try (Connection connection = pando.direct(shard);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")) {
            while (rows.next()) {
                pids.add(rows.getLong(1));
            }
        }
        return pids;
    }

    /** Connections on all shards with a transaction open. */
    private static int inTransactions() throws SQLException {
        int count = 0;
        for (int shard = 0; shard < SHARDS; shard++) {
            try (Connection connection = pando.direct(shard)) {
                count += one(
                        connection, "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'");
            }
        }
        return count;
    }

    private static String refused(Statement statement, String sql) {
        try {
            statement.execute(sql);
            return "answered";
        } catch (SQLException e) {
            return e.getSQLState() + " " + e.getMessage();
        }
    }

    /** What a new client is told of a statement; a future, for that may take long. */
    private static CompletableFuture<String> outcome(String sql) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (Connection connection = pando.connect();
                            Statement statement = connection.createStatement()) {
                        statement.execute(sql);
                        return "answered";
                    } catch (SQLException e) {
                        return e.getSQLState() + " " + e.getMessage();
                    }
                },
                Thread::startVirtualThread);
    }

    /** Statements that sleep, on all shards. */
    private static int sleepers() throws SQLException {
        int count = 0;
        for (int shard = 0; shard < SHARDS; shard++) {
            try (Connection connection = pando.direct(shard)) {
                count += one(connection, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
            }
        }
        return count;
    }

    /** An account on each shard. */
    private static List<Integer> keys() throws SQLException {
        Integer[] keys = new Integer[SHARDS];
        for (int shard = 0; shard < SHARDS; shard++) {
            try (Connection connection = pando.direct(shard)) {
                keys[shard] = one(connection, "SELECT min(id) FROM accounts");
            }
        }
        return List.of(keys);
    }

    @Test
    void transfersBetweenShardsHappenWhollyOrNotAtAll() throws Exception {
        try (Transfers transfers = Transfers.start(pando::connect, 4)) {
            for (int kills = 0; kills < 4; kills++) {
                transfers.awaitProgress();
                int shard = kills % SHARDS;
                FleetServer primary = pando.fleet().shards().get(shard).primary();
                kill(primary);
                awaitRestart(() -> pando.fleet().shards().get(shard).primary(), primary.pid());
            }
            transfers.awaitProgress();
            assertThat(transfers.untruthful()).isEmpty();
        }
        await().until(() -> inDoubt() == 0);
        try (Connection connection = pando.connect()) {
            assertThat(one(connection, "SELECT sum(balance) FROM accounts"))
                    .isEqualTo(Transfers.ACCOUNTS * Transfers.BALANCE);
            assertThat(one(connection, "SELECT count(*) FROM accounts")).isEqualTo(Transfers.ACCOUNTS);
        }
    }

    private static int inDoubt() throws SQLException {
        int count = 0;
        for (int shard = 0; shard < SHARDS; shard++) {
            try (Connection connection = pando.direct(shard)) {
                count += one(connection, "SELECT count(*) FROM pg_prepared_xacts");
            }
        }
        return count;
    }

    private static int one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getInt(1);
        }
    }

    private static void kill(FleetServer server) {
        ProcessHandle.of(server.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }

    private interface Asked {
        FleetServer now();
    }

    private static void awaitRestart(Asked server, long oldPid) {
        await().until(() -> {
            FleetServer now = server.now();
            if (!now.isRunning() || now.pid() == oldPid) {
                return false;
            }
            try (Connection connection = pando.direct(now)) {
                return connection.isValid(5);
            }
        });
    }

    private static org.awaitility.core.ConditionFactory await() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsMatching(e -> e instanceof SQLException);
    }

    /** One client for each shard that writes and reads all the time, and connects again after an error. */
    private static final class Clients implements AutoCloseable {
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final AtomicBoolean stop = new AtomicBoolean();
        private final Map<Integer, Set<String>> failures = new ConcurrentHashMap<>();
        private final Map<Integer, AtomicInteger> progress = new ConcurrentHashMap<>();

        Clients() throws SQLException {
            for (int shard = 0; shard < SHARDS; shard++) {
                progress.put(shard, new AtomicInteger());
            }
            List<Integer> keys = keys();
            for (int shard = 0; shard < SHARDS; shard++) {
                int each = shard;
                threads.execute(() -> work(each, keys.get(each)));
            }
        }

        private void work(int shard, int key) {
            while (!stop.get()) {
                try (Connection connection = pando.connect();
                        Statement statement = connection.createStatement()) {
                    while (!stop.get()) {
                        statement.executeUpdate("UPDATE accounts SET balance = balance WHERE id = " + key);
                        one(connection, "SELECT balance FROM accounts WHERE id = " + key);
                        Objects.requireNonNull(progress.get(shard)).incrementAndGet();
                    }
                } catch (SQLException e) {
                    failures.computeIfAbsent(shard, none -> ConcurrentHashMap.newKeySet())
                            .add(String.valueOf(e.getSQLState()));
                }
            }
        }

        void awaitProgress() {
            progress.forEach((shard, count) -> {
                int before = count.get();
                await().until(() -> count.get() > before + 20);
            });
        }

        Map<Integer, Set<String>> failures() {
            return failures;
        }

        @Override
        public void close() {
            stop.set(true);
            threads.close();
        }
    }
}
