package dev.pando.lab.oracle;

import dev.pando.lab.Messages;
import dev.pando.lab.TemporaryServer;
import dev.pando.lab.oracle.SchemaState.Counters;
import dev.pando.lab.oracle.SchemaState.Edge;
import dev.pando.lab.oracle.SchemaState.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Watches one statement that makes transactions of its own (CREATE INDEX CONCURRENTLY, VACUUM, …). What it locks and waits for is seen
 * where it stands still, so other transactions make it stand still everywhere: a {@link Probe} on each table it may touch, and one that
 * holds nothing but a snapshot. Whatever stops it is noted and given back, until it ends. Nothing is sampled by time.
 */
final class PhasedRun {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final int MOST_PROBES = 24;
    private static final String NO_RIGHT = "42501";
    private static final Set<String> WITHOUT_TABLES = Set.of(
            "create database",
            "drop database",
            "alter database",
            "alter system",
            "create tablespace",
            "drop tablespace");

    private static final String LOCKS = """
            SELECT locktype, coalesce(relation, 0)::int8, mode, granted, coalesce(virtualxid, '') FROM pg_locks
            WHERE pid = ? AND mode <> 'SIReadLock' AND (locktype <> 'relation' OR database = (SELECT oid FROM pg_database WHERE datname = current_database()))""";

    private record Held(String type, long relation, String mode, boolean granted, String virtualTransaction) {}

    private final TemporaryServer server;
    private final String database;
    private final Map<Long, Set<LockMode>> modes = new HashMap<>();
    private final Set<Wait> waits = EnumSet.noneOf(Wait.class);
    private final List<Probe> probes = new ArrayList<>();
    private final Map<Long, Long> tables = new HashMap<>();

    PhasedRun(TemporaryServer server, String database) {
        this.server = server;
        this.database = database;
    }

    Observation watch(Connection session, String sql) throws SQLException {
        try (Connection observer = server.connectToMeasure(database)) {
            SchemaState before = SchemaState.read(observer, Counters.ALL);
            before.relations().values().forEach(row -> tables.put(row.oid(), row.table()));
            List<Row> watched = watched(sql, before, session);
            if (watched.size() > MOST_PROBES) {
                return Observation.unknown("it may touch " + watched.size() + " tables, more than can be watched");
            }
            Execution execution;
            try {
                execution = watch(session, sql, observer, watched);
            } catch (SQLException e) {
                if (!NO_RIGHT.equals(e.getSQLState())) {
                    throw e;
                }
                return Observation.unknown("a table that it may touch cannot be watched: " + Messages.of(e));
            } finally {
                close();
            }
            if (execution.error() != null) {
                return LockOracle.refusal(execution.error());
            }
            if (!execution.complete()) {
                return LockOracle.TOO_MANY_MESSAGES;
            }
            try (Statement statement = session.createStatement()) {
                statement.execute("SELECT pg_stat_force_next_flush()");
            }
            SchemaState after = SchemaState.read(observer, Counters.ALL);
            return new Facts(before, after, execution.messages())
                    .observation(sql, modes)
                    .inPhases(waits);
        }
    }

    private Execution watch(Connection session, String sql, Connection observer, List<Row> watched)
            throws SQLException {
        int pid = pid(session);
        for (Row table : watched) {
            probes.add(Probe.on(server.connectToMeasure(database), table));
        }
        Snapshot snapshot = new Snapshot(server.connectToMeasure(database));
        try {
            FutureTask<Execution> running = new FutureTask<>(() -> Execution.of(server, session, sql, LIMIT));
            Thread.ofVirtual().name("pando-oracle").start(running);
            while (!running.isDone()) {
                List<Held> held = held(observer, pid);
                Held wanted = held.stream()
                        .filter(lock -> !lock.granted())
                        .findFirst()
                        .orElse(null);
                if (wanted == null) {
                    LockSupport.parkNanos(PAUSE.toNanos());
                    continue;
                }
                held.forEach(this::note);
                snapshot = letPass(wanted, snapshot);
            }
            return running.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        } catch (ExecutionException e) {
            throw new SQLException("the watched statement's thread failed", e);
        } finally {
            snapshot.connection.close();
        }
    }

