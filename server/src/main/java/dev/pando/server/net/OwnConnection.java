package dev.pando.server.net;

import dev.pando.base.error.PandoException;
import java.util.function.Consumer;

/** A server connection that one client has for itself alone, from its login until it leaves. */
record OwnConnection(DatabaseServers servers, Consumer<ServerConnection> ready, Consumer<PandoException> refused)
        implements ServerConnection.Owner {
    @Override
    public void opened(ServerConnection connection) {
        servers.apart(connection, true);
        ready.accept(connection);
    }

    @Override
    public void failed(ServerConnection connection, PandoException reason) {
        refused.accept(reason);
    }

    @Override
    public void lost(ServerConnection connection) {
        servers.apart(connection, false);
    }

    @Override
    public void released(ServerConnection connection, boolean reusable) {
        servers.apart(connection, false);
        connection.close();
    }
}
