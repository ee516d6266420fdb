package dev.pando.core.link;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a PostgreSQL server as a session sees it, owned by one event loop. It knows what travels with the connection rather
 * than with a session: transaction status, applied settings, prepared statements, and who waits for which reply. Requests may be sent one
 * behind the other; replies go to their handlers in the same order.
 */
public final class ServerLink {
    /** The socket below. */
    public interface Wire {
        ByteBufAllocator allocator();

        /** Queues bytes; ownership passes. */
        void write(ByteBuf message);

        void flush();

        /** Stops or goes on reading from the server. */
        void reading(boolean on);

        boolean writable();

        /**
         * Asks the server, over a connection of its own, to cancel what runs on this one. {@code over} runs once: with true when the server
         * has taken the request or will never get it, with false when nobody knows that in time.
         */
        void cancel(Consumer<Boolean> over);

        /** Closes the connection, which then counts as lost for this reason. */
        void breakOff(PandoException reason);
    }

    /** Takes every message of the connection as it comes, instead of handlers that were asked for. */
    public interface Relay {
        /** The caller keeps ownership of the frame. */
        void relayed(byte type, ByteBuf frame);

        void relayLost(ServerLink link, String reason);
    }

    private static final int MAX_PREPARED = 512;

    private final ShardId shard;
    private final Wire wire;
    private final ArrayDeque<ReplyHandler> handlers = new ArrayDeque<>();
    private final Map<String, String> settings = new HashMap<>();
    private final LinkedHashMap<String, Boolean> prepared = new LinkedHashMap<>(16, 0.75f, true);
    private @Nullable Object unnamed;
    /** The unnamed portal is the session's client's: a simple query would end it, and Pando's own statements use another one. */
    private boolean clientsPortal;

    private byte status = 'I';
    private @Nullable String lastWords;
    private String lossReason = "";
    private boolean lost;
    /** Cancel requests that the server may not have taken yet. */
    private int cancels;

    private final List<Runnable> afterCancels = new ArrayList<>();
    /** A cancel request may come at any time. */
    private boolean haunted;

    private boolean misjudged;
    private boolean outdated;
    private @Nullable Runnable onWritable;
    private @Nullable Reported reported;
    private @Nullable Numbering numbering;
    /** What has come since a type appeared that the catalog does not know, which is being read again. */
    private @Nullable ArrayDeque<ByteBuf> waiting;

    private @Nullable Relay relay;
    /** A statement of the client's has changed a parameter, and nobody has accounted for it yet. */
    private boolean heardOfSettings;

    public ServerLink(ShardId shard, Wire wire) {
        this.shard = shard;
        this.wire = wire;
    }

    public ShardId shard() {
        return shard;
    }

    /**
     * Whether a session may take this connection over, when {@link #cancelling} is over: nothing outstanding, no transaction open. Nor was a
     * cancel request sent that nobody knows the arrival of: it must not hit another session's statement. Nor has a statement turned out to
     * be gone that it should hold.
     */
    public boolean reusable() {
        return !lost && !haunted && !misjudged && handlers.isEmpty() && status == 'I';
    }

    public boolean lost() {
        return lost;
    }

    /** A message from the server; the caller keeps ownership of the frame. */
    public void message(byte type, ByteBuf frame) {
        if (lost) {
            return;
        }
        Relay whole = relay;
        if (whole != null) {
            if (type == 'Z') {
                status = frame.getByte(frame.readerIndex() + 5);
            }
            whole.relayed(type, frame);
            return;
        }
        Numbering session = numbering;
        if (waiting != null) {
            waiting.add(frame.retain());
        } else if ((type == 'T' || type == 't') && session != null && !session.toHome(shard, type, frame)) {
            waiting = new ArrayDeque<>();
            waiting.add(frame.retain());
            wire.reading(false);
            session.refresh(() -> catalogRead(session));
        } else {
            deliver(type, frame);
        }
    }

    private void catalogRead(Numbering session) {
        ArrayDeque<ByteBuf> frames = waiting;
        if (frames == null) {
            return;
        }
        try {
            ByteBuf first = frames.getFirst();
            byte described = first.getByte(first.readerIndex());
            session.requireHome(shard, described, first);
            waiting = null;
            wire.reading(true);
            deliver(described, first);
            frames.removeFirst().release();
            while (!frames.isEmpty()) {
                ByteBuf frame = frames.getFirst();
                message(frame.getByte(frame.readerIndex()), frame);
                frames.removeFirst().release();
            }
        } catch (PandoException refusal) {
            frames.forEach(ByteBuf::release);
            frames.clear();
            waiting = null;
            wire.breakOff(refusal);
        }
    }

    private void deliver(byte type, ByteBuf frame) {
        if (type == 'S') {
            if (reported != null) {
                reported.note(frame);
            }
            heardOfSettings |= !handlers.isEmpty() && !(handlers.peekFirst() instanceof Injected);
            return;
        }
        ReplyHandler handler = handlers.peekFirst();
        if (type == 'Z') {
            status = frame.getByte(frame.readerIndex() + 5);
            clientsPortal &= status != 'I';
            handlers.pollFirst();
            if (handler == null) {
                throw new PandoException(PandoError.BACKEND_PROTOCOL, shard, "ReadyForQuery that nothing asked for");
            }
            handler.ready(this);
        } else if (handler != null) {
            if (type == 'E') {
                ErrorFields error = Replies.errorOf(frame);
                misjudged |= SharedStatements.differs(error);
                outdated |= SharedStatements.outdated(error);
            }
            handler.message(this, type, frame);
        } else if (type == 'E') {
            // Between requests a server speaks only to say why it is about to hang up.
            lastWords = Replies.errorOf(frame).message();
        } else if (type != 'N' && type != 'A') {
            throw new PandoException(PandoError.BACKEND_PROTOCOL, shard, "message '" + (char) type + "' unasked");
        }
    }

