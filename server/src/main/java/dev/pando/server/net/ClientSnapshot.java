package dev.pando.server.net;

import dev.pando.core.session.ClientSession;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A client at one moment. */
public record ClientSnapshot(
        long id,
        String user,
        String database,
        String application,
        String address,
        String state,
        Duration connected,
        int preparedStatements,
        Duration waited,
        @Nullable String tls,
        @Nullable String pinned,
        String replication) {
    static ClientSnapshot of(ClientConnection client) {
        ClientSession session = client.session();
        return new ClientSnapshot(
                client.id(),
                client.login().user(),
                client.login().database(),
                client.login().application(),
                client.remote(),
                state(client),
                Duration.ofNanos(System.nanoTime() - client.sinceNanos()),
                session == null ? 0 : session.preparedStatements(),
                waited(client),
                client.tls(),
                session == null ? null : session.pinned(),
                client.login().replication().word());
    }

    private static Duration waited(ClientConnection client) {
        SocketSessionPort port = client.port();
        return port == null ? Duration.ZERO : port.waited();
    }

    private static String state(ClientConnection client) {
        ClientSession session = client.session();
        if (session == null) {
            return client.isAdmin() ? "idle" : "login";
        }
        if (!waited(client).isZero()) {
            return "waiting";
        }
        if (session.active()) {
            return "active";
        }
        return session.inTransaction() ? "in transaction" : "idle";
    }
}
