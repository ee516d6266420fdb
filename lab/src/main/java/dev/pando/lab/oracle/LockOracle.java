package dev.pando.lab.oracle;

import dev.pando.base.sql.Quote;
import dev.pando.lab.Messages;
import dev.pando.lab.SessionEnded;
import dev.pando.lab.TemporaryServer;
import dev.pando.lab.oracle.SchemaState.Counters;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs statements in one database of a server that may be spoilt, and tells what they locked, rewrote, built and read. It runs whatever it is
 * given, as that server's {@code postgres}: statements of others belong on a guarded one. Belongs to one thread.
 *
 * <p>A statement that may stand in a transaction block is run in one of its own: locks are kept until its end and read there, files and
 * counters are compared before and after. One that may not is run by {@link PhasedRun}.
 */
public final class LockOracle implements AutoCloseable {
    /** A statement that runs longer is not known. */
    public static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Duration GRACE = Duration.ofSeconds(5);
    /** One with summer time: what costs nothing only in UTC is not taken for free. Statements and {@link #session} may set another. */
    private static final String ZONE = "Europe/Berlin";

    private static final String CONNECTION_LOST = "08";
    private static final String ENDLESS = "it did not end in time: ";
    /** They tell of the indexes that it builds. */
    static final Observation TOO_MANY_MESSAGES = Observation.unknown("it raises more messages than are kept");

    private static final AtomicInteger COPIES = new AtomicInteger();
    private static final Set<String> TRANSACTION_CONTROL =
            Set.of("begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release");
    private static final String OWN_LOCKS = """
            SELECT relation::int8, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'
            AND mode <> 'SIReadLock' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""";

    /** What gives another session the settings that this one has set; the values are in their settings' own units. */
    private static final String SESSION_SETTINGS = """
            SELECT coalesce(string_agg(format('SELECT set_config(%L, %L, false)', name, setting), '; '), '')
            FROM pg_settings WHERE source = 'session' AND name !~ '^transaction_'""";

    private final TemporaryServer server;
    private final String database;
    private final Duration limit;
    private Connection session;

    private LockOracle(TemporaryServer server, String database, Duration limit) throws SQLException {
        this.server = server;
        this.database = database;
        this.limit = limit;
        this.session = connect(database);
    }

    public static LockOracle open(TemporaryServer server, String database) throws SQLException {
        return open(server, database, LIMIT);
    }

    /** With another time {@code limit} for statements. */
    public static LockOracle open(TemporaryServer server, String database, Duration limit) throws SQLException {
        return new LockOracle(server, database, limit);
    }

    private Connection connect(String name) throws SQLException {
        Connection connection = server.connectToMeasure(name);
        execute(connection, "SET timezone = '" + ZONE + "'");
        return connection;
    }

    /** Its session, outside of a transaction, for what has to be there before; each statement may end it, and another one is opened. */
    public Connection session() throws SQLException {
        if (session.isClosed()) {
            session = connect(database);
        }
        return session;
    }

    /** What {@code sql} does; the database is as it was afterwards. */
    public Observation observe(String sql) throws SQLException {
        return run(sql, false);
    }

    /**
     * What {@code sql} does; if it succeeds the database keeps its effects, so that the next statement meets them. If it is unknown it may
     * have run or not.
     */
    public Observation apply(String sql) throws SQLException {
        return run(sql, true);
    }

    private Observation run(String sql, boolean keep) throws SQLException {
        if (controlsTransactions(sql)) {
            return Observation.unknown("it begins or ends a transaction");
        }
        session = session();
        Observation observation = inTransaction(sql, keep);
        if (observation != null) {
            return observation;
        }
        return keep ? inPhases(session, database, sql) : inPhasesOnCopy(sql);
    }

    /** From when on nobody waits any more for a statement that has been cancelled. */
    public static Duration outside(Duration limit) {
        return limit.plus(limit.compareTo(GRACE) < 0 ? limit : GRACE);
    }

    /** What COMMIT refuses, such as a row that a deferred constraint does not allow; null if all is kept. */
    private @Nullable SQLException committed() {
        try (var _ = server.limit(session, outside(limit))) {
            session.commit();
            return null;
        } catch (SQLException e) {
            return e;
        }
    }

    private static boolean controlsTransactions(String sql) {
        List<String> words = Execution.words(sql, 2);
        return !words.isEmpty()
                && (TRANSACTION_CONTROL.contains(words.getFirst())
                        || words.equals(List.of("set", "transaction"))
                        || words.equals(List.of("prepare", "transaction")));
    }

