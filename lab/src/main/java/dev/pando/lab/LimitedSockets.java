package dev.pando.lab;

import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/** What the driver makes connections to guarded servers with; it takes the name of this class, and which server's limits count. */
public final class LimitedSockets extends SocketFactory {
    private final SessionLimits limits;

    /** {@code key}: of {@link SessionLimits#key}. */
    public LimitedSockets(String key) {
        limits = SessionLimits.of(key);
    }

    @Override
    public Socket createSocket() {
        return limits.open();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }
}
