package dev.pando.server.net;

import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.StartupPacket;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.topology.Address;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes cancel requests on to the node they are meant for, which the client's process id names.
 *
 * <p>What can go wrong: a request goes round in circles between nodes that disagree about their numbers, or somebody sends forged ones to
 * make nodes open connections. What we do: one that is passed on says so in front of its secret, and is not passed on again; and no more
 * than {@value #MOST} are under way, any more are dropped. Why it suffices: a cancel may get lost in PostgreSQL too, and clients cope.
 */
final class CancelRouting {
    private static final Logger LOG = LoggerFactory.getLogger(CancelRouting.class);
    private static final byte[] PASSED_ON = "pando passed on\0".getBytes(StandardCharsets.US_ASCII);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int MOST_SECONDS = 5;
    private static final int MOST = 32;

    private final Transport transport;
    private final AtomicInteger underway = new AtomicInteger();

    CancelRouting(Transport transport) {
        this.transport = transport;
    }

    /** Whether another node has passed it on. */
    static boolean passedOn(byte[] secret) {
        return secret.length > PASSED_ON.length
                && Arrays.equals(secret, 0, PASSED_ON.length, PASSED_ON, 0, PASSED_ON.length);
    }

    /** As the client sent it. */
    static byte[] original(byte[] secret) {
        return passedOn(secret) ? Arrays.copyOfRange(secret, PASSED_ON.length, secret.length) : secret;
    }

    static @Nullable Address peer(PandoConfig config, int number) {
        return config.listen().node().peers().stream()
                .filter(peer -> peer.number() == number)
                .map(PandoConfig.Peer::address)
                .findFirst()
                .orElse(null);
    }

    /** {@code then} runs when the peer has dealt with it, or it could not be passed on. */
    void pass(EventLoop loop, Address peer, int id, byte[] secret, Runnable then) {
        if (underway.incrementAndGet() > MOST) {
            underway.decrementAndGet();
            LOG.warn("a cancel request for {} is dropped: {} are under way", peer, MOST);
            then.run();
            return;
        }
        byte[] marked = Arrays.copyOf(PASSED_ON, PASSED_ON.length + secret.length);
        System.arraycopy(secret, 0, marked, PASSED_ON.length, secret.length);
        StartupPacket.Cancel request = new StartupPacket.Cancel(id, marked);
        transport.connect(loop, peer, LIMIT, new ChannelInboundHandlerAdapter()).addListener((ChannelFutureListener)
                done -> {
                    if (done.isSuccess()) {
                        send(done.channel(), request, then);
                    } else {
                        LOG.warn("a cancel request could not be passed on to {}: {}", peer, done.cause());
                        ended(then);
                    }
                });
    }

    /** The peer hangs up when it has dealt with it. */
    private void send(Channel channel, StartupPacket.Cancel request, Runnable then) {
        ByteBuf out = channel.alloc().buffer(64);
        FrontendCodec.encodeStartup(request, out);
        Sockets.writeAndFlush(channel, out);
        channel.closeFuture().addListener(closed -> ended(then));
        Sockets.closeAfter(channel, MOST_SECONDS);
    }

    private void ended(Runnable then) {
        underway.decrementAndGet();
        then.run();
    }
}
