package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How one client comes to speak TLS, if it does. Owned by its event loop. */
final class ClientTls {
    private final ClientConnection client;
    private final FrameDecoder decoder;
    private final Supplier<Encryption> encryption;
    private boolean on;
    /** What the handshake was made with: after a RELOAD there may be another. */
    private @Nullable Encryption used;

    ClientTls(ClientConnection client, FrameDecoder decoder, Supplier<Encryption> encryption) {
        this.client = client;
        this.decoder = decoder;
        this.encryption = encryption;
    }

    /** Whether what comes and goes is encrypted. */
    boolean on() {
        return on;
    }

    /** Of the certificate this client was shown, for SCRAM's channel binding; null without TLS. */
    byte @Nullable [] certificateHash() {
        return used == null ? null : used.certificateHash();
    }

    /** Answers SSLRequest: from the next byte on the client speaks TLS, if it is offered here. */
    void onRequest() {
        SslHandler tls = handler();
        if (decoder.waiting() > 0) {
            throw new PandoException(
                    PandoError.PROTOCOL_VIOLATION, "unencrypted data came behind the request for encryption");
        }
        client.write(client.buffer().writeByte(tls == null ? 'N' : 'S'));
        client.flushClient();
        if (tls != null) {
            on = true;
            client.channel().pipeline().addFirst(tls);
        }
    }

    /** The client's first bytes were TLS already: it must say that PostgreSQL's protocol is meant. */
    void atOnce(ByteBuf handshake) {
        SslHandler tls = handler();
        if (tls == null) {
            handshake.release();
            throw new PandoException(PandoError.PROTOCOL_VIOLATION, "TLS is not offered here");
        }
        on = true;
        tls.handshakeFuture().addListener(done -> {
            if (done.isSuccess() && tls.applicationProtocol() == null) {
                client.fatal(new PandoException(
                        PandoError.PROTOCOL_VIOLATION, "TLS at once needs the ALPN protocol " + Encryption.ALPN));
            }
        });
        ChannelPipeline pipeline = client.channel().pipeline().addFirst(tls);
        pipeline.fireChannelRead(handshake);
        pipeline.fireChannelReadComplete();
    }

    /** Hangs up without a word on a client that shakes hands: words would wait for the end of that. False for any other. */
    boolean hungUp() {
        ChannelHandlerContext below = client.channel().pipeline().context(SslHandler.class);
        if (below == null || ((SslHandler) below.handler()).handshakeFuture().isDone()) {
            return false;
        }
        Sockets.close(below);
        return true;
    }

    private @Nullable SslHandler handler() {
        if (on) {
            return null;
        }
        Channel channel = client.channel();
        Transport transport = client.servers().transport();
        Encryption now = encryption.get();
        SslHandler handler = now.forClient(channel.alloc(), step -> transport.shakeHands(channel, step));
        used = handler == null ? null : now;
        return handler;
    }
}
