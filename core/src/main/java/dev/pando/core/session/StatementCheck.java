package dev.pando.core.session;

import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.RowDescription;
import dev.pando.core.link.Replies;
import dev.pando.core.link.ReplyHandler;
import dev.pando.core.link.Requests;
import dev.pando.core.link.ServerLink;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Has a server parse a statement, and say what its parameters and columns are; the client sees nothing of it but an error. */
final class StatementCheck implements ReplyHandler {
    private final SessionPort port;
    private final Leases leases;
    private final ClientStatement statement;
    private final int charactersBefore;
    private final Consumer<@Nullable Failure> then;
    private boolean parsed;
    private @Nullable Failure failure;

    /**
     * @param charactersBefore how many stand before the statement in the client's own text, for places of errors
     */
    StatementCheck(
            SessionPort port,
            Leases leases,
            ClientStatement statement,
            int charactersBefore,
            Consumer<@Nullable Failure> then) {
        this.port = port;
        this.leases = leases;
        this.statement = statement;
        this.charactersBefore = charactersBefore;
        this.then = then;
    }

    void run(ServerLink link) {
        ByteBuf out = port.allocator().buffer(64 + statement.sql().length);
        String name = statement.serverName();
        parsed = link.knows(name);
        if (!parsed) {
            int[] types = leases.numbering().toShard(link.shard(), statement.parameterTypes());
            String eldest = name.isEmpty() ? null : link.remember(name);
            if (name.isEmpty()) {
                link.unnamed(null);
            }
            if (eldest != null) {
                Requests.close(out, 'S', eldest);
            }
            Requests.parse(out, name, statement.sql(), types);
        }
        Requests.describe(out, 'S', name);
        Requests.bare(out, 'S');
        link.exchange(out, this);
    }

    @Override
    public void message(ServerLink link, byte type, ByteBuf frame) {
        switch (type) {
            case '1' -> parsed = true;
            case 't' -> statement.inferred(frame);
            case 'T' ->
                statement.columns(
                        ResultColumns.of(RowDescription.decode(Replies.body(frame), port.shardName(link.shard()))));
            case 'n' -> statement.columns(ResultColumns.NONE);
            case 'E' -> {
                failure = new Failure(placed(Replies.errorOf(frame)));
                if (!parsed) {
                    link.forget(statement.serverName());
                }
            }
            default -> {
                // '3', notices
            }
        }
    }

    /** The place in the client's text. */
    private ErrorFields placed(ErrorFields error) {
        String position = error.fields().get('P');
        if (position == null || charactersBefore == 0) {
            return error;
        }
        Map<Character, String> fields = new LinkedHashMap<>(error.fields());
        fields.put('P', Integer.toString(Integer.parseInt(position) + charactersBefore));
        return new ErrorFields(fields);
    }

    @Override
    public void ready(ServerLink link) {
        then.accept(failure);
    }

    @Override
    public void lost(ServerLink link, String reason) {
        Participant participant = leases.on(link.shard());
        then.accept(
                participant == null
                        ? Failure.of(Losses.duringStatement(port, link, reason, false))
                        : leases.lose(participant, reason));
    }
}
