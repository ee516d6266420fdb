package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.link.Reported;
import dev.pando.core.pool.PoolMode;
import dev.pando.core.route.Planned;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client after its login, as a state machine owned by one event loop: messages and answers come in as calls, everything it wants goes
 * out through {@link SessionPort}. No clock, no thread, no socket.
 *
 * <p>Messages are worked off one at a time. While one waits for something (a plan, a lease, a server's answer) the session is <em>busy</em>
 * and later messages stay in the inbox, whose size is bounded because reading from the client stops. Only an operation that takes COPY
 * data is offered messages while it runs.
 */
public final class Session implements ClientSession {
    private static final int INBOX_BYTES = 256 * 1024;

    private final SessionPort port;
    private final PoolMode mode;
    private final Settings settings = new Settings();
    private final Reported reported = new Reported();
    private final Listening listening;
    private final SearchPath searchPath;
    private final ClientReading reading;
    private final Leases leases;
    private final Replier replier;
    private final Dispatcher dispatcher;
    private final Aftermath aftermath;
    private final SimpleProtocol simple;
    private final ExtendedProtocol extended;
    private final Unreadable unreadable;
    private final ArrayDeque<ByteBuf> inbox = new ArrayDeque<>(1);
    private long inboxBytes;
    private @Nullable Operation current;
    private boolean busy;
    private boolean syncing;
    private boolean pumping;
    /** More may have been read from the client than the session has been given. */
    private boolean receiving;

    private final PlanRequests plans;
    private final Cancels cancels;
    private final Finish finish;
    private boolean closed;
    private boolean hungUp;
    private final Beat beat = new Beat(this);
    private final Runnable resume = this::resume;

    /** A session of {@code user} in transaction mode; {@code startup} are the run-time parameters of its startup packet. */
    public Session(SessionPort port, Limits limits, String user, Map<String, String> startup) {
        this(port, limits, PoolMode.TRANSACTION, user, startup);
    }

    /** As above, in any mode: in session mode what has been leased is kept until the client leaves, and then cleaned. */
    public Session(SessionPort port, Limits limits, PoolMode mode, String user, Map<String, String> startup) {
        this.port = port;
        this.mode = mode;
        this.searchPath = new SearchPath(user);
        startup.forEach((name, value) -> {
            settings.startup(name, value);
            if (Settings.key(name).equals("search_path")) {
                searchPath.set(value, false);
            }
        });
        this.reading = new ClientReading(port::readClient);
        this.plans = new PlanRequests(port, action -> {
            if (!closed) {
                guarded(action);
            }
        });
        this.listening = new Listening(port, this::fatal);
        this.leases = new Leases(port, settings, searchPath, reported, mode == PoolMode.SESSION);
        this.cancels = new Cancels(leases, plans);
        this.replier = new Replier(port);
        this.dispatcher = new Dispatcher(this, port, leases, replier, limits);
        this.aftermath = new Aftermath(this, leases, listening, dispatcher);
        this.simple = new SimpleProtocol(this, port, leases, replier, dispatcher);
        this.extended = new ExtendedProtocol(this, port, leases, replier, dispatcher, limits);
        this.unreadable = new Unreadable(this, simple, extended, replier);
        this.finish = new Finish(
                this, port, leases, cancels, dispatcher, new Looks(port, leases, settings, searchPath), replier);
    }

    /** The run-time parameters that the login has told the client of. */
    @Override
    public void told(Map<String, String> parameters) {
        reported.told(parameters);
    }

    /**
     * Tries the settings of the startup packet on home. Tells the values of these parameters as the server shows them then, or why it
     * refuses.
     */
    public void enter(
            Collection<String> parameters, Consumer<Map<String, String>> entered, Consumer<ErrorFields> refused) {
        busy = true;
        LoginTrial.run(
                leases,
                parameters,
                values -> {
                    reported.forget();
                    leases.settle();
                    busy = false;
                    entered.accept(values);
                    pump();
                },
                refused);
    }

    /** A channel that {@link SessionPort#listen} named has been notified. */
    public void notified(Notification notification) {
        if (!closed && !hungUp) {
            listening.notified(notification);
        }
    }

    /** What listened for this session is gone: nobody can tell what it would have heard. */
    public void listenerLost(PandoException reason) {
        if (!closed && !hungUp) {
            listening.lost(reason);
        }
    }

    /** A whole message from the client; ownership passes. */
    @Override
    public void message(ByteBuf frame) {
        if (closed || hungUp) {
            frame.release();
            return;
        }
        receiving = true;
        beat.message();
        port.watch().received(frame.getByte(frame.readerIndex()), frame.readableBytes());
        inbox.addLast(frame);
        inboxBytes += frame.readableBytes();
        pump();
        if (inboxBytes > INBOX_BYTES) {
            reading.inboxFull(true);
        }
    }

    /** What goes to servers is sent with each request, but for the end of a transaction, for which Sync may have come too. */
    @Override
    public void readComplete() {
        receiving = false;
        extended.batch().pushEnd();
    }

    @Override
    public void closed() {
        if (closed) {
            return;
        }
        closed = true;
        inbox.forEach(ByteBuf::release);
        inbox.clear();
        listening.close();
        reading.forget();
        Operation abandoned = current;
        current = null;
        leases.abandon();
        if (abandoned != null) {
            abandoned.abandon();
        }
        extended.abandon();
    }

    /** The client's socket has room again. */
    @Override
    public void clientWritable() {
        if (current != null) {
            current.clientWritable();
        }
        listening.clientWritable();
        Pipeline pipeline = extended.batch().pipeline();
        if (pipeline != null) {
            pipeline.link().wire().reading(true);
        }
    }

    @Override
    public void cancel(Runnable taken) {
        if (closed || hungUp) {
            taken.run();
            return;
        }
        guarded(cancels::ask);
        cancels.over(taken);
    }

    @Override
    public Pulse pulse() {
        return beat;
    }

    /** Why the session keeps a server connection between transactions, null when it does not. */
    @Override
    public @Nullable String pinned() {
        return leases.pinned();
    }

    @Override
    public boolean inTransaction() {
        return leases.mode() == TransactionState.Mode.EXPLICIT;
    }

    @Override
    public int preparedStatements() {
        return extended.preparedStatements();
    }

    @Override
    public boolean active() {
        return busy || current != null;
    }

    /** Whether nothing is held for this client: it may be ended without anybody noticing. */
    @Override
    public boolean idle() {
        return !busy
                && inbox.isEmpty()
                && leases.participants().isEmpty()
                && leases.mode() == TransactionState.Mode.NONE;
    }

    /** Works off what waits; an operation calls it when it has begun to take COPY data. */
    void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            while (!closed && !hungUp && !inbox.isEmpty()) {
                ByteBuf frame = inbox.peekFirst();
                byte type = frame.getByte(frame.readerIndex());
                // Counted first: a message that is passed on is read from as soon as the server's socket takes it.
                int bytes = frame.readableBytes();
                boolean taken = current != null && current.clientMessage(type, frame);
                if (!taken && busy) {
                    break;
                }
                if (!taken && type != 'S' && extended.batch().ending()) {
                    busy = true;
                    extended.batch().awaitEnd(resume);
                    continue;
                }
                inbox.removeFirst();
                inboxBytes -= bytes;
                try {
                    if (!taken) {
                        handle(type, frame);
                    }
                } finally {
                    frame.release();
                }
            }
        } catch (PandoException violation) {
            // Not thrown on: what called may be another session's connection.
            fatal(violation);
        } finally {
            pumping = false;
        }
        if (!receiving && !closed) {
            extended.batch().pushEnd();
        }
        if (!closed && inboxBytes <= INBOX_BYTES / 2) {
            reading.inboxFull(false);
        }
    }

    private void handle(byte type, ByteBuf frame) {
        listening.busy();
        if (type == 'X') {
            hungUp = true;
            port.closeClient();
            return;
        }
        if (!FrontendCodec.isRequest(type)) {
            unreadable.hangUp(type);
            return;
        }
        Pipeline pipeline = extended.batch().pipeline();
        if (type == 'd' || type == 'c' || type == 'f') {
            // Without a COPY under way these are left over from one that failed: the manual says to ignore them.
            if (pipeline != null && !extended.batch().skipping()) {
                pipeline.copy().message(type, frame, pipeline.link());
            }
            return;
        }
        if (extended.batch().skipping() && type != 'S') {
            return;
        }
        if ((type == 'Q' || type == 'F') && pipeline != null && pipeline.copy().awaitsEnd()) {
            // It can neither be answered, nor told from data that was forgotten.
            hungUp = true;
            CopyBreach.end(port, replier, type);
            return;
        }
        FrontendMessage message = unreadable.read(type, frame);
        if (message != null) {
            understood(type, frame, message);
        }
    }

    /** What comes next is a Sync. */
    void syncNext() {
        inbox.addFirst(port.allocator().buffer(5).writeByte('S').writeInt(4));
        inboxBytes += 5;
    }

    private void understood(byte type, ByteBuf frame, FrontendMessage message) {
        switch (message) {
            case FrontendMessage.Query query -> simple.query(query.sql());
            case FrontendMessage.Parse parse -> extended.parse(parse);
            case FrontendMessage.Bind bind -> extended.bind(bind);
            case FrontendMessage.BrokenBind broken -> extended.bind(broken);
            case FrontendMessage.Describe describe -> extended.describe(describe);
            case FrontendMessage.Execute execute -> extended.execute(execute);
            case FrontendMessage.Close close -> extended.close(close);
            case FrontendMessage.Flush flush -> extended.flush();
            case FrontendMessage.Sync sync -> {
                syncing = true;
                extended.batch().sync();
            }
            case FrontendMessage.FunctionCall call -> {
                byte[] request = ByteBufUtil.getBytes(frame);
                extended.interrupt(joins -> simple.functionCall(request, joins));
            }
            case FrontendMessage.CopyData d -> throw misplaced(type);
            case FrontendMessage.CopyDone d -> throw misplaced(type);
            case FrontendMessage.CopyFail f -> throw misplaced(type);
            case FrontendMessage.Credentials c -> throw misplaced(type);
            case FrontendMessage.Terminate t -> throw misplaced(type);
        }
    }

    private static PandoException misplaced(byte type) {
        return new PandoException(PandoError.PROTOCOL_VIOLATION, "message '" + (char) type + "' out of place");
    }

    void busy() {
        busy = true;
    }

    /** Goes on with the next message. */
    void resume() {
        busy = false;
        if (!closed) {
            pump();
        }
    }

    void current(@Nullable Operation operation) {
        current = operation;
    }

    /** The Sync was one that a server ignores, because COPY data is awaited. */
    void syncIgnored() {
        syncing = false;
        resume();
    }

    /** Whether the batch's Sync is the next message, and here already. */
    boolean syncFollows() {
        ByteBuf next = inbox.peekFirst();
        return next != null && next.getByte(next.readerIndex()) == 'S';
    }

    /** Whether Sync has been received and not been answered. */
    boolean awaitsSync() {
        return syncing;
    }

    void planned(byte[] sql, Consumer<Planned> then, Consumer<ErrorFields> failed) {
        plans.planned(sql, searchPath.current(), then, failed);
    }

    /** What arrives from elsewhere runs outside {@link #handle}: a refusal thrown there would have nobody to catch it. */
    void guarded(Runnable action) {
        try {
            action.run();
        } catch (PandoException violation) {
            fatal(violation);
        }
        port.flushClient();
    }

    /** The client has broken the protocol: tell it and hang up. */
    @Override
    public void fatal(PandoException violation) {
        hungUp = true;
        ByteBuf out = port.allocator().buffer(128);
        ErrorFields fatal = ErrorFields.of(violation, true);
        port.told(fatal);
        fatal.encode('E', out);
        port.toClient(out);
        port.flushClient();
        port.closeClient();
    }

    /** What successful statements mean for the session. */
    Aftermath aftermath() {
        return aftermath;
    }

    PoolMode mode() {
        return mode;
    }

    Settings settings() {
        return settings;
    }

    Reported reported() {
        return reported;
    }

    Listening listening() {
        return listening;
    }

    SearchPath searchPath() {
        return searchPath;
    }

    Leases leases() {
        return leases;
    }

    ClientReading reading() {
        return reading;
    }

    SessionPort port() {
        return port;
    }

    ExtendedProtocol extended() {
        return extended;
    }

    /** Ends a query string or batch. */
    void readyForQuery() {
        finish.run();
    }

    /** The client is gone. */
    boolean gone() {
        return closed;
    }

    /** Nothing more is said to this client. */
    boolean over() {
        return closed || hungUp;
    }

    /** Everything that came so far has been answered. */
    void answered() {
        syncing = false;
        simple.rests();
        extended.rests();
        beat.answered(leases.mode());
    }
}
