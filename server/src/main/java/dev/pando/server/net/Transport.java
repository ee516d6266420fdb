package dev.pando.server.net;

import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.Tuning;
import dev.pando.core.topology.Address;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Event loops and socket types: epoll where the system has it, NIO elsewhere. One loop per core, each with its own server connections. */
final class Transport implements AutoCloseable {
    /** Of a unix socket. */
    static final int BACKLOG = 4096;
    /** Above the high mark a peer counts as slow and its source is not read. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private final boolean epoll = Epoll.isAvailable();
    private final EventLoopGroup acceptor;
    private final EventLoopGroup loops;
    private final ExecutorService handshakes;
    private final int size;
    private final LiveConfig live;

    Transport(int size, LiveConfig live) {
        this.live = live;
        this.size = size;
        this.acceptor = group(1, "pando-accept");
        this.loops = group(size, "pando-loop");
        this.handshakes = Executors.newFixedThreadPool(
                Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                new DefaultThreadFactory("pando-tls", true));
    }

    private EventLoopGroup group(int threads, String name) {
        return new MultiThreadIoEventLoopGroup(
                threads,
                new DefaultThreadFactory(name, true),
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    List<EventLoop> loops() {
        List<EventLoop> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            all.add(loops.next());
        }
        return all;
    }

    /** Whether this system has epoll, and with it unix sockets. */
    static boolean available() {
        return Epoll.isAvailable();
    }

    /** Whether there are unix sockets, and sockets that one process hands to another. */
    boolean epoll() {
        return epoll;
    }

    private ServerBootstrap accepting(ChannelHandler clients) {
        return new ServerBootstrap()
                .group(acceptor, loops)
                .handler(new AcceptLead())
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(clients);
    }

    private ServerBootstrap acceptingTcp(ChannelHandler clients) {
        return accepting(clients).childOption(ChannelOption.TCP_NODELAY, true);
    }

    /** A new listening socket; {@code clients} is put into the pipeline of each that comes in. */
    ChannelFuture listen(InetSocketAddress address, boolean reusePort, ChannelHandler clients) {
        ServerBootstrap bootstrap = acceptingTcp(clients)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, live.now().network().backlog())
                .option(ChannelOption.SO_REUSEADDR, true);
        if (reusePort && epoll) {
            bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
        }
        return bootstrap.bind(address);
    }

    /** A socket that listens already, on TCP. */
    ChannelFuture adopt(int descriptor, ChannelHandler clients) {
        return acceptingTcp(clients)
                .channelFactory(() -> new EpollServerSocketChannel(descriptor))
                .register();
    }

    /** A unix socket that listens already. Netty takes it for somebody else's, and so does not remove its file. */
    ChannelFuture adoptUnix(int descriptor, ChannelHandler clients) {
        return accepting(clients)
                .channelFactory(() -> new EpollServerDomainSocketChannel(descriptor, true))
                .register();
    }

    /** Connects to a server, over a unix socket where the host is a folder, as libpq does. */
    ChannelFuture connect(EventLoop loop, Address server, Duration timeout, ChannelHandler handlers) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(handlers);
        if (server.local() && epoll) {
            return bootstrap
                    .channel(EpollDomainSocketChannel.class)
                    .connect(UnixSocket.address(server.host(), server.port()));
        }
        bootstrap
                .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true);
        liveness().forEach((option, value) -> set(bootstrap, option, value));
        return bootstrap.connect(server.host(), server.port());
    }

    @SuppressWarnings("unchecked") // options and values are put together in liveness()
    private static <T> void set(Bootstrap bootstrap, ChannelOption<T> option, Object value) {
        bootstrap.option(option, (T) value);
    }

    /** Sets up a client's socket as the configuration in force says. */
    void accepted(Channel channel) {
        liveness().forEach((option, value) -> set(channel, option, value));
    }

    @SuppressWarnings("unchecked") // as above
    private static <T> void set(Channel channel, ChannelOption<T> option, Object value) {
        channel.config().setOption(option, (T) value);
    }

    /** How a dead peer is found out. All but the switch itself exists with epoll only. */
    private Map<ChannelOption<?>, Object> liveness() {
        Tuning.Network network = live.now().network();
        Map<ChannelOption<?>, Object> options = new LinkedHashMap<>();
        options.put(ChannelOption.SO_KEEPALIVE, network.keepalive());
        if (epoll) {
            seconds(options, EpollChannelOption.TCP_KEEPIDLE, network.keepaliveIdle());
            seconds(options, EpollChannelOption.TCP_KEEPINTVL, network.keepaliveInterval());
            if (network.keepaliveCount() > 0) {
                options.put(EpollChannelOption.TCP_KEEPCNT, network.keepaliveCount());
            }
            if (!network.userTimeout().isZero()) {
                options.put(EpollChannelOption.TCP_USER_TIMEOUT, (int)
                        network.userTimeout().toMillis());
            }
        }
        return options;
    }

    /** The system counts whole seconds; less than one is one. */
    private static void seconds(Map<ChannelOption<?>, Object> options, ChannelOption<Integer> option, Duration time) {
        if (!time.isZero()) {
            options.put(option, (int) Math.max(1, time.toSeconds()));
        }
    }

    /**
     * Runs a step of a client's TLS handshake. It takes a millisecond or more, and whoever connects may ask for it: on the loops, those
     * who have logged in would wait for all of them. In order, on half of the cores; those who have gone meanwhile are passed over.
     */
    void shakeHands(Channel client, Runnable step) {
        handshakes.execute(() -> {
            if (client.isActive()) {
                step.run();
            }
        });
    }

    @Override
    public void close() {
        Future<?> accepting = acceptor.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        accepting.awaitUninterruptibly(5, TimeUnit.SECONDS);
        handshakes.shutdownNow();
    }
}
