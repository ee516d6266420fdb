package dev.pando.core.session;

import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.Replies;
import dev.pando.core.link.ReplyHandler;
import dev.pando.core.link.ServerLink;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Declares a cursor on several shards at once. */
final class DeclareOnAll implements Operation, ReplyHandler {
    private final SessionPort port;
    private final Replier replier;
    private final ShardRequest request;
    private final int charactersMore;
    private final Runnable declared;
    private final Outcome outcome;
    private List<ServerLink> links = List.of();
    private int outstanding;
    private @Nullable Failure failure;

    /**
     * @param charactersMore how many more stand before the query than in the client's own text, for places of errors
     */
    DeclareOnAll(
            SessionPort port,
            Replier replier,
            ShardRequest request,
            int charactersMore,
            Runnable declared,
            Outcome outcome) {
        this.port = port;
        this.replier = replier;
        this.request = request;
        this.charactersMore = charactersMore;
        this.declared = declared;
        this.outcome = outcome;
    }

    void start(List<ServerLink> on) {
        links = List.copyOf(on);
        outstanding = links.size();
        links.forEach(link -> request.send(port, link, this));
    }

    @Override
    public void message(ServerLink link, byte type, ByteBuf frame) {
        if (type == 'E' && failure == null) {
            failure = new Failure(placed(Replies.errorOf(frame)));
        } else if (type == 'N' && link.equals(links.getFirst())) {
            replier.forward(frame);
        }
    }

    private ErrorFields placed(ErrorFields error) {
        String position = error.fields().get('P');
        if (position == null) {
            return error;
        }
        Map<Character, String> fields = new LinkedHashMap<>(error.fields());
        fields.put('P', Integer.toString(Math.max(1, Integer.parseInt(position) - charactersMore)));
        return new ErrorFields(fields);
    }

    @Override
    public void ready(ServerLink link) {
        over();
    }

    @Override
    public void lost(ServerLink link, String reason) {
        if (failure == null) {
            failure = Failure.of(Losses.duringStatement(port, link, reason, false));
        }
        over();
    }

    private void over() {
        outstanding--;
        if (outstanding > 0) {
            return;
        }
        if (failure == null) {
            declared.run();
            replier.complete("DECLARE CURSOR");
            outcome.done();
        } else {
            outcome.failed(failure);
        }
    }
}
