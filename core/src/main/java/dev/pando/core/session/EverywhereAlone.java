package dev.pando.core.session;

import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.Replies;
import dev.pando.core.link.ReplyHandler;
import dev.pando.core.link.Requests;
import dev.pando.core.link.ServerLink;
import dev.pando.core.route.Across;
import dev.pando.core.route.Planned;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command that PostgreSQL runs only outside a transaction block (VACUUM, CREATE INDEX CONCURRENTLY …): on each shard in turn. There is no
 * atomic outcome, so a failure says on which shards it has been done.
 */
final class EverywhereAlone implements Operation, ReplyHandler {
    private final SessionPort port;
    private final Leases leases;
    private final Replier replier;
    private final Outcome outcome;
    private final byte[] sql;
    private final Deque<ShardId> remaining = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private @Nullable ErrorFields error;
    private @Nullable String tag;
    private boolean described;

    EverywhereAlone(SessionPort port, Leases leases, Replier replier, byte[] sql, Outcome outcome) {
        this.port = port;
        this.leases = leases;
        this.replier = replier;
        this.sql = sql;
        this.outcome = outcome;
    }

    /** Refuses it behind other statements of a batch, which are one transaction. */
    static void require(Execution execution, Leases leases, boolean first) {
        boolean alone = execution.plan().across() instanceof Across.EverywhereAlone;
        if (alone && !leases.failed() && (!first || leases.mode() != TransactionState.Mode.NONE)) {
            throw withinBlock(execution.planned());
        }
    }

    /** PostgreSQL's words for the command within a transaction block. */
    static Refusal withinBlock(Planned planned) {
        String words = planned.firstWords();
        String command = words;
        if (words.startsWith("VACUUM") || words.startsWith("CLUSTER")) {
            command = words.substring(0, words.indexOf(' ') < 0 ? words.length() : words.indexOf(' '));
        } else if (words.startsWith("CREATE")) {
            command = "CREATE INDEX CONCURRENTLY";
        } else if (words.startsWith("DROP")) {
            command = "DROP INDEX CONCURRENTLY";
        } else if (words.startsWith("ALTER")) {
            command = "ALTER TABLE ... DETACH CONCURRENTLY";
        } else if (!List.of("REINDEX SCHEMA", "REINDEX DATABASE", "REINDEX SYSTEM")
                .contains(words)) {
            command = "REINDEX CONCURRENTLY";
        }
        return new Refusal("25001", command + " cannot run inside a transaction block");
    }

    void start(List<ShardId> shards) {
        remaining.addAll(shards);
        next();
    }

    private void next() {
        ShardId shard = remaining.peekFirst();
        if (shard == null) {
            replier.complete(tag == null ? "" : tag);
            outcome.done();
            return;
        }
        leases.with(
                shard,
                link -> {
                    link.unnamed(null);
                    link.exchange(Requests.query(port.allocator(), sql), this);
                },
                refusal -> failed(shard, refusal.error()));
    }

    @Override
    public void message(ServerLink link, byte type, ByteBuf frame) {
        switch (type) {
            case 'C' -> tag = Replies.tagOf(frame);
            case 'E' -> error = Replies.errorOf(frame);
            case 'T' -> {
                if (!described) {
                    described = true;
                    replier.forward(frame);
                }
            }
            case 'D', 'N' -> replier.forward(frame);
            default -> {
                // nothing for the client
            }
        }
    }

    @Override
    public void ready(ServerLink link) {
        ShardId shard = remaining.removeFirst();
        if (error != null) {
            failed(shard, error);
        } else {
            done.add(port.shardName(shard));
            next();
        }
    }

    @Override
    public void lost(ServerLink link, String reason) {
        failed(link.shard(), ErrorFields.of(Losses.duringStatement(port, link, reason, false), false));
    }

    private void failed(ShardId shard, @Nullable ErrorFields reason) {
        Map<Character, String> fields = new LinkedHashMap<>();
        if (reason != null) {
            fields.putAll(reason.fields());
        }
        String where = "Failed on " + port.shardName(shard) + "; done on "
                + (done.isEmpty() ? "no shard" : String.join(", ", done)) + ".";
        fields.merge('D', where, (theirs, ours) -> theirs + " " + ours);
        outcome.failed(new Failure(new ErrorFields(fields)));
    }
}
