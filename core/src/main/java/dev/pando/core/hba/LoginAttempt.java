package dev.pando.core.hba;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a client when it says who it wants to be.
 *
 * @param address null for a unix socket
 * @param streamsLog it asks for physical replication
 * @param certificate that Pando's TLS has verified, null without
 */
public record LoginAttempt(
        String user,
        String database,
        @Nullable InetAddress address,
        boolean encrypted,
        boolean streamsLog,
        @Nullable Certificate certificate) {

    /**
     * Whom a client's certificate names.
     *
     * @param commonName empty when it has none
     * @param distinguishedName as in RFC 2253
     */
    public record Certificate(String commonName, String distinguishedName) {}

    /** As PostgreSQL calls it in its messages. */
    public String host() {
        return address == null ? "[local]" : address.getHostAddress();
    }

    String encryption() {
        return encrypted ? "SSL encryption" : "no encryption";
    }
}
