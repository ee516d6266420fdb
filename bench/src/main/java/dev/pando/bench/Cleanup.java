package dev.pando.bench;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;

/**
 * What has to be undone, last first: when this is closed, or when the JVM is asked to end (Ctrl-C). Each is undone once. May be used by
 * several threads; whatever is added after the end has come is undone at once.
 */
final class Cleanup implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Thread hook = new Thread(this::undo, "bench-cleanup");
    private boolean ended;

    Cleanup() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    synchronized <T extends AutoCloseable> T add(T resource) {
        open.push(resource);
        if (ended) {
            undo();
        }
        return resource;
    }

    /** A new folder; it goes with all that is in it. */
    Path folder(String permissions) throws IOException {
        Path folder = Files.createTempDirectory("pando-bench-");
        add(() -> delete(folder));
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** One that fails does not keep the others; the first failure is told at the end. */
    private synchronized void undo() {
        ended = true;
        Exception first = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw PandoException.causedBy(first, PandoError.BUG, "bench left something behind: " + first);
        }
    }

    @Override
    public void close() {
        undo();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            return; // the hook finds nothing left to do
        }
    }
}
