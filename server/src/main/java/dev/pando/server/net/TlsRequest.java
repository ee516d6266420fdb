package dev.pando.server.net;

import dev.pando.base.auth.EndPointHash;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.topology.Shard;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of a connection to a server: asks for TLS, puts it below the others when the server has it, and takes itself out. The
 * others hear {@link Settled} when they may begin to speak.
 */
final class TlsRequest extends ChannelInboundHandlerAdapter {
    /** What the other handlers hear: the connection is as encrypted as it will be, by a server whose certificate has this hash, or not at all. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    record Settled(byte @Nullable [] certificateHash) {}

    private static final int REQUEST_LENGTH = 8;
    private static final int REQUEST_CODE = 80877103;

    private final Encryption encryption;
    private final Shard shard;
    private final Duration limit;
    private @Nullable ScheduledFuture<?> deadline;

    TlsRequest(Encryption encryption, Shard shard, Duration limit) {
        this.encryption = encryption;
        this.shard = shard;
        this.limit = limit;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        // Also when the socket is closed.
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.fireChannelActive();
        deadline = context.executor()
                .schedule(
                        () -> context.pipeline()
                                .fireExceptionCaught(
                                        refused("no answer to SSLRequest within " + limit.toMillis() + " ms")),
                        limit.toMillis(),
                        TimeUnit.MILLISECONDS);
        if (encryption.askServers() && !shard.primary().local()) {
            ByteBuf request = context.alloc().buffer(REQUEST_LENGTH);
            Sockets.writeAndFlush(
                    context.channel(), request.writeInt(REQUEST_LENGTH).writeInt(REQUEST_CODE));
        } else {
            settled(context);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf answer = (ByteBuf) message;
        try {
            if (answer.readableBytes() != 1) {
                // Somebody between may have put it there, to be taken for encrypted.
                throw refused("it sent " + answer.readableBytes() + " bytes where the answer to SSLRequest is due");
            }
            switch (answer.readByte()) {
                case 'S' -> encrypt(context);
                case 'N' -> goOnPlain(context);
                default -> throw refused("it does not understand SSLRequest");
            }
        } catch (PandoException refusal) {
            context.fireExceptionCaught(refusal);
        } finally {
            answer.release();
        }
    }

    private void encrypt(ChannelHandlerContext context) {
        SslHandler tls = encryption.forServer(context.alloc(), shard.primary(), limit);
        context.pipeline().addAfter(context.name(), null, tls);
        // A failed handshake reaches the others as an exception.
        tls.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                ChannelPipeline others = context.pipeline();
                try {
                    others.fireUserEventTriggered(new Settled(certificateHash(tls)));
                } catch (PandoException refusal) {
                    others.fireExceptionCaught(refusal);
                }
            }
        });
        context.pipeline().remove(this);
    }

    private byte @Nullable [] certificateHash(SslHandler tls) {
        try {
            return tls.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate shown
                    ? EndPointHash.of(shown)
                    : null;
        } catch (SSLPeerUnverifiedException | GeneralSecurityException e) {
            throw PandoException.causedBy(
                    e, PandoError.SHARD_UNAVAILABLE, shard.name(), shard.primary(), "its certificate: " + e);
        }
    }

    private void goOnPlain(ChannelHandlerContext context) {
        if (!encryption.plainServersAllowed()) {
            throw refused("it has no TLS, which shard_tls.mode demands");
        }
        settled(context);
    }

    private void settled(ChannelHandlerContext context) {
        context.pipeline().remove(this);
        context.pipeline().fireUserEventTriggered(new Settled(null));
    }

    private PandoException refused(String why) {
        return new PandoException(PandoError.SHARD_UNAVAILABLE, shard.name(), shard.primary(), why);
    }
}
