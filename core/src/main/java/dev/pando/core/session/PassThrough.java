package dev.pando.core.session;

import dev.pando.base.error.PandoException;
import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.Injected;
import dev.pando.core.link.Reported;
import dev.pando.core.link.ServerLink;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client that keeps one server connection from its first request until it leaves: session mode before one server, and replication. No
 * message is looked into, so whatever the server can do works, and nothing is known of what the client leaves behind.
 *
 * <p>What can go wrong: somebody else gets the connection with a temporary table, a lock or a half-read answer on it. What we do: {@code
 * DISCARD ALL} runs before it goes back, and if the server is not idle outside a transaction with every request answered, or says no, the
 * connection is closed. Why it suffices: DISCARD ALL is what PostgreSQL itself calls the end of a session, and requests are counted against
 * ReadyForQuery, so a count that is wrong closes a connection and never reuses one.
 */
public final class PassThrough implements ClientSession, ServerLink.Relay, Pulse {
    private static final int INBOX_BYTES = 256 * 1024;

    private final SessionPort port;
    private final Settings settings = new Settings();
    private final Reported reported = new Reported();
    private final ClientReading reading;
    private final List<String> afterCleaning;
    private final Deque<ByteBuf> inbox = new ArrayDeque<>();
    private long inboxBytes;
    private SessionPort.@Nullable Lease wait;
    private @Nullable ServerLink link;
    /** Not of the pool: it ends with the client. */
    private boolean ownConnection;
    /** The link is this session's and carries its settings. */
    private boolean open;
    /** Requests that the server has not answered with ReadyForQuery. */
    private int due;

    private long messages;
    private long answers;
    private long rests;
    private boolean skipping;
    private boolean lastWasError;
    /** Within the request that is answered now. */
    private boolean failed;

    private boolean closed;
    private boolean hungUp;

    /**
     * A session on a connection of the pool.
     *
     * @param startup the run-time parameters of the startup packet
     * @param afterCleaning what a connection has to run before somebody else gets it, once it is clean
     */
    public PassThrough(SessionPort port, Map<String, String> startup, List<String> afterCleaning) {
        this.port = port;
        this.afterCleaning = List.copyOf(afterCleaning);
        this.reading = new ClientReading(port::readClient);
        startup.forEach(settings::startup);
    }

    /** A session on a connection of its own, which has been opened with the client's startup packet. */
    public static PassThrough on(ServerLink own, SessionPort port) {
        PassThrough session = new PassThrough(port, Map.of(), List.of());
        session.ownConnection = true;
        session.link = own;
        session.begin(own);
        return session;
    }

    @Override
    public void told(Map<String, String> parameters) {
        reported.told(parameters);
    }

    @Override
    public void message(ByteBuf frame) {
        if (closed || hungUp) {
            frame.release();
            return;
        }
        messages++;
        byte type = frame.getByte(frame.readerIndex());
        port.watch().received(type, frame.readableBytes());
        if (type == 'X') {
            frame.release();
            hungUp = true;
            port.closeClient();
            return;
        }
        if (open) {
            send(frame);
            return;
        }
        inbox.addLast(frame);
        inboxBytes += frame.readableBytes();
        if (skipping) {
            skip();
        } else if (wait == null && link == null) {
            lease();
        }
        reading.inboxFull(inboxBytes > INBOX_BYTES);
    }

    private void send(ByteBuf frame) {
        ServerLink server = link;
        if (server == null) {
            frame.release();
            return;
        }
        if (isRequest(frame.getByte(frame.readerIndex()))) {
            due++;
            port.watch().begunUnread();
            port.watch().goesTo(server.shard());
        }
        server.wire().write(frame);
        if (!server.wire().writable()) {
            server.wire().flush();
            reading.sentTo(server);
        }
    }

    /** Whether ReadyForQuery will answer it. */
    private static boolean isRequest(byte type) {
        return type == 'Q' || type == 'S' || type == 'F';
    }

    @Override
    public void readComplete() {
        if (open && link != null) {
            link.wire().flush();
        }
    }

    private void lease() {
        boolean[] answered = {false};
        SessionPort.Lease asked = port.lease(ShardId.HOME, new SessionPort.Tenant() {
            @Override
            public void granted(ServerLink granted) {
                answered[0] = true;
                wait = null;
                if (closed || hungUp) {
                    port.release(granted, granted.reusable());
                } else {
                    link = granted;
                    equip(granted);
                }
            }

            @Override
            public void refused(PandoException reason) {
                answered[0] = true;
                wait = null;
                PassThrough.this.refused(ErrorFields.of(reason, false));
            }
        });
        if (!answered[0]) {
            wait = asked;
        }
    }

    /** Brings the client's startup parameters to a connection that was opened without them. */
    private void equip(ServerLink granted) {
        granted.reportsTo(reported);
        Deque<String> steps = new ArrayDeque<>(Settings.difference(settings.snapshot(), granted.settings()));
        run(granted, steps, error -> {
            // Nobody follows any more what is set here.
            granted.settings().clear();
            if (closed) {
                giveBack(granted);
            } else if (error == null) {
                reported.tell(port.allocator(), port::toClient);
                begin(granted);
            } else {
                hungUp = true;
                link = null;
                port.release(granted, false);
                tell(error.asFatal());
                port.closeClient();
            }
        });
    }

