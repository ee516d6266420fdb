package dev.pando.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Ends sessions of a guarded server from outside. A statement of others may swallow its own cancellation, so {@code statement_timeout} and
 * cancel requests do not bind it, and it may fill the disk. Each session has a time in which the server has to answer; a thread looks at all
 * of them. The process of one that is overdue gets SIGTERM, which no SQL can catch, straight from here: another connection could be kept
 * from logging in by what the SQL has done. If that does not help within some seconds the server is stopped, for it is Pando's own.
 *
 * <p>May be used by several threads.
 */
final class SessionLimits implements AutoCloseable {
    private static final Map<String, SessionLimits> ALL = new ConcurrentHashMap<>();
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int LOOKS_PER_DISK = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long FREE_BYTES = 1L << 30;

    private final String key = UUID.randomUUID().toString();
    private final Set<LimitedSocket> sockets = ConcurrentHashMap.newKeySet();
    private final AnswerSpace answers = new AnswerSpace();
    private final Path folder;
    private final long leastFree;
    private final ServerProcess process;
    private final long postmaster;
    private volatile Duration usual;
    private volatile boolean closed;
    private volatile @Nullable String stopped;

    SessionLimits(Path folder, ServerProcess process, long postmaster, Duration usual) {
        this.folder = folder;
        this.process = process;
        this.postmaster = postmaster;
        this.usual = usual;
        this.leastFree = Math.min(FREE_BYTES, free() / 2);
        ALL.put(key, this);
        Thread.ofPlatform().daemon().name("pando-session-limits").start(this::watch);
    }

    static SessionLimits of(String key) {
        SessionLimits limits = ALL.get(key);
        if (limits == null) {
            throw new IllegalStateException("the server is closed");
        }
        return limits;
    }

    /** Parameters of the driver for sessions that have these limits; it must not begin with anything but the protocol's messages. */
    String parameters() {
        return "&sslmode=disable&gssEncMode=disable&socketFactory=" + LimitedSockets.class.getName()
                + "&socketFactoryArg=" + key;
    }

    LimitedSocket open() {
        var socket = new LimitedSocket(this, answers.new Share(), usual);
        sockets.add(socket);
        return socket;
    }

    void closed(LimitedSocket socket) {
        sockets.remove(socket);
    }

    /** How long sessions opened from now on may wait for an answer. */
    void usual(Duration limit) {
        usual = limit;
    }

    /** Why the server was stopped, null if it was not. */
    @Nullable
    String stopped() {
        return stopped;
    }

    LimitedSocket socket(Connection connection) throws SQLException {
        return find(connection).orElseThrow(() -> new SQLException("This connection has been closed.", "08003"));
    }

    /** None of one that is closed. */
    Optional<LimitedSocket> find(Connection connection) throws SQLException {
        int pid = connection.unwrap(PGConnection.class).getBackendPID();
        return sockets.stream().filter(socket -> socket.pid() == pid).findFirst();
    }

    private void watch() {
        int looks = 0;
        while (!closed) {
            long now = System.nanoTime();
            for (LimitedSocket socket : sockets) {
                if (socket.ending() != null) {
                    insist(socket, now);
                } else if (socket.endsIfOverdue(
                        now,
                        "it ran for more than " + words(socket.limit()) + " and did not let itself be cancelled")) {
                    terminate(socket);
                }
            }
            if (++looks % LOOKS_PER_DISK == 0) {
                watchDisk();
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private static String words(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }

    private void watchDisk() {
        long free = free();
        if (free >= leastFree) {
            return;
        }
        String reason = String.format(
                Locale.ROOT,
                "the disk is nearly full: %,d MB are left for %s, and %,d MB stay free",
                free >> 20,
                folder.getParent(),
                leastFree >> 20);
        for (LimitedSocket socket : sockets) {
            if (socket.waits() && socket.ending() == null) {
                end(socket, reason);
            }
        }
    }

    private long free() {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            // Where no mount has an entry this still tells; 0 is of a folder that is being removed.
            long usable = folder.toFile().getUsableSpace();
            return usable == 0 ? Long.MAX_VALUE : usable;
        }
    }

    /** Ends the session without waiting for that; what is being ended already goes on so. */
    synchronized void end(LimitedSocket socket, String reason) {
        if (socket.ending() != null) {
            return;
        }
        socket.ending(reason, System.nanoTime());
        terminate(socket);
    }

    private void terminate(LimitedSocket socket) {
        if (socket.pid() == 0) {
            close(socket); // nobody has logged in, or it is a cancel request
            return;
        }
        backend(socket).ifPresent(ProcessHandle::destroy);
    }

    private Optional<ProcessHandle> backend(LimitedSocket socket) {
        return ProcessHandle.of(socket.pid())
                .filter(process -> process.parent().map(ProcessHandle::pid).orElse(0L) == postmaster);
    }

    private void insist(LimitedSocket socket, long now) {
        if (socket.endingFor(now).compareTo(PATIENCE) <= 0) {
            return;
        }
        if (backend(socket).isEmpty()) {
            close(socket); // it has ended, and its owner has not looked yet
        } else {
            stopped = socket.ending();
            process.signal(ServerProcess.Stop.IMMEDIATE);
            close(socket);
        }
    }

    private void close(LimitedSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            sockets.remove(socket); // nothing more can be done to it, and the others need this thread
        }
    }

    @Override
    public void close() {
        closed = true;
        ALL.remove(key);
    }
}