    /** Null if the statement may not stand in a transaction block. */
    private @Nullable Observation inTransaction(String sql, boolean keep) throws SQLException {
        session.setAutoCommit(false);
        boolean kept = false;
        try {
            execute(session, "SET LOCAL statement_timeout = " + limit.toMillis());
            execute(session, "SET LOCAL lock_timeout = " + limit.toMillis());
            execute(session, "SET LOCAL client_min_messages = debug1");
            SchemaState before = SchemaState.read(session, Counters.TRANSACTION);
            String transaction = Probe.virtualTransaction(session);
            Execution execution = Execution.of(server, session, sql, limit);
            SQLException error = execution.error();
            if (error != null) {
                return refusesTransaction(error) ? null : refusal(error);
            }
            if (!transaction.equals(Probe.virtualTransaction(session))) {
                return Observation.unknown("it ends the transaction it runs in");
            }
            if (!execution.complete()) {
                return TOO_MANY_MESSAGES;
            }
            Map<Long, Set<LockMode>> locks = ownLocks();
            SchemaState after = SchemaState.read(session, Counters.TRANSACTION);
            SQLException atCommit = keep ? committed() : null;
            if (atCommit != null) {
                return refusal(atCommit);
            }
            kept = keep;
            return new Facts(before, after, execution.messages()).observation(sql, locks);
        } finally {
            if (!session.isClosed()) {
                if (!kept) {
                    session.rollback();
                }
                session.setAutoCommit(true);
            }
        }
    }

    private static boolean refusesTransaction(SQLException error) {
        return "25001".equals(error.getSQLState())
                && String.valueOf(error.getMessage()).contains("cannot run inside a transaction block");
    }

    /** Whether the statement has used up its time, as it would again. */
    public static boolean endless(Observation seen) {
        return seen.outcome() instanceof Outcome.Unknown unknown
                && unknown.reason().startsWith(ENDLESS);
    }

    static Observation refusal(SQLException error) {
        String state = String.valueOf(error.getSQLState());
        String message = Messages.of(error);
        if (SessionEnded.reason(error) != null) {
            return Observation.unknown(ENDLESS + message);
        }
        if (state.startsWith(CONNECTION_LOST)) {
            return Observation.unknown("its session is lost: " + message);
        }
        return switch (state) {
            case "57014" -> Observation.unknown(ENDLESS + message);
            case "55P03" -> Observation.unknown("it waited for a lock: " + message);
            case "2D000" -> Observation.unknown("it ends the transaction it runs in");
            default -> Observation.failed(state, message);
        };
    }

    private Map<Long, Set<LockMode>> ownLocks() throws SQLException {
        Map<Long, Set<LockMode>> locks = new HashMap<>();
        try (Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery(OWN_LOCKS)) {
            while (rows.next()) {
                locks.computeIfAbsent(rows.getLong(1), oid -> EnumSet.noneOf(LockMode.class))
                        .add(LockMode.ofServerName(rows.getString(2)));
            }
        }
        return locks;
    }

    private Observation inPhases(Connection runner, String name, String sql) throws SQLException {
        List<String> changed = List.of("statement_timeout", "lock_timeout", "client_min_messages");
        Map<String, String> own = new HashMap<>();
        for (String setting : changed) {
            own.put(setting, one(runner, "SHOW " + setting));
        }
        execute(runner, "SET statement_timeout = 0; SET lock_timeout = 0; SET client_min_messages = debug1");
        Observation observation = new PhasedRun(server, name).watch(runner, sql);
        for (String setting : runner.isClosed() ? List.<String>of() : changed) {
            execute(runner, "SET " + setting + " = " + Quote.literal(String.valueOf(own.get(setting))));
        }
        return observation;
    }

    /** A template must have no sessions, so this oracle's own is closed and opened again. */
    private Observation inPhasesOnCopy(String sql) throws SQLException {
        String settings = one(session, SESSION_SETTINGS);
        String copy = "pando_oracle_" + COPIES.incrementAndGet();
        session.close();
        try (Connection admin = connect("postgres")) {
            execute(
                    admin,
                    "CREATE DATABASE " + Quote.identifier(copy) + " TEMPLATE " + Quote.identifier(database)
                            + " STRATEGY wal_log");
            try (Connection runner = connect(copy)) {
                execute(runner, settings);
                return inPhases(runner, copy, sql);
            } finally {
                execute(admin, "DROP DATABASE " + Quote.identifier(copy) + " WITH (FORCE)");
            }
        } finally {
            session = connect(database);
            execute(session, settings);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Override
    public void close() throws SQLException {
        session.close();
    }
}
