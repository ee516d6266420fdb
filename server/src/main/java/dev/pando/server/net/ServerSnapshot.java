package dev.pando.server.net;

import dev.pando.core.topology.Address;
import dev.pando.core.topology.ShardId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A server connection at one moment; {@code client} is null when no session has it. */
public record ServerSnapshot(
        String database,
        ShardId shard,
        Address address,
        String user,
        int processId,
        String state,
        @Nullable Long client,
        Duration connected,
        boolean outdated,
        @Nullable String tls) {
    static ServerSnapshot of(ServerConnection connection) {
        ClientConnection client = connection.client();
        return new ServerSnapshot(
                connection.servers().database().name(),
                connection.shard().id(),
                connection.shard().primary(),
                connection.user(),
                connection.processId(),
                client == null ? "idle" : "active",
                client == null ? null : (long) client.id(),
                Duration.ofNanos(System.nanoTime() - connection.sinceNanos()),
                connection.servers().outdated(connection),
                connection.tls());
    }
}
