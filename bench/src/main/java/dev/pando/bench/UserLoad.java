package dev.pando.bench;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Streams users into an endpoint: a few connections, each taking one batch after another and sending it as one COPY. */
final class UserLoad {
    private static final String COPY = "COPY users (" + UserRows.COLUMNS + ") FROM STDIN";
    private static final int CHUNK_CHARS = 1 << 16;

    /** @param batch rows of one COPY, and so of one transaction */
    record Plan(PostgresUrl url, long users, int batch, int connections, long seed) {}

    interface Watcher {
        /** About ten times a second, on the thread that runs the load. */
        void loaded(long rows, Duration elapsed);
    }

    private final Plan plan;
    private final UserRows rows;
    private final AtomicLong nextBatch = new AtomicLong();
    private final AtomicBoolean failed = new AtomicBoolean();
    private final LongAdder sent = new LongAdder();
    private final LongAdder committed = new LongAdder();

    UserLoad(Plan plan) {
        this.plan = plan;
        this.rows = new UserRows(plan.seed());
    }

    /** Returns the time it took. Throws the first error of a connection after all have stopped. */
    Duration run(Watcher watcher) throws SQLException, InterruptedException {
        long began = System.nanoTime();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < plan.connections(); i++) {
                running.add(workers.submit(asTask()));
            }
            while (!running.stream().allMatch(Future::isDone)) {
                TimeUnit.MILLISECONDS.sleep(100);
                watcher.loaded(sent.sum(), Duration.ofNanos(System.nanoTime() - began));
            }
            for (Future<?> worker : running) {
                worker.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException sql) {
                throw sql;
            }
            throw new IllegalStateException(e.getCause());
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Rows in batches that the server has confirmed. */
    long committed() {
        return committed.sum();
    }

    private Callable<Void> asTask() {
        return () -> {
            try (Connection connection = plan.url().connect()) {
                copyBatches(connection);
                return null;
            } catch (SQLException e) {
                failed.set(true);
                throw e;
            }
        };
    }

    private void copyBatches(Connection connection) throws SQLException {
        StringBuilder chunk = new StringBuilder(CHUNK_CHARS + 256);
        while (!failed.get()) {
            long first = nextBatch.getAndIncrement() * plan.batch();
            if (first >= plan.users()) {
                return;
            }
            long end = Math.min(first + plan.batch(), plan.users());
            CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
            copyRows(copy, chunk, first, end);
            committed.add(copy.endCopy());
        }
    }

    private void copyRows(CopyIn copy, StringBuilder chunk, long first, long end) throws SQLException {
        long unsent = 0;
        for (long index = first; index < end; index++) {
            rows.append(chunk, index);
            unsent++;
            if (chunk.length() >= CHUNK_CHARS || index == end - 1) {
                byte[] bytes = chunk.toString().getBytes(StandardCharsets.UTF_8);
                copy.writeToCopy(bytes, 0, bytes.length);
                chunk.setLength(0);
                sent.add(unsent);
                unsent = 0;
            }
        }
    }
}
