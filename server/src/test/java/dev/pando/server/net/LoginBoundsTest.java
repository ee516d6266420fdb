package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pando.base.auth.BackendLogin;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What connections that have not logged in can cost. */
class LoginBoundsTest {
    @Test
    void whoHasNotLoggedInTakesNoPlaceFromWhoHas() throws Exception {
        try (Running pando = Running.before(1, "[listen]\nport = 0\nmax_clients = 2\nmax_logins = 9");
                WireClient silent = new WireClient(pando.port());
                WireClient alsoSilent = new WireClient(pando.port());
                WireClient first = new WireClient(pando.port());
                WireClient second = new WireClient(pando.port());
                WireClient third = new WireClient(pando.port());
                WireClient admin = new WireClient(pando.port())) {
            first.login();
            second.login();
            assertThatThrownBy(third::login)
                    .isInstanceOf(IOException.class)
                    .hasMessage("53300 sorry, too many clients already: 2 of 2 (PD2001)");
            admin.login("app", "pando");
            assertThat(pando.status()).startsWith("3 clients");
            first.hangUp();
            admin.hangUp();
            await().until(() -> pando.status().startsWith("1 client,"));
            silent.login();
            assertThatThrownBy(alsoSilent::login).isInstanceOf(IOException.class);
        }
    }

    @Test
    void silentConnectionsKeepNobodyOutForLong() throws Exception {
        // One loop, so that they are heard of in this order.
        String settings = "[listen]\nport = 0\nmax_logins = 3\n[pool]\nsize = 1\n[limits]\nlogin_timeout = \"5min\"";
        List<WireClient> silent = new ArrayList<>();
        try (Running pando = Running.before(1, settings)) {
            new WireClient(pando.port()).login().close();
            for (int i = 0; i < 3; i++) {
                silent.add(new WireClient(pando.port()));
            }
            await().ignoreExceptionsInstanceOf(IOException.class).until(() -> {
                new WireClient(pando.port()).login().close();
                return true;
            });
            assertThat(silent.get(0).nextError()).startsWith("53300 sorry, too many clients already");
            assertThat(silent.get(0).untilHungUp()).isZero();
        } finally {
            for (WireClient client : silent) {
                client.close();
            }
        }
    }

