package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.server.auth.LoginClient;
import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** A client's socket as its authentication sees it. Owned by the client's event loop. */
final class LoginChannel implements LoginClient {
    private final ClientConnection client;
    private @Nullable ScheduledFuture<?> delayed;

    LoginChannel(ClientConnection client) {
        this.client = client;
    }

    /** The socket is closed: nobody waits for an answer any more. */
    void over() {
        if (delayed != null) {
            delayed.cancel(false);
        }
    }

    @Override
    public @Nullable InetAddress address() {
        return client.channel().remoteAddress() instanceof InetSocketAddress inet ? inet.getAddress() : null;
    }

    @Override
    public boolean encrypted() {
        return client.encrypted();
    }

    @Override
    public byte @Nullable [] certificateHash() {
        return client.tlsLayer().certificateHash();
    }

    @Override
    public @Nullable X509Certificate certificate() {
        SslHandler tls = client.channel().pipeline().get(SslHandler.class);
        try {
            return tls != null && tls.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate shown
                    ? shown
                    : null;
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    @Override
    public @Nullable String peer() {
        return client.peerUser();
    }

    @Override
    public ByteBuf buffer() {
        return client.buffer();
    }

    @Override
    public void write(ByteBuf messages) {
        client.write(messages);
    }

    @Override
    public void flush() {
        client.flushClient();
    }

    @Override
    public void onLoop(Runnable task) {
        client.servers().loop().execute(() -> ifOpen(task));
    }

    @Override
    public void later(Duration delay, Runnable task) {
        delayed = client.servers().loop().schedule(() -> ifOpen(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void ifOpen(Runnable task) {
        if (client.closing()) {
            return;
        }
        try {
            task.run();
        } catch (PandoException refusal) {
            client.fatal(refusal);
        } catch (RuntimeException bug) {
            client.servers().unexpected(bug);
            client.fatal(PandoException.causedBy(bug, PandoError.BUG, String.valueOf(bug)));
        }
    }

    @Override
    public void refuse(PandoException reason) {
        client.fatal(reason);
    }
}
