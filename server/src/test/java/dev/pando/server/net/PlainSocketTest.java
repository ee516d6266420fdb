package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What an outbox sends to a real socket, whose other end reads when it likes to. */
@EnabledOnOs(OS.LINUX)
class PlainSocketTest {
    /** What never comes fails the test instead of holding it up. */
    private static final int MOST_MILLIS = 20_000;

    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final SpareBuffer spare = new SpareBuffer();
    private Channel channel;
    private Socket peer;
    private Outbox outbox;

    @BeforeEach
    void connect() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            channel = new Bootstrap()
                    .group(loop)
                    .channel(EpollSocketChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(server.getLocalSocketAddress())
                    .sync()
                    .channel();
            peer = server.accept();
            peer.setSoTimeout(MOST_MILLIS);
        }
        outbox = onLoop(() -> {
            Outbox fresh = new Outbox(channel, spare);
            fresh.settled();
            return fresh;
        });
    }

    @AfterEach
    void end() throws IOException {
        peer.close();
        channel.close().syncUninterruptibly();
        loop.shutdownGracefully().syncUninterruptibly();
        spare.close();
    }

    private <T> T onLoop(Callable<T> action) throws Exception {
        return channel.eventLoop().submit(action).get();
    }

    private long waiting() throws Exception {
        return onLoop(
                () -> Objects.requireNonNull(channel.unsafe().outboundBuffer()).totalPendingWriteBytes());
    }

    @Test
    void whatTheSocketTakesIsThereWhenFlushReturns() throws Exception {
        boolean past = onLoop(() -> {
            outbox.forward(Unpooled.wrappedBuffer(new byte[] {1, 2}));
            outbox.forward(Unpooled.wrappedBuffer(new byte[] {3}));
            outbox.flush();
            return Objects.requireNonNull(channel.unsafe().outboundBuffer()).isEmpty();
        });
        assertThat(past).as("nothing is left").isTrue();
        assertThat(peer.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
    }

    @Test
    void whoeverReadsLateFindsAllInItsOrder() throws Exception {
        long seed = 20261122;
        Random random = new Random(seed);
        ByteBuf expected = Unpooled.buffer();
        while (waiting() < 200_000) {
            byte[] bytes = new byte[random.nextInt(8) == 0 ? 30_000 : 1 + random.nextInt(1000)];
            random.nextBytes(bytes);
            expected.writeBytes(bytes);
            boolean flushes = random.nextInt(3) > 0;
            onLoop(() -> {
                outbox.forward(Unpooled.wrappedBuffer(bytes));
                if (flushes) {
                    outbox.flush();
                }
                return true;
            });
        }
        assertThat(onLoop(() -> channel.isWritable()))
                .as("the water marks see what waits")
                .isFalse();
        int half = expected.readableBytes() / 2;
        InputStream in = peer.getInputStream();
        byte[] first = in.readNBytes(half);
        // Now there is room again, and what comes next must not overtake what waits.
        onLoop(() -> {
            for (int i = 0; i < 100; i++) {
                byte[] bytes = {(byte) i, 77};
                expected.writeBytes(bytes);
                outbox.forward(Unpooled.wrappedBuffer(bytes));
                outbox.flush();
            }
            return true;
        });
        byte[] rest = in.readNBytes(expected.readableBytes() - half);
        byte[] all = Arrays.copyOf(first, expected.readableBytes());
        System.arraycopy(rest, 0, all, half, rest.length);
        assertThat(Unpooled.wrappedBuffer(all)).as("seed %d", seed).isEqualTo(expected);
        await().untilAsserted(() -> assertThat(waiting()).isZero());
    }

    @Test
    void whatIsTakenInPartBeginsWithTheRest() throws Exception {
        byte[] bytes = new byte[1 << 24]; // more than any socket holds
        new Random(1).nextBytes(bytes);
        ByteBuf message = channel.alloc().directBuffer(bytes.length).writeBytes(bytes);
        PlainSocket plain = Objects.requireNonNull(onLoop(() -> PlainSocket.of(channel)));
        assertThat(onLoop(() -> plain.send(message))).isFalse();
        int taken = bytes.length - message.readableBytes();
        assertThat(taken).isPositive();
        assertThat(peer.getInputStream().readNBytes(taken)).isEqualTo(Arrays.copyOf(bytes, taken));
        message.release();
    }

    @Test
    void aBrokenSocketClosesItsChannelAndGivesBuffersBack() throws Exception {
        peer.setSoLinger(true, 0);
        peer.close();
        ByteBuf message = channel.alloc().directBuffer().writeZero(2000);
        await().until(() -> onLoop(() -> {
            outbox.forward(message);
            outbox.flush();
            return !channel.isOpen();
        }));
        assertThat(onLoop(() -> {
                    outbox.forward(message);
                    outbox.write(channel.alloc().buffer().writeZero(10));
                    outbox.flush();
                    outbox.release();
                    return message.refCnt();
                }))
                .isEqualTo(1);
        message.release();
    }

    @Test
    void aDescriptorThatIsClosedIsNotWrittenTo() throws Exception {
        PlainSocket plain = Objects.requireNonNull(onLoop(() -> PlainSocket.of(channel)));
        ByteBuf message = channel.alloc().directBuffer().writeZero(5);
        channel.close().sync();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket other = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket stranger = server.accept()) {
            // One of these has its number now.
            assertThat(onLoop(() -> plain.send(message))).isFalse();
            assertThat(other.getInputStream().available()).isZero();
            assertThat(stranger.getInputStream().available()).isZero();
        }
        assertThat(message.readableBytes()).isEqualTo(5);
        message.release();
    }

    @Test
    void nothingGoesPastTls() throws Exception {
        SslHandler tls = SslContextBuilder.forClient().build().newHandler(channel.alloc());
        channel.pipeline().addFirst(tls);
        assertThat(onLoop(() -> PlainSocket.of(channel))).isNull();
        // Its handshake is not what this is about.
        channel.close().addListener(ChannelFutureListener.CLOSE).sync();
    }
}
