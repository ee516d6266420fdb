package dev.pando.acceptance;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** Clients that move money between accounts, most of which lie on different shards, until closed; whatever happens, the sum is the same. */
final class Transfers implements AutoCloseable {
    static final int ACCOUNTS = 60;
    static final int BALANCE = 100;

    /** What a client may be told when a server or its Pando dies under it. */
    static final Set<String> TRUTHFUL = Set.of("08006", "08007", "57P01", "57P02", "57P03", "53300");

    private final Connector connector;
    private final ExecutorService workers;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger done = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Queue<String> untruthful = new ConcurrentLinkedQueue<>();

    private Transfers(Connector connector, int workers) {
        this.connector = connector;
        this.workers = Executors.newFixedThreadPool(workers);
    }

    interface Connector {
        Connection connect() throws SQLException;
    }

    static void createAccounts(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL)");
            statement.execute("SELECT pando.distribute('accounts', 'id')");
            for (int i = 0; i < ACCOUNTS; i++) {
                statement.execute("INSERT INTO accounts VALUES (" + i + ", " + BALANCE + ")");
            }
        }
    }

    static Transfers start(Connector connector, int workers) {
        Transfers transfers = new Transfers(connector, workers);
        for (int worker = 0; worker < workers; worker++) {
            SplittableRandom random = new SplittableRandom(worker);
            transfers.workers.execute(() -> transfers.work(random));
        }
        return transfers;
    }

    private void work(SplittableRandom random) {
        while (!stop.get()) {
            try (Connection connection = connector.connect()) {
                try (Statement statement = connection.createStatement()) {
                    // Longer than recovery may take, and an end for what waits for rows that nobody gives free.
                    statement.execute("SET lock_timeout = '60s'");
                }
                connection.setAutoCommit(false);
                while (!stop.get()) {
                    transfer(connection, random);
                    done.incrementAndGet();
                }
            } catch (SQLException e) {
                String what = e.getSQLState() + " " + e.getMessage();
                failures.add(what);
                if (!TRUTHFUL.contains(String.valueOf(e.getSQLState())) && !"40P01".equals(e.getSQLState())) {
                    untruthful.add(what);
                }
            }
        }
    }

    private static void transfer(Connection connection, SplittableRandom random) throws SQLException {
        int from = random.nextInt(ACCOUNTS);
        int to = random.nextInt(ACCOUNTS);
        String sql = "UPDATE accounts SET balance = balance + ? WHERE id = ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            // In the order of the ids, so that transfers do not lock each other out.
            for (int account : new int[] {Math.min(from, to), Math.max(from, to)}) {
                update.setInt(1, from == to ? 0 : account == from ? -1 : 1);
                update.setInt(2, account);
                update.executeUpdate();
            }
        }
        connection.commit();
    }

    /** Waits until some more transfers are done. */
    void awaitProgress() {
        int before = done.get();
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> done.get() > before + 40);
    }

    /** Every error that a client got. */
    Queue<String> failures() {
        return failures;
    }

    /** Errors that are not true, whatever died. */
    Queue<String> untruthful() {
        return untruthful;
    }

    /** Lets every client end its transfer. */
    @Override
    public void close() {
        stop.set(true);
        workers.close();
    }
}
