package dev.pando.rehearse;

import dev.pando.lab.Messages;
import dev.pando.lint.Rights;
import dev.pando.lint.read.Migration;
import dev.pando.lint.read.Statement;
import dev.pando.lint.read.Transaction.Origin;
import dev.pando.rehearse.watch.Failure;
import dev.pando.rehearse.watch.Watcher;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** Runs migrations as their tools do, up to the first statement that fails. Belongs to one thread, but for {@link #step} and {@link #cancel}. */
final class MigrationRun {
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    /** invalid_transaction_termination */
    private static final String OPEN = "2D000";

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Connection connection;
    private final Rights rights;
    private final long begun;
    private final int attempts;
    private final List<Ran> ran = new ArrayList<>();
    private final AtomicInteger step = new AtomicInteger(-1);
    private volatile boolean cancelled;

    /**
     * A statement that ran; times in nanoseconds since the traffic began.
     *
     * @param attempts how many times it was tried
     */
    record Ran(
            Migration migration,
            Statement statement,
            long began,
            long ended,
            int attempts,
            @Nullable Failure failure) {}

    /** @param attempts how often a statement that is its own transaction is tried when it gets no lock in its time */
    MigrationRun(Connection connection, Rights rights, long begun, int attempts) {
        this.connection = connection;
        this.rights = rights;
        this.begun = begun;
        this.attempts = attempts;
    }

    /** Number of the statement that runs, in the order of {@link #run}; -1 before the first. */
    int step() {
        return step.get();
    }

    List<Ran> run(List<Migration> migrations, Watcher watcher) throws SQLException {
        for (Migration migration : migrations) {
            int open = -1;
            for (Statement statement : migration.statements()) {
                int id = statement.transaction().id();
                boolean tools = statement.transaction().origin() == Origin.TOOL;
                if (open >= 0 && id != open) {
                    open = -1;
                    if (!committed()) {
                        return ran;
                    }
                }
                step.incrementAndGet();
                if (tools && open < 0) {
                    execute("BEGIN");
                    open = id;
                }
                Ran done = run(migration, statement);
                watcher.look();
                ran.add(done);
                if (done.failure() != null) {
                    if (!connection.isClosed()) {
                        execute("ROLLBACK");
                    }
                    return ran;
                }
            }
            if ((open >= 0 && !committed()) || !ended()) {
                return ran;
            }
        }
        return ran;
    }

    /** A transaction that nobody committed ends with its tool's connection; otherwise its locks would stay. */
    private boolean ended() throws SQLException {
        if (connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.IDLE) {
            return true;
        }
        execute("ROLLBACK");
        failed(new Failure(OPEN, "the file ends and its transaction was not committed: it is rolled back", "COMMIT"));
        return false;
    }

    /** What a COMMIT is refused for, such as a deferred constraint, is the last statement's failure. */
    private boolean committed() {
        Failure failure = attempt("COMMIT");
        if (failure != null) {
            failed(failure);
        }
        return failure == null;
    }

    private void failed(Failure failure) {
        Ran last = ran.removeLast();
        ran.add(new Ran(last.migration(), last.statement(), last.began(), now(), last.attempts(), failure));
    }

    private Ran run(Migration migration, Statement statement) {
        long began = now();
        for (int attempt = 1; ; attempt++) {
            Failure failure = attempt(statement.sql());
            boolean again = failure != null
                    && failure.sqlState().equals(LOCK_NOT_AVAILABLE)
                    && !statement.transaction().block()
                    && attempt < attempts
                    && !cancelled;
            if (!again) {
                return new Ran(migration, statement, began, now(), attempt, failure);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private @Nullable Failure attempt(String sql) {
        try {
            execute(sql);
            return null;
        } catch (SQLException e) {
            return new Failure(String.valueOf(e.getSQLState()), Messages.of(e), sql);
        }
    }

    private void execute(String sql) throws SQLException {
        rights.run(connection, sql);
    }

    /** Ends what runs. */
    void cancel() throws SQLException {
        cancelled = true;
        connection.unwrap(PGConnection.class).cancelQuery();
    }

    private long now() {
        return System.nanoTime() - begun;
    }
}
