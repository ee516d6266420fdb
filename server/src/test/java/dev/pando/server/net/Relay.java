package dev.pando.server.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP listener before a server: passes everything on, or accepts and says nothing, or holds cancel requests back, or cuts what is open. */
final class Relay implements AutoCloseable {
    private static final int CANCEL_REQUEST = 80877102;

    private final int target;
    private final ServerSocket listening;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger turns = new AtomicInteger();
    private volatile boolean answered = true;
    private volatile boolean silent;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    Relay(int target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** From now on new connections are accepted and never answered. */
    void silent(boolean on) {
        silent = on;
    }

    /** From now on cancel requests wait here for {@link #letCancels}. */
    void holdCancels() {
        gate = new CountDownLatch(1);
    }

    void letCancels() {
        gate.countDown();
    }

    /** How many cancel requests have come to wait. */
    int held() {
        return held.get();
    }

    /** How often something was asked when all that was asked before had been answered, if there is one connection. */
    int turns() {
        return turns.get();
    }

    /** Ends all connections. */
    void cut() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                open.add(client);
                if (!silent) {
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                    open.add(server);
                    Thread.ofVirtual().start(() -> pass(client, server, true));
                    Thread.ofVirtual().start(() -> pass(server, client, false));
                }
            }
        } catch (IOException closed) {
            silent = true;
        }
    }

    private void pass(Socket from, Socket to, boolean requests) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] piece = new byte[1 << 16];
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                if (requests && count >= 8 && ByteBuffer.wrap(piece).getInt(4) == CANCEL_REQUEST) {
                    held.incrementAndGet();
                    gate.await();
                }
                if (requests && answered) {
                    turns.incrementAndGet();
                }
                answered = !requests;
                out.write(piece, 0, count);
            }
        } catch (IOException | InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        letCancels();
        cut();
    }
}
