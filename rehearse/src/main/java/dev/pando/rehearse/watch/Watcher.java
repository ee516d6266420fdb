package dev.pando.rehearse.watch;

import dev.pando.lab.oracle.LockMode;
import dev.pando.rehearse.watch.Sample.Held;
import dev.pando.rehearse.watch.Sample.Waiter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server every few milliseconds who waits for whom. {@link #look} may be called by other threads as well: a statement that has just
 * ended is seen with all its locks then.
 */
public final class Watcher implements AutoCloseable {
    public static final Duration INTERVAL = Duration.ofMillis(10);

    private static final String LOCKS = """
            SELECT pid, coalesce(relation, 0)::int8, locktype, mode, granted,
              (extract(epoch FROM waitstart) * 1000000)::int8, (extract(epoch FROM clock_timestamp() - waitstart) * 1000000)::int8,
              CASE WHEN NOT granted THEN pg_blocking_pids(pid) END
            FROM pg_locks WHERE NOT granted AND waitstart IS NOT NULL OR granted AND locktype = 'tuple' OR pid = ? AND locktype = 'relation'
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""";
    private static final String NAMES = """
            SELECT c.oid::int8, coalesce(i.indrelid, c.oid)::regclass::text FROM pg_class c
            LEFT JOIN pg_index i ON i.indexrelid = c.oid WHERE c.oid >= 16384 AND c.relnamespace <> 'pg_toast'::regnamespace""";

    private final Connection connection;
    private final int migration;
    private final IntSupplier step;
    private final IntFunction<String> tableOf;
    private final long begun;
    private final Waits waits;
    private final Map<Long, String> names = new HashMap<>();
    private final PreparedStatement locks;
    private final Thread thread;
    private volatile boolean ending;
    private long last;
    private long longestGap;
    private @Nullable SQLException failure;

    /**
     * Begins to watch.
     *
     * @param step number of the migration's statement that runs
     * @param tableOf the table that a client's process uses just now, empty when nobody knows
     * @param begun {@code System.nanoTime()} when the traffic began
     */
    public Watcher(Connection connection, int migration, IntSupplier step, IntFunction<String> tableOf, long begun)
            throws SQLException {
        this.connection = connection;
        this.migration = migration;
        this.step = step;
        this.tableOf = tableOf;
        this.begun = begun;
        this.waits = new Waits(migration);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = ''"); // so that names are qualified
        }
        this.locks = connection.prepareStatement(LOCKS);
        readNames();
        this.last = System.nanoTime();
        this.thread = Thread.ofPlatform().name("pando-watcher").daemon().start(this::watch);
    }

    private void watch() {
        while (!ending) {
            try {
                look();
            } catch (SQLException e) {
                failed(e);
                return;
            }
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
    }

    private synchronized void failed(SQLException e) {
        failure = e;
    }

    /** Takes a sample now. */
    public synchronized void look() throws SQLException {
        List<Waiter> waiters = new ArrayList<>();
        List<Held> held = new ArrayList<>();
        Map<Integer, String> rowsOf = new HashMap<>();
        locks.setInt(1, migration);
        try (ResultSet rows = locks.executeQuery()) {
            while (rows.next()) {
                read(rows, waiters, held, rowsOf);
            }
        }
        // Locks that are new belong to the statement that runs now: whatever the one before took was seen when it
        // ended.
        int now = step.getAsInt();
        long at = System.nanoTime();
        longestGap = Math.max(longestGap, at - last);
        last = at;
        waits.add(new Sample(
                at - begun,
                now,
                waiters.stream().map(waiter -> placed(waiter, rowsOf)).toList(),
                held));
    }

    /** Who waits for a row's last writer has a lock of that row, which tells the table; otherwise what it does may. */
    private Waiter placed(Waiter waiter, Map<Integer, String> rowsOf) {
        if (!waiter.relation().isEmpty()) {
            return waiter;
        }
        String known = rowsOf.get(waiter.pid());
        return waiter.on(known == null ? tableOf.apply(waiter.pid()) : known);
    }

    private void read(ResultSet rows, List<Waiter> waiters, List<Held> held, Map<Integer, String> rowsOf)
            throws SQLException {
        int pid = rows.getInt(1);
        long relation = rows.getLong(2);
        boolean ofTable = rows.getString(3).equals("relation");
        LockMode mode = ofTable ? LockMode.ofServerName(rows.getString(4)) : null;
        String name = relation == 0 ? "" : name(relation);
        if (mode != null && pid == migration && !name.isEmpty()) {
            held.add(new Held(name, mode));
        }
        if (!rows.getBoolean(5)) {
            List<Integer> blockers = List.of((Integer[]) rows.getArray(8).getArray());
            waiters.add(new Waiter(pid, name, mode, rows.getLong(6), rows.getLong(7), blockers));
        } else if (mode == null) {
            rowsOf.put(pid, name);
        }
    }

    /** Names as they were when they were first asked for: victims use those. */
    private String name(long relation) throws SQLException {
        if (!names.containsKey(relation)) {
            readNames();
        }
        return names.computeIfAbsent(relation, oid -> "");
    }

    private void readNames() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(NAMES)) {
            while (rows.next()) {
                names.putIfAbsent(rows.getLong(1), rows.getString(2));
            }
        }
    }

    /** Ends watching; what was seen is complete then. */
    public Waits end() throws SQLException, InterruptedException {
        ending = true;
        thread.join();
        synchronized (this) {
            if (failure != null) {
                throw failure;
            }
            return waits;
        }
    }

    /** Between two looks, in nanoseconds: shorter waits may not have been seen. */
    public synchronized long longestGap() {
        return longestGap;
    }

    @Override
    public void close() throws SQLException {
        ending = true;
        connection.close();
    }
}
