package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process before this one, which still serves clients of its own: gives its listening sockets, departs when asked to, and takes cancel
 * requests for its clients. Its connection stays open as long as both live, and with it come those to the processes before it, which it
 * may not outlive. {@link Handover} is the other side.
 */
public final class Predecessor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Predecessor.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LONGEST_SECRET = 255;
    private static final Duration LOOK = Duration.ofMillis(2);

    private final Socket socket;
    private final Path file;
    /** To it and to the processes before it that still serve clients. */
    private final List<Socket> connections = new ArrayList<>();

    private Predecessor(Socket socket, Path file) {
        this.socket = socket;
        this.connections.add(socket);
        this.file = file;
    }

    /** Null when nobody listens there. Throws when somebody else's process does. */
    public static @Nullable Predecessor at(Path file) {
        if (!Transport.available() || !Files.exists(file)) {
            return null;
        }
        Socket socket = Socket.newSocketDomain();
        try {
            Object owner = Files.getAttribute(file, "unix:uid");
            if (!owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
                throw new PandoException(PandoError.CONFIG_INVALID, "restart.socket: " + file + " is another user's");
            }
            if (socket.connect(new DomainSocketAddress(file.toString()))) {
                return new Predecessor(socket, file);
            }
            throw new IOException("it does not answer");
        } catch (IOException nobody) {
            LOG.info("nobody listens on {}: {}", file, nobody.getMessage());
            closed(socket);
            return null;
        }
    }

    /** Its listening sockets, on which both accept clients from now on. Blocks. */
    synchronized List<Inherited> sockets() {
        try {
            send(ByteBuffer.allocateDirect(1).put(Handover.SOCKETS).flip());
            List<Inherited> all = descriptors().stream().map(Inherited::new).toList();
            descriptors().forEach(descriptor -> connections.add(new Socket(descriptor)));
            return all;
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.TAKEOVER_FAILED, file, String.valueOf(e.getMessage()));
        }
    }

    /** Connections to this process and to those before it, for the one after. */
    synchronized List<Integer> connections() {
        return connections.stream().map(Socket::intValue).toList();
    }

    private List<Integer> descriptors() throws IOException {
        int count = read();
        List<Integer> all = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (all.size() < count) {
            int descriptor = socket.recvFd();
            if (descriptor > 0) {
                all.add(descriptor);
            } else {
                waitFor(deadline, descriptor == 0);
            }
        }
        return all;
    }

    /** Has it stop listening. Blocks until it has; one that ends meanwhile has, too, and its sockets are here. */
    void depart() {
        try {
            send(ByteBuffer.allocateDirect(1).put(Handover.DEPART).flip());
            read();
        } catch (HungUp | Errors.NativeIoException e) {
            LOG.warn("the process at {} has ended before it was asked to: {}", file, e.getMessage());
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.TAKEOVER_FAILED, file, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Told to all that are left; one of them may know it. Does not block: what a buffer has no room for is lost, as cancel requests may be.
     * Nor is there an answer to wait for: each connection is one that all processes after the other one have in common, so that of two that
     * read, one would have what was meant for the other.
     */
    synchronized void cancel(int id, byte[] secret) {
        if (secret.length > LONGEST_SECRET) {
            return;
        }
        ByteBuffer request = ByteBuffer.allocateDirect(6 + secret.length);
        request.put(Handover.CANCEL)
                .putInt(id)
                .put((byte) secret.length)
                .put(secret)
                .flip();
        connections.removeIf(connection -> !told(connection, request));
    }

    /** This process ends on purpose, and nobody follows it: those before it, which may live on for their clients, must not take its place. */
    synchronized void farewell() {
        ByteBuffer word = ByteBuffer.allocateDirect(1).put(Handover.FAREWELL).flip();
        connections.removeIf(connection -> !told(connection, word));
    }

    /** Whether one of the processes before this one still lives. */
    synchronized boolean alive() {
        ByteBuffer nothing = ByteBuffer.allocateDirect(1);
        connections.removeIf(connection -> over(connection, nothing));
        return !connections.isEmpty();
    }

    /** They say nothing that they are not asked for, so what can be read is the end. */
    private static boolean over(Socket connection, ByteBuffer nothing) {
        try {
            if (connection.read(nothing, 0, 1) == 0) {
                return false;
            }
        } catch (IOException e) {
            LOG.debug("a process before this one is gone", e);
        }
        closed(connection);
        return true;
    }

    private static boolean told(Socket connection, ByteBuffer request) {
        try {
            connection.write(request, 0, request.limit());
            return true;
        } catch (IOException e) {
            LOG.debug("a process before this one is gone", e);
            closed(connection);
            return false;
        }
    }

    private synchronized void send(ByteBuffer bytes) throws IOException {
        if (socket.write(bytes, 0, bytes.limit()) != bytes.limit()) {
            throw new IOException("it takes no request");
        }
    }

    private int read() throws IOException {
        ByteBuffer answer = ByteBuffer.allocateDirect(1);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            int read = read(answer);
            if (read == 1) {
                return answer.get(0);
            }
            waitFor(deadline, read == 0);
        }
    }

    /** Held for a look only, so that who has a cancel request does not wait with who waits for an answer. */
    private synchronized int read(ByteBuffer answer) throws IOException {
        if (!socket.isOpen()) {
            throw new HungUp();
        }
        return socket.read(answer, 0, 1);
    }

    private static void waitFor(long deadline, boolean open) throws IOException {
        if (!open) {
            throw new HungUp();
        }
        if (System.nanoTime() - deadline > 0) {
            throw new IOException("it does not answer");
        }
        LockSupport.parkNanos(LOOK.toNanos());
    }

    /** The other process is gone, or will have nothing to do with this one. */
    private static final class HungUp extends IOException {
        private static final long serialVersionUID = 1;

        HungUp() {
            super("it hung up");
        }
    }

    static void closed(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("it was closed already", e);
        }
    }

    @Override
    public synchronized void close() {
        connections.forEach(Predecessor::closed);
        connections.clear();
    }
}
