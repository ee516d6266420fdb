package dev.pando.server.net;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket that came from another process. */
record Inherited(int descriptor) {
    private static final int FIRST_OF_SYSTEMD = 3;
    private static final Logger LOG = LoggerFactory.getLogger(Inherited.class);

    /**
     * Those systemd has opened for this process (sd_listen_fds(3)): as many as LISTEN_FDS says, from descriptor 3 on, if LISTEN_PID is this
     * process. They must not block, {@code NonBlocking=true} in the service.
     */
    static List<Inherited> fromSystem() {
        String count = System.getenv("LISTEN_FDS");
        String pid = System.getenv("LISTEN_PID");
        boolean ours = count != null
                && count.matches("[0-9]{1,3}")
                && Long.toString(ProcessHandle.current().pid()).equals(pid);
        return ours && Transport.available()
                ? IntStream.range(0, Integer.parseInt(count))
                        .mapToObj(number -> new Inherited(FIRST_OF_SYSTEMD + number))
                        .toList()
                : List.of();
    }

    /** The one that listens on this address, or on any port of it when the port is 0; it is no longer in the list then. */
    static @Nullable Inherited take(List<Inherited> all, InetSocketAddress wanted) {
        return take(all, socket -> {
            InetSocketAddress local = socket.localAddress();
            return local != null
                    && local.getAddress().equals(wanted.getAddress())
                    && (wanted.getPort() == 0 || wanted.getPort() == local.getPort());
        });
    }

    static @Nullable Inherited takeUnix(List<Inherited> all, DomainSocketAddress wanted) {
        return take(all, socket -> {
            DomainSocketAddress local = socket.localDomainSocketAddress();
            return local != null && local.path().equals(wanted.path());
        });
    }

    private static @Nullable Inherited take(List<Inherited> all, Predicate<Socket> fits) {
        for (Iterator<Inherited> each = all.iterator(); each.hasNext(); ) {
            Inherited candidate = each.next();
            if (fits.test(new Socket(candidate.descriptor()))) {
                each.remove();
                return candidate;
            }
        }
        return null;
    }

    /** Where it listens. */
    @Override
    public String toString() {
        Socket socket = new Socket(descriptor);
        InetSocketAddress address = socket.localAddress();
        return String.valueOf(address == null ? socket.localDomainSocketAddress() : address);
    }

    void close() {
        try {
            new Socket(descriptor).close();
        } catch (IOException e) {
            LOG.warn("an inherited socket did not close: {}", e.getMessage());
        }
    }
}
