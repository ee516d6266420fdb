package dev.pando.core.session;

import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.link.Numbering;
import dev.pando.core.link.ParameterTypes;
import dev.pando.core.link.ReplyHandler;
import dev.pando.core.link.Requests;
import dev.pando.core.link.ServerLink;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement as it is sent to one of several shards; its answer ends with one ReadyForQuery. */
sealed interface ShardRequest {
    void send(SessionPort port, ServerLink link, ReplyHandler handler);

    /** Whether the server has to parse the statement first. */
    boolean parses(ServerLink link);

    /** Whether the client expects the row description with the answer. */
    boolean describes();

    /** The exchange failed before the server had parsed the statement. */
    default void notParsed(ServerLink link) {}

    /** As a simple query. */
    record Simple(byte[] sql) implements ShardRequest {
        static Simple of(String sql) {
            return new Simple(sql.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void send(SessionPort port, ServerLink link, ReplyHandler handler) {
            link.unnamed(null);
            link.exchange(Requests.query(port.allocator(), sql), handler);
        }

        @Override
        public boolean parses(ServerLink link) {
            return true;
        }

        @Override
        public boolean describes() {
            return true;
        }
    }

    /**
     * As Parse, Bind, Describe, Execute, Sync with parameters.
     *
     * @param bind as the server gets it: its portal, and the name under which it keeps the statement; empty for the unnamed one, parsed
     *     anew each time
     * @param maxRows most rows to send now, 0 for all
     * @param unparsed to be run when the server refuses to parse it
     * @param describes the client expects the columns with the answer
     */
    record Extended(
            Numbering numbering,
            byte[] sql,
            ParameterTypes types,
            FrontendMessage.Bind bind,
            int maxRows,
            Runnable unparsed,
            boolean describes)
            implements ShardRequest {

        @Override
        public void send(SessionPort port, ServerLink link, ReplyHandler handler) {
            String name = bind.statement();
            int[] declared = numbering.toShard(link.shard(), types.declared());
            List<byte @Nullable []> values = numbering.toShard(link.shard(), bind, types.known());
            ByteBuf out = port.allocator().buffer(128 + sql.length);
            if (name.isEmpty()) {
                link.unnamed(null);
                Requests.parse(out, "", sql, declared);
            } else if (!link.knows(name)) {
                // Before Parse, because a server that refuses it ignores what follows.
                String eldest = link.remember(name);
                if (eldest != null) {
                    Requests.close(out, 'S', eldest);
                }
                Requests.parse(out, name, sql, declared);
            }
            // The unnamed portal may be the client's own.
            boolean aside = bind.portal().isEmpty() && link.clientsPortal();
            String portal = aside ? Requests.OWN_PORTAL : bind.portal();
            FrontendCodec.encode(
                    new FrontendMessage.Bind(portal, name, bind.parameterFormats(), values, bind.resultFormats()), out);
            Requests.describe(out, 'P', portal);
            Requests.execute(out, portal, maxRows);
            if (aside) {
                Requests.close(out, 'P', portal);
            }
            Requests.bare(out, 'S');
            link.exchange(out, handler);
        }

        @Override
        public boolean parses(ServerLink link) {
            return bind.statement().isEmpty() || !link.knows(bind.statement());
        }

        @Override
        public void notParsed(ServerLink link) {
            link.forget(bind.statement());
            unparsed.run();
        }
    }

    /** More rows of a portal; 0 for all. */
    record More(String portal, int maxRows) implements ShardRequest {
        @Override
        public void send(SessionPort port, ServerLink link, ReplyHandler handler) {
            ByteBuf out = port.allocator().buffer(32);
            Requests.execute(out, portal, maxRows);
            Requests.bare(out, 'S');
            link.exchange(out, handler);
        }

        @Override
        public boolean parses(ServerLink link) {
            return false;
        }

        @Override
        public boolean describes() {
            return false;
        }
    }
}
