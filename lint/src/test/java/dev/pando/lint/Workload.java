package dev.pando.lint;

import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * Reads and writes of a table, all the time. Each session has {@code lock_timeout = 100ms}, so the server itself tells of every statement
 * that waited longer for a lock: it fails with 55P03.
 */
final class Workload implements AutoCloseable {
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** Enough for a statement to meet what a step has left. */
    private static final int TURNS = 5;

    private final List<Thread> threads = new ArrayList<>();
    /** Statements that a session has done and {@link #awaitTurns} has not counted. */
    private final List<Semaphore> turns = new ArrayList<>();

    private final Queue<String> victims = new ConcurrentLinkedQueue<>();
    private final Queue<SQLException> problems = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

    Workload(TemporaryServer server, String database, List<String> statements) throws SQLException {
        for (String sql : statements) {
            Connection connection = server.connect(database);
            Bench.execute(connection, "SET lock_timeout = '100ms'");
            Semaphore done = new Semaphore(0);
            turns.add(done);
            threads.add(Thread.ofPlatform().name("workload").start(() -> run(connection, sql, done)));
        }
    }

    private void run(Connection connection, String sql, Semaphore done) {
        try (connection;
                Statement statement = connection.createStatement()) {
            while (!ended) {
                once(statement, sql);
                done.release();
            }
        } catch (SQLException e) {
            problems.add(e);
            done.release(TURNS); // nobody waits for what comes no more
        }
    }

    private void once(Statement statement, String sql) throws SQLException {
        try {
            statement.execute(sql);
        } catch (SQLException e) {
            if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw e;
            }
            victims.add(sql + ": " + e.getMessage());
        }
    }

    /** Returns when each session has had its turns, or one has failed. */
    void awaitTurns() throws InterruptedException {
        for (Semaphore done : turns) {
            if (!problems.isEmpty()) {
                return;
            }
            done.drainPermits();
            done.acquire(TURNS);
        }
    }

    /** Ends the sessions; what waited over 100 ms for a lock. */
    List<String> victims() throws SQLException, InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join();
        }
        if (!problems.isEmpty()) {
            throw problems.element();
        }
        return List.copyOf(victims);
    }

    @Override
    public void close() {
        ended = true;
    }
}