    private void note(Held lock) {
        if (lock.type().equals("relation")) {
            modes.computeIfAbsent(lock.relation(), oid -> EnumSet.noneOf(LockMode.class))
                    .add(LockMode.ofServerName(lock.mode()));
        }
    }

    /** Takes away what the statement waits for; a wait for nothing of ours ends with the statement's own time limit. */
    private Snapshot letPass(Held wanted, Snapshot snapshot) throws SQLException {
        if (wanted.type().equals("relation")) {
            weaken(wanted.relation());
            return snapshot;
        }
        if (snapshot.transaction.equals(wanted.virtualTransaction())) {
            waits.add(Wait.OLDER_SNAPSHOTS);
            Snapshot next = new Snapshot(server.connectToMeasure(database));
            snapshot.connection.close();
            return next;
        }
        for (int i = 0; i < probes.size(); i++) {
            Probe probe = probes.get(i);
            if (probe.isTransaction(wanted.virtualTransaction())) {
                waits.add(Wait.TRANSACTIONS_USING_TABLE);
                probes.set(i, Probe.on(server.connectToMeasure(database), probe.table()));
                probe.close();
            }
        }
        return snapshot;
    }

    /** The probe on the wanted table, or on the index's table, steps down; all do for an index that was not there before. */
    private void weaken(long relation) throws SQLException {
        boolean found = false;
        for (Probe probe : probes) {
            if (probe.table().oid() == relation || probe.table().oid() == tables.getOrDefault(relation, 0L)) {
                found = probe.weaken();
            }
        }
        if (!found) {
            for (Probe probe : probes) {
                probe.weaken();
            }
        }
    }

    private void close() throws SQLException {
        for (Probe probe : probes) {
            probe.close();
        }
        probes.clear();
    }

    /** A transaction that has a snapshot and nothing else. */
    private static final class Snapshot {
        final Connection connection;
        final String transaction;

        Snapshot(Connection connection) throws SQLException {
            this.connection = connection;
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            this.transaction = Probe.virtualTransaction(connection);
        }
    }

    private static int pid(Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static List<Held> held(Connection observer, int pid) throws SQLException {
        List<Held> held = new ArrayList<>();
        try (PreparedStatement statement = observer.prepareStatement(LOCKS)) {
            statement.setInt(1, pid);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    held.add(new Held(
                            rows.getString(1),
                            rows.getLong(2),
                            rows.getString(3),
                            rows.getBoolean(4),
                            rows.getString(5)));
                }
            }
        }
        return held;
    }

    /** The named tables and what belongs to them; all tables if none is named. */
    private static List<Row> watched(String sql, SchemaState state, Connection session) throws SQLException {
        if (WITHOUT_TABLES.contains(String.join(" ", Execution.words(sql, 2)))) {
            return List.of();
        }
        SchemaState own = SchemaState.read(session, Counters.ALL);
        Set<Long> oids = Mentions.of(sql, own).stream()
                .map(oid -> ofTable(state.relations().get(oid), oid))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        for (boolean grown = !oids.isEmpty(); grown; ) {
            Set<Long> near = new LinkedHashSet<>();
            for (Edge edge : state.edges()) {
                if (oids.contains(edge.from()) || oids.contains(edge.to())) {
                    near.add(edge.from());
                    near.add(edge.to());
                }
            }
            grown = oids.addAll(near) && oids.size() <= MOST_PROBES;
        }
        return state.relations().values().stream()
                .filter(row -> oids.isEmpty() || oids.contains(row.oid()))
                .filter(row -> row.kind().hasRows() || row.kind() == RelationKind.PARTITIONED_TABLE)
                .toList();
    }

    private static long ofTable(@Nullable Row row, long oid) {
        return row == null || row.table() == 0 ? oid : row.table();
    }
}
