package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.PandoConfig;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening sockets of this process: opened, or inherited from the one before. Safe for use by several threads; opening and closing takes
 * up to seconds, so an event loop may ask for no more than {@link #port} and {@link #descriptors}, which wait for nobody.
 */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Transport transport;
    private final PandoConfig.Listen config;
    private final ChannelHandler clients;
    private final List<Channel> open = new CopyOnWriteArrayList<>();
    private volatile int port;
    /** Of the unix socket, as long as the process it was inherited from may have to go on with it. */
    private byte @Nullable [] lockBefore;

    private Listeners(Transport transport, PandoConfig.Listen config, ChannelHandler clients) {
        this.transport = transport;
        this.config = config;
        this.clients = clients;
        this.port = config.port();
    }

    /**
     * Listens where the configuration says, on those of the inherited sockets that fit and on new ones; the other inherited ones are closed.
     * Throws PORT_TAKEN, having closed all.
     */
    static Listeners open(
            Transport transport, PandoConfig.Listen config, ChannelHandler clients, List<Inherited> inherited) {
        Listeners listeners = new Listeners(transport, config, clients);
        List<Inherited> left = new ArrayList<>(inherited);
        try {
            listeners.listen(left);
            return listeners;
        } catch (PandoException e) {
            listeners.close();
            throw e;
        } finally {
            left.forEach(socket -> {
                LOG.warn(
                        "a socket handed over listens where listen.host and listen.port do not say: {}; it is closed",
                        socket);
                socket.close();
            });
        }
    }

    private void tcp(String host, List<Inherited> inherited) {
        InetSocketAddress address = host.equals("*") ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
        Inherited fitting = Inherited.take(inherited, address);
        ChannelFuture bound = fitting == null
                ? transport.listen(address, config.sockets().reusePort(), clients)
                : transport.adopt(fitting.descriptor(), clients);
        if (!bound.awaitUninterruptibly().isSuccess()) {
            throw taken(host, bound.cause());
        }
        open.add(bound.channel());
        // Where any free port will do, all addresses have the same.
        port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
    }

    private void unix(String folder, List<Inherited> inherited) {
        if (!transport.epoll()) {
            throw new PandoException(
                    PandoError.CONFIG_INVALID, "listen.unix_socket_dir: unix sockets are there on Linux only");
        }
        UnixSocket.check(folder, port);
        try {
            Inherited fitting = Inherited.takeUnix(inherited, UnixSocket.address(folder, port));
            int descriptor;
            if (fitting == null) {
                PandoConfig.Sockets sockets = config.sockets();
                descriptor = UnixSocket.listen(folder, port, sockets.mode(), sockets.group());
            } else {
                lockBefore = UnixSocket.inherit(folder, port);
                descriptor = fitting.descriptor();
            }
            ChannelFuture adopted = transport.adoptUnix(descriptor, clients).awaitUninterruptibly();
            if (!adopted.isSuccess()) {
                throw taken(folder, adopted.cause());
            }
            open.add(adopted.channel());
        } catch (IOException e) {
            throw taken(folder, e);
        }
    }

    private PandoException taken(String where, Throwable cause) {
        LOG.debug("cannot listen on {}", where, cause);
        return PandoException.causedBy(cause, PandoError.PORT_TAKEN, port, where, "--port or listen.port");
    }

    int port() {
        return port;
    }

    /** Listens again where it did before {@link #close}. The process that did meanwhile may be ending: waits for that. Throws PORT_TAKEN. */
    synchronized void reopen() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                listen(List.of());
                return;
            } catch (PandoException taken) {
                close();
                if (System.nanoTime() - deadline > 0) {
                    throw taken;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void listen(List<Inherited> inherited) {
        config.hosts().forEach(host -> tcp(host, inherited));
        String folder = config.sockets().folder();
        if (folder != null) {
            unix(folder, inherited);
        }
    }

    /** To be handed to the next process, in the order they were opened. */
    List<Integer> descriptors() {
        return open.stream()
                .map(channel -> ((UnixChannel) channel).fd().intValue())
                .toList();
    }

    /** The process before this one has stopped listening. */
    synchronized void own() {
        lockBefore = null;
    }

    /** Nobody comes in here from now on. What waits in the queue of a socket that another process has too is served there. */
    synchronized void close() {
        // Who asks for descriptors must not be given those of closed sockets.
        List<Channel> closing = List.copyOf(open);
        open.clear();
        closing.forEach(channel -> channel.close().awaitUninterruptibly(1, TimeUnit.SECONDS));
        String folder = config.sockets().folder();
        if (folder != null) {
            try {
                if (lockBefore == null) {
                    UnixSocket.remove(folder, port);
                } else {
                    UnixSocket.giveBack(folder, port, lockBefore);
                }
            } catch (IOException e) {
                LOG.warn("the unix socket in {} is left behind: {}", folder, e.getMessage());
            }
        }
    }
}
