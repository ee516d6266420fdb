package dev.pando.server.net;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket that came from another process. */
record Inherited(int descriptor) {
    private static final Logger LOG = LoggerFactory.getLogger(Inherited.class);

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

    void close() {
        try {
            new Socket(descriptor).close();
        } catch (IOException e) {
            LOG.warn("an inherited socket did not close: {}", e.getMessage());
        }
    }
}