    @Test
    void whoDoesNotFinishTheLoginIsHungUpOnAndLeavesNothing() throws Exception {
        try (Running pando = Running.before(1, "[listen]\nport = 0\n[limits]\nlogin_timeout = \"4s\"")) {
            new WireClient(pando.port()).login().close();
            await().until(() -> pando.status().startsWith("0 clients"));
            long before = pinned();
            List<WireClient> unfinished = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                unfinished.add(new WireClient(pando.port()));
                unfinished.add(halfAStartup(pando.port()));
                unfinished.add(stoppedInScram(pando.port()));
            }
            assertThat(pinned()).isGreaterThan(before);
            for (WireClient client : unfinished) {
                assertThat(client.nextError()).startsWith("08006 login did not finish");
                assertThat(client.untilHungUp()).isZero();
                client.close();
            }
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(pinned()).isLessThanOrEqualTo(before));
        }
    }

    @Test
    void beforeTheLoginMessagesAreShort() throws Exception {
        try (Running pando = Running.before(1, "[listen]\nport = 0");
                WireClient client = new WireClient(pando.port())) {
            client.startup("app", "app");
            client.send(Unpooled.buffer().writeByte('p').writeInt(1 << 20).writeZero(1_000));
            assertThat(client.nextError()).startsWith("08P01").contains("1048576");
        }
    }

    @Test
    void wrongPasswordsSideBySideKeepNobodyOut() throws Exception {
        // One loop: a delay that held it would be everybody's.
        String settings = "[listen]\nport = 0\nmax_logins = 80\n[pool]\nsize = 1\n[auth]\nfailure_delay = \"2s\"\n";
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> guessing = new ArrayList<>();
        try (Running pando = Running.before(1, settings);
                WireClient works = new WireClient(pando.port()).login()) {
            for (int i = 0; i < 60; i++) {
                guessing.add(Thread.ofVirtual().start(() -> {
                    while (!over.get()) {
                        try (WireClient guess = new WireClient(pando.port())) {
                            guess.login("nobody", "app");
                        } catch (IOException refused) {
                            wrong.incrementAndGet();
                        }
                    }
                }));
            }
            try {
                await().atMost(Duration.ofSeconds(60)).until(() -> wrong.get() > 60);
                long begun = System.nanoTime();
                for (int i = 0; i < 50; i++) {
                    assertThat(works.values("SELECT 1")).hasSize(1);
                }
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
                // Another user at the guessers' address does not wait as they do; there is a place for him to log in.
                await().atMost(Duration.ofSeconds(30))
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .until(() -> loginTime(pando.port()).compareTo(Duration.ofSeconds(1)) < 0);
            } finally {
                over.set(true);
                for (Thread each : guessing) {
                    each.interrupt();
                    each.join();
                }
            }
        }
    }

    private static Duration loginTime(int port) throws IOException {
        long begun = System.nanoTime();
        new WireClient(port).login().close();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** How far accepting runs ahead of the loops shows in descriptors: the loops are held while hundreds connect. */
    @Test
    void noMoreIsAcceptedThanIsLookedAt() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        AtomicInteger accepted = new AtomicInteger();
        CountDownLatch held = new CountDownLatch(1);
        List<Socket> connected = new ArrayList<>();
        EventLoop acceptor = loops.next();
        EventLoop loop = loops.next();
        try {
            loop.execute(() -> {
                try {
                    held.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            AtomicInteger lookedAt = new AtomicInteger();
            int port = listening(acceptor, loop, accepted, lookedAt);
            for (int i = 0; i < 2 * AcceptLead.MOST; i++) {
                connected.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            await().during(Duration.ofMillis(300)).until(() -> accepted.get() < AcceptLead.MOST + 50);
            assertThat(accepted.get()).isGreaterThanOrEqualTo(AcceptLead.MOST);
            held.countDown();
            await().until(() -> lookedAt.get() == connected.size());
        } finally {
            held.countDown();
            for (Socket socket : connected) {
                socket.close();
            }
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
        }
    }

    private static int listening(EventLoop acceptor, EventLoop loop, AtomicInteger accepted, AtomicInteger lookedAt)
            throws InterruptedException {
        return ((InetSocketAddress) new ServerBootstrap()
                        .group(acceptor, loop)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, 2 * AcceptLead.MOST)
                        .handler(new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline().addLast(new AcceptLead(), new ChannelInboundHandlerAdapter() {
                                    @Override
                                    public void channelRead(ChannelHandlerContext context, Object child) {
                                        accepted.incrementAndGet();
                                        context.fireChannelRead(child);
                                    }
                                });
                            }
                        })
                        .childHandler(new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                lookedAt.incrementAndGet();
                            }
                        })
                        .bind(InetAddress.getLoopbackAddress(), 0)
                        .sync()
                        .channel()
                        .localAddress())
                .getPort();
    }

    private static WireClient halfAStartup(int port) throws IOException {
        WireClient client = new WireClient(port);
        client.send(Unpooled.buffer().writeInt(9_000).writeInt(3 << 16).writeZero(5_000));
        return client;
    }

    private static WireClient stoppedInScram(int port) throws IOException {
        WireClient client = new WireClient(port);
        client.startup("app", "app");
        ByteBuf first = Unpooled.buffer();
        new BackendLogin("test", "app", "app")
                .authentication(Unpooled.wrappedBuffer(client.read().body()), first);
        client.send(first);
        assertThat(client.read().type()).isEqualTo('R');
        return client;
    }

    private static long pinned() {
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
    }
}
