package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket over which the next process asks this one to make room, see {@link Predecessor} for the other side.
 *
 * <p>What can go wrong: a client that connects while one process ends and the next begins is refused. What we do: the next process is given
 * the listening sockets themselves and accepts on them before this one stops, so at each moment somebody does, and who waits in a queue
 * waits in the one queue there is. Why it suffices: the kernel keeps a listening socket as long as any process has it. (With SO_REUSEPORT
 * instead, each process has a queue of its own, and who waits in that of the process that ends is reset.)
 *
 * <p>Requests are a letter: {@code S} for the listening sockets and the connections to processes before this one, both answered by their
 * number as a byte and a descriptor each; {@code D} to stop listening, answered by a byte when that is done; {@code C} with process id,
 * length and secret, a cancel request that may be for a client of this process, without answer; {@code F} from one that ends because it
 * was told to, without answer. Where the connection ends without it the next process has died, and this one takes its place again as long
 * as it is there. Only processes of the same user are heard,
 * and sockets are given to one at a time: two that serve at once would not know of each other.
 */
final class Handover {
    static final byte SOCKETS = 'S';
    static final byte DEPART = 'D';
    static final byte CANCEL = 'C';
    static final byte FAREWELL = 'F';
    private static final int CANCEL_HEAD = 5;
    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);

    private final Succession succession;
    private final Path file;
    private final Channel listening;
    private volatile boolean handedOver;
    /** The next process has ended on purpose. */
    private volatile boolean settled;
    /** The connection of the process that has the sockets; later ones have it, too, so that it ends with the last of them. */
    private @Nullable Channel successor;

    /** Listens, in place of the process before this one if there was one. */
    Handover(Transport transport, Path file, Succession succession) {
        this.succession = succession;
        this.file = file;
        try {
            ChannelInitializer<Channel> pipeline = new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) throws IOException {
                    if (channel instanceof EpollDomainSocketChannel unix && PeerUser.same(unix)) {
                        channel.pipeline().addLast(new Requests());
                    } else {
                        LOG.warn("another user's request on {} is not heard", file);
                        Sockets.close(channel);
                    }
                }
            };
            listening = transport
                    .adoptUnix(UnixSocket.listenPrivately(file), pipeline)
                    .syncUninterruptibly()
                    .channel();
        } catch (IOException e) {
            throw PandoException.causedBy(
                    e, PandoError.CONFIG_INVALID, "restart.socket: cannot listen on " + file + ": " + e.getMessage());
        }
    }

    void close() {
        listening.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        Channel next = successor();
        if (next != null) {
            // So that it knows: an event loop that is told to end at once may end without closing what it has.
            next.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
        try {
            if (!handedOver) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("{} is left behind: {}", file, e.getMessage());
        }
    }

    private final class Requests extends ByteToMessageDecoder {
        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            byte request = in.getByte(in.readerIndex());
            switch (request) {
                case SOCKETS -> {
                    in.skipBytes(1);
                    if (succeeds(context.channel())) {
                        giveSockets(context.channel());
                    }
                }
                case DEPART -> {
                    in.skipBytes(1);
                    if (succeeds(context.channel())) {
                        depart(context.channel());
                    }
                }
                case CANCEL -> cancel(in);
                case FAREWELL -> {
                    in.skipBytes(1);
                    if (context.channel().equals(successor())) {
                        settled = true;
                        succession.settle();
                    }
                }
                default -> {
                    LOG.warn("unknown request {} on {}", request, file);
                    in.skipBytes(in.readableBytes());
                    Sockets.close(context.channel());
                }
            }
        }

        private void cancel(ByteBuf in) {
            int length = in.readableBytes() > CANCEL_HEAD ? in.getUnsignedByte(in.readerIndex() + CANCEL_HEAD) : -1;
            if (length >= 0 && in.readableBytes() > CANCEL_HEAD + length) {
                in.skipBytes(1);
                int id = in.readInt();
                byte[] secret = new byte[in.readUnsignedByte()];
                in.readBytes(secret);
                succession.cancel(id, secret);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) throws Exception {
            super.channelInactive(context);
            missed(context.channel());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("the other process is gone", cause);
            Sockets.close(context.channel());
        }
    }

    /** False, and the connection is closed, when another process is the next and lives, or has taken over: what comes thereafter is not here. */
    private synchronized boolean succeeds(Channel channel) {
        if (handedOver || (successor != null && !successor.equals(channel) && successor.isOpen())) {
            LOG.warn("a process that wants to take over is sent away: another one has, or is about to");
            Sockets.close(channel);
            return false;
        }
        successor = channel;
        return true;
    }

    private synchronized @Nullable Channel successor() {
        return successor;
    }

    private void giveSockets(Channel channel) {
        List<Integer> listeners = succession.descriptors();
        give(channel, listeners);
        give(channel, succession.connectionsToOlder());
        channel.flush();
        LOG.info("{} listening sockets are given to the next process", listeners.size());
    }

    private static void give(Channel channel, List<Integer> descriptors) {
        Sockets.write(channel, Unpooled.buffer(1).writeByte(descriptors.size()));
        descriptors.forEach(descriptor -> Sockets.write(channel, new FileDescriptor(descriptor)));
    }

    /** Its answer comes when nobody comes in here any more. */
    private void depart(Channel channel) {
        handedOver = true;
        Sockets.close(listening);
        Thread.ofVirtual().name("pando-depart").start(() -> {
            succession.departed();
            Sockets.writeAndFlush(channel, Unpooled.buffer(1).writeByte(DEPART));
            if (!channel.isActive()) {
                missed(channel);
            }
        });
    }

    /** The other side of a connection is gone. To be called twice where it may have been gone before this process had departed. */
    private void missed(Channel channel) {
        if (handedOver && !settled && channel.equals(successor())) {
            Thread.ofVirtual().name("pando-return").start(() -> succession.returns(file));
        }
    }

    /** Whether the next process serves. */
    boolean handedOver() {
        return handedOver;
    }

    /** Whether a process has the sockets that lives. */
    boolean given() {
        Channel next = successor();
        return next != null && next.isOpen();
    }
}
