package dev.pando.lab;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs blocking work side by side on virtual threads. */
final class Tasks {
    private Tasks() {}

    /** A piece of blocking work. */
    interface Work<T> {
        void on(T item) throws Exception;
    }

    /** Does {@code work} on all items at once, waits for all of them, and throws the first failure with the others suppressed. */
    static <T> void onEach(Collection<T> items, Work<T> work) throws Exception {
        List<Future<?>> futures = new ArrayList<>();
        Exception failure = null;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (T item : items) {
                futures.add(threads.submit(() -> {
                    work.on(item);
                    return item;
                }));
            }
            for (Future<?> future : futures) {
                try {
                    future.get();
                } catch (ExecutionException e) {
                    Exception cause = e.getCause() instanceof Exception exception ? exception : e;
                    if (failure == null) {
                        failure = cause;
                    } else {
                        failure.addSuppressed(cause);
                    }
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
