package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.session.ClientSession;
import dev.pando.core.session.Pulse;
import dev.pando.core.session.Vigil;
import io.netty.buffer.ByteBuf;

/** Ends a client's session or query when its time is up. Owned by the client's event loop. */
final class ClientWatch {
    private final Vigil vigil = new Vigil();

    void look(ClientConnection client, ClientSession session, SocketSessionPort port, long now) {
        boolean queued = !port.waited().isZero();
        switch (vigil.look(session.pulse(), queued, port.deadlines(), now)) {
            case NOTHING -> {
                if (port.outdated() && session.pulse().phase() == Pulse.Phase.IDLE) {
                    end(session, PandoError.SESSION_REPLACED);
                }
            }
            case CLIENT_IDLE -> end(session, PandoError.CLIENT_IDLE_TIMEOUT);
            case IDLE_TRANSACTION -> end(session, PandoError.IDLE_TRANSACTION_TIMEOUT);
            case TRANSACTION -> end(session, PandoError.TRANSACTION_TIMEOUT);
            case CANCEL_QUERY -> cancel(client, session);
            case QUERY -> end(session, PandoError.QUERY_TIMEOUT);
        }
    }

    /** What runs is cancelled, for a server does not notice before its next answer that nobody listens; what is open is rolled back. */
    private static void end(ClientSession session, PandoError reason) {
        session.cancel(() -> {});
        session.fatal(new PandoException(reason));
        session.closed();
    }

    /** The server will say that its user asked for it, so the client is told the reason before. */
    private static void cancel(ClientConnection client, ClientSession session) {
        ByteBuf out = client.buffer();
        ErrorFields.of("WARNING", "57014", "this statement has run for longer than timeouts.query")
                .encode('N', out);
        client.notification(out);
        session.cancel(() -> {});
        client.flushClient();
    }
}