    /** Whether a long message that has begun goes to the client in parts, past {@link #message}. */
    public boolean passes(byte type) {
        ReplyHandler handler = handlers.peekFirst();
        return !lost && (relay != null || (waiting == null && handler != null && handler.passes(type)));
    }

    /** Why it is gone, in the server's last words if it had any. */
    public String lossReason() {
        return lossReason;
    }

    /** The connection is gone; every exchange under way hears of it. */
    public void lost(String reason) {
        if (lost) {
            return;
        }
        lost = true;
        forgetWaiting();
        String why = lastWords == null ? reason : lastWords;
        lossReason = why;
        Relay whole = relay;
        relay = null;
        if (whole != null) {
            whole.relayLost(this, why);
        }
        while (!handlers.isEmpty()) {
            handlers.removeFirst().lost(this, why);
        }
    }

    /** Its session is gone in the middle of something: nobody is to hear of it any more, and nobody else may have it. */
    public void discard() {
        lost = true;
        forgetWaiting();
        handlers.clear();
        relay = null;
        onWritable = null;
    }

    private void forgetWaiting() {
        if (waiting != null) {
            waiting.forEach(ByteBuf::release);
            waiting = null;
        }
    }

    /** The socket's send buffer has room again. */
    public void writableAgain() {
        Runnable waiting = onWritable;
        onWritable = null;
        if (waiting != null) {
            waiting.run();
        }
    }

    public void whenWritable(@Nullable Runnable then) {
        onWritable = then;
    }

    public byte status() {
        return status;
    }

    public boolean idle() {
        return handlers.isEmpty();
    }

    /** Whether a request would be answered next: nothing is under way but what nobody waits for. */
    public boolean takesRequests() {
        return handlers.stream().allMatch(Unheard.class::isInstance);
    }

    public Wire wire() {
        return wire;
    }

    /** Cancels what runs; until {@link #afterCancels} the connection serves this session only. */
    public void cancel() {
        cancels++;
        wire.cancel(certain -> {
            cancels--;
            haunted |= !certain;
            if (cancels == 0) {
                List<Runnable> waiting = List.copyOf(afterCancels);
                afterCancels.clear();
                waiting.forEach(Runnable::run);
            }
        });
    }

    /** Whether a cancel request is under way to the server. */
    public boolean cancelling() {
        return cancels > 0;
    }

    /** Runs when no cancel request is under way, which has a limit in time. */
    public void afterCancels(Runnable then) {
        if (cancels == 0) {
            then.run();
        } else {
            afterCancels.add(then);
        }
    }

    /** Sends a request that the server will answer with one ReadyForQuery. On a lost connection the handler hears so at once. */
    public void exchange(ByteBuf request, ReplyHandler handler) {
        if (lost) {
            request.release();
            handler.lost(this, lossReason);
            return;
        }
        handlers.addLast(handler);
        wire.write(request);
        wire.flush();
    }

    /** Asks the server for nothing, to learn whether it still answers. Between leases only. */
    public void probe(ByteBuf buffer, Consumer<Boolean> answered) {
        // An empty query, which ends the unnamed statement as any.
        unnamed = null;
        exchange(buffer.writeByte('Q').writeInt(5).writeByte(0), new Probe(answered));
    }

    /** Opens an exchange whose messages follow by {@link Wire#write}. */
    public void open(ReplyHandler handler) {
        handlers.addLast(handler);
    }

    /** All that comes is somebody's who looks at none of it; null: no longer. */
    public void relayTo(@Nullable Relay whole) {
        relay = whole;
    }

    /** Changes of run-time parameters are this session's to hear. */
    public void reportsTo(Reported session) {
        reported = session;
    }

    /** The session that this connection serves has its OIDs as home numbers them. */
    public void numbering(Numbering session) {
        numbering = session;
    }

    /** Settings this connection has beyond its defaults: name to the SQL that made it so. */
    public Map<String, String> settings() {
        return settings;
    }

    /** Whether the server says, for the first time since this was asked, that a prepared statement is older than the schema. */
    public boolean tellsOfSchema() {
        boolean told = outdated;
        outdated = false;
        return told;
    }

    public boolean heardOfSettings() {
        return heardOfSettings;
    }

    /** What the connection's settings are is known. */
    public void settingsKnown() {
        heardOfSettings = false;
    }

    public boolean knows(String statement) {
        return prepared.get(statement) != null;
    }

    /** Notes that the server holds the statement; returns one to close when it is one too many. */
    @Nullable
    public String remember(String statement) {
        prepared.put(statement, Boolean.TRUE);
        if (prepared.size() <= MAX_PREPARED) {
            return null;
        }
        String eldest = prepared.firstEntry().getKey();
        prepared.remove(eldest);
        return eldest;
    }

    public void forget(String statement) {
        prepared.remove(statement);
    }

    /** Others are gone there. */
    public void keepStatements(Set<String> there) {
        prepared.keySet().retainAll(there);
    }

    /** DISCARD ALL or DEALLOCATE ALL went through. */
    public void forgetAllStatements() {
        prepared.clear();
        unnamed = null;
    }

    @Nullable
    public Object unnamed() {
        return unnamed;
    }

    public void unnamed(@Nullable Object statement) {
        unnamed = statement;
    }

    public boolean clientsPortal() {
        return clientsPortal;
    }

    /** The client's unnamed portal is bound here; it lives as long as the transaction. */
    public void bindsClientsPortal() {
        clientsPortal = true;
    }

    public Set<String> preparedNames() {
        return prepared.keySet();
    }

    @Override
    public String toString() {
        return shard + " status " + (char) status + (lost ? " lost" : "");
    }
}
