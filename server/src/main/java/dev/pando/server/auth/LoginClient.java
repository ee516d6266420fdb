package dev.pando.server.auth;

import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A client's connection, as its authentication sees it. To be called on its event loop, {@link #onLoop} from any thread. */
public interface LoginClient {
    /** Null for a unix socket. */
    @Nullable
    InetAddress address();

    boolean encrypted();

    /** Of Pando's own certificate, for SCRAM's channel binding; null without TLS. */
    byte @Nullable [] certificateHash();

    /** That the client showed and TLS has verified; null without. */
    @Nullable
    X509Certificate certificate();

    /** The system's name of the user at the other end of a unix socket; null for other sockets, and when it cannot be known. */
    @Nullable
    String peer();

    ByteBuf buffer();

    void write(ByteBuf messages);

    void flush();

    /** Runs it on the loop; not at all when the connection is over by then. */
    void onLoop(Runnable task);

    /** Runs it on the loop after a while; not at all when the connection is over by then. */
    void later(Duration delay, Runnable task);

    /** Tells the client why and hangs up. */
    void refuse(PandoException reason);
}