    private interface Ran {
        /** {@code error} null when all succeeded. */
        void done(@Nullable ErrorFields error);
    }

    private void run(ServerLink on, Deque<String> steps, Ran then) {
        String sql = steps.pollFirst();
        if (sql == null) {
            then.done(null);
            return;
        }
        Injected.run(on, sql, result -> {
            if (result.succeeded()) {
                run(on, steps, then);
            } else {
                then.done(result.error());
            }
        });
    }

    private void begin(ServerLink granted) {
        granted.unnamed(null);
        granted.relayTo(this);
        open = true;
        while (!inbox.isEmpty()) {
            send(inbox.removeFirst());
        }
        inboxBytes = 0;
        reading.inboxFull(false);
        granted.wire().flush();
    }

    /** No connection, or not in time: the request fails, and the next one may try again. */
    private void refused(ErrorFields error) {
        if (closed || hungUp) {
            return;
        }
        tell(error);
        skip();
        reading.inboxFull(inboxBytes > INBOX_BYTES);
    }

    /** Throws away the rest of the request that failed; one that follows is tried. */
    private void skip() {
        skipping = true;
        while (skipping && !inbox.isEmpty()) {
            ByteBuf frame = inbox.removeFirst();
            inboxBytes -= frame.readableBytes();
            skipping = !isRequest(frame.getByte(frame.readerIndex()));
            frame.release();
        }
        if (!skipping) {
            ByteBuf out = port.allocator().buffer(6);
            BackendMessages.readyForQuery(out, (byte) 'I');
            port.toClient(out);
            port.flushClient();
            if (!inbox.isEmpty()) {
                lease();
            }
        }
    }

    private void tell(ErrorFields error) {
        ByteBuf out = port.allocator().buffer(128);
        error.encode('E', out);
        port.toClient(out);
        port.flushClient();
    }

    @Override
    public void relayed(byte type, ByteBuf frame) {
        if (type == 'Z') {
            answered(frame.getByte(frame.readerIndex() + 5));
        }
        failed |= type == 'E';
        lastWasError = type == 'E';
        port.forward(frame);
        if (!port.clientWritable() && link != null) {
            link.wire().reading(false);
        }
    }

    /** Requests end with ReadyForQuery, one by one also when several are under way. */
    private void answered(byte status) {
        due--;
        answers++;
        rests += status == 'I' ? 1 : 0;
        if (failed) {
            port.watch().failed();
        } else {
            port.watch().ended();
        }
        failed = false;
        if (due == 0) {
            port.watch().rests(status != 'I');
        }
    }

    @Override
    public void relayLost(ServerLink lost, String reason) {
        open = false;
        link = null;
        reading.forget();
        port.release(lost, false);
        if (!closed && !hungUp) {
            hungUp = true;
            if (!lastWasError) {
                // Else the server has said itself why it goes.
                tell(ErrorFields.of("FATAL", "08006", "server connection was lost: " + reason));
            }
            port.closeClient();
        }
    }

    @Override
    public void clientWritable() {
        if (link != null) {
            link.wire().reading(true);
        }
    }

    @Override
    public void cancel(Runnable taken) {
        ServerLink asked = link;
        if (closed || hungUp) {
            taken.run();
        } else if (wait != null) {
            wait.cancel();
            wait = null;
            refused(ErrorFields.of("ERROR", "57014", "canceling statement due to user request"));
            taken.run();
        } else if (open && asked != null && (due > 0 || ownConnection)) {
            asked.cancel();
            asked.afterCancels(taken);
        } else {
            taken.run();
        }
    }

    @Override
    public void fatal(PandoException violation) {
        hungUp = true;
        tell(ErrorFields.of(violation, true));
        port.closeClient();
    }

    @Override
    public void closed() {
        if (closed) {
            return;
        }
        closed = true;
        inbox.forEach(ByteBuf::release);
        inbox.clear();
        reading.forget();
        if (wait != null) {
            wait.cancel();
            wait = null;
        }
        ServerLink held = link;
        if (held != null && open) {
            open = false;
            held.relayTo(null);
            giveBack(held);
        }
        // One that is being equipped is given back when it is.
    }

    private void giveBack(ServerLink held) {
        link = null;
        held.wire().reading(true);
        if (ownConnection || due != 0 || !held.reusable()) {
            held.discard();
            port.release(held, false);
            return;
        }
        held.afterCancels(() -> Cleaning.run(port, held, afterCleaning));
    }

    @Override
    public Pulse pulse() {
        return this;
    }

    @Override
    public Phase phase() {
        return active() ? Phase.RUNNING : inTransaction() ? Phase.OPEN : Phase.IDLE;
    }

    @Override
    public long messages() {
        return messages;
    }

    @Override
    public long answers() {
        return answers;
    }

    @Override
    public long rests() {
        return rests;
    }

    @Override
    public @Nullable String pinned() {
        return link == null ? null : ownConnection ? "replication" : "session mode";
    }

    @Override
    public boolean inTransaction() {
        ServerLink held = link;
        return open && held != null && held.status() != 'I';
    }

    @Override
    public int preparedStatements() {
        return 0;
    }

    @Override
    public boolean active() {
        return due > 0 || !inbox.isEmpty();
    }

    @Override
    public boolean idle() {
        return link == null && inbox.isEmpty();
    }
}
