package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.session.ClientSession;
import dev.pando.core.session.Session;
import dev.pando.server.admin.Meter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's socket: the login, then a {@link Session} (or the admin console). Owned by its event loop, on which statistics are read
 * too; other threads may call {@link #cancel} and what is final.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {
    private static final int LAST_WORDS_SECONDS = 5;
    private static final int MOST_NOTIFICATIONS = 1_000;

    private final Endpoint endpoint;
    private final LoopServers servers;
    private final FrameDecoder decoder;
    private final long since = System.nanoTime();
    private final int id;
    private byte[] secret;
    private final ClientLogin login;
    private final ClientTls tls;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Outbox outbox;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable ClientSession session;
    private @Nullable AdminSession admin;
    private @Nullable SocketSessionPort port;
    private volatile @Nullable Database database;
    private final ClientWatch watch = new ClientWatch();
    /** Why it ends: the SQLSTATE it was told, or what it did itself. */
    private String farewell = "connection lost";

    private boolean closing;
    /** They wait while a long message is being written. */
    private final Deque<ByteBuf> notifications = new ArrayDeque<>(1);
    /** Bytes still to come of the message that is being written. */
    private int owed;

    ClientConnection(Endpoint endpoint, LoopServers servers, FrameDecoder decoder, int id, byte[] secret) {
        this.endpoint = endpoint;
        this.servers = servers;
        this.decoder = decoder;
        this.id = id;
        this.secret = secret;
        this.login = new ClientLogin(endpoint, this);
        this.tls = new ClientTls(this, decoder, endpoint::encryption);
    }

    int id() {
        return id;
    }

    byte[] secret() {
        return secret;
    }

    /** As long as PostgreSQL's in protocol 3.2. */
    void lengthenSecret() {
        secret = endpoint.authenticator().bytes(32);
    }

    long sinceNanos() {
        return since;
    }

    ClientLogin login() {
        return login;
    }

    @Nullable
    ClientSession session() {
        return session;
    }

    /** Logged in to the admin database. */
    boolean isAdmin() {
        return admin != null;
    }

    @Nullable
    SocketSessionPort port() {
        return port;
    }

    LoopServers servers() {
        return servers;
    }

    /** Null before the login and for the admin database. */
    @Nullable
    Database database() {
        return database;
    }

    String remote() {
        ChannelHandlerContext open = context;
        return open != null && open.channel().remoteAddress() instanceof InetSocketAddress inet
                ? inet.getHostString() + ":" + inet.getPort()
                : "unix";
    }

    /** Whether it came over a unix socket. */
    boolean local() {
        return channel() instanceof EpollDomainSocketChannel;
    }

    /** The operating system's name of who is at the other end of a unix socket; null when it is no such socket, or has no name. */
    @Nullable
    String peerUser() {
        return channel() instanceof EpollDomainSocketChannel unix ? PeerUser.of(unix) : null;
    }

    Channel channel() {
        return Objects.requireNonNull(context).channel();
    }

    /** Null without TLS. */
    @Nullable
    String tls() {
        ChannelHandlerContext open = context;
        return open == null ? null : Sockets.tls(open.channel());
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        context = active;
        outbox = new Outbox(active.channel(), servers.spare());
        long millis = endpoint.config().limits().loginTimeout().toMillis();
        deadline = active.executor()
                .schedule(
                        () -> fatal(new PandoException(
                                PandoError.LOGIN_TIMEOUT,
                                endpoint.config().limits().loginTimeout())),
                        millis,
                        TimeUnit.MILLISECONDS);
        try {
            endpoint.arrived(this);
        } catch (PandoException tooMany) {
            fatal(tooMany);
        }
    }

    /** From any thread: its place to log in is another's now. */
    void tooLate() {
        servers.loop().execute(() -> fatal(endpoint.admission().tooManyLogins()));
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        ByteBuf frame = (ByteBuf) message;
        if (closing) {
            frame.release();
            return;
        }
        try {
            ClientSession running = session;
            AdminSession console = admin;
            if (running != null) {
                byte type = frame.getByte(frame.readerIndex());
                if (type == 'X') {
                    farewell = "terminated";
                } else if (type == 'P') {
                    servers.clientTraffic().add(Meter.CLIENT_PARSES, 1);
                }
                running.message(frame);
            } else {
                try {
                    if (console != null) {
                        console.message(frame);
                    } else {
                        login.message(frame);
                    }
                } finally {
                    frame.release();
                }
            }
        } catch (PandoException violation) {
            fatal(violation);
        }
    }

    boolean encrypted() {
        return tls.on();
    }

    /** Whether nothing more is said to this client. */
    boolean closing() {
        return closing;
    }

    ClientTls tlsLayer() {
        return tls;
    }

    /** The startup packet has been read: messages have types from now on. */
    void startupOver() {
        decoder.startupOver();
    }

    /** The password was right. Throws TOO_MANY_CLIENTS when there is no place. */
    void admitted(boolean forAdmin) {
        if (forAdmin) {
            endpoint.admission().loggedIn(this, true);
        } else {
            endpoint.admission().loggedIn(this, endpoint.groups(login.user(), login.database()));
        }
        decoder.loginOver();
        servers.clientTraffic().add(Meter.LOGINS, 1);
    }

    /** Login succeeded. */
    void begin(SocketSessionPort its, ClientSession begun) {
        cancelDeadline();
        Objects.requireNonNull(outbox).settled();
        port = its;
        session = begun;
        servers.came(this);
        endpoint.journal().loggedIn(this);
    }

    /** It is in this database until it goes. */
    void entered(Database by) {
        database = by;
    }

    /** Whether it still listens. */
    boolean isOpen() {
        ChannelHandlerContext open = context;
        return open != null && open.channel().isActive() && !closing;
    }

    /** Tries the client's settings; a server that refuses them ends the login with its own words. Not for session mode. */
    void enter(Collection<String> parameters, Consumer<Map<String, String>> entered) {
        ((Session) Objects.requireNonNull(session)).enter(parameters, entered, refused -> {
            ByteBuf out = buffer();
            BackendMessages.authenticationOk(out);
            write(out);
            error(refused.asFatal());
            close();
        });
    }

    void told(Map<String, String> parameters) {
        Objects.requireNonNull(session).told(parameters);
    }

    void beginAdmin() {
        cancelDeadline();
        admin = new AdminSession(this, endpoint);
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    void write(ByteBuf messages) {
        Outbox open = outbox;
        if (open == null || closing) {
            messages.release();
        } else if (owed > 0) {
            // Within a row nothing else can be said any more: its server was lost, or we stop.
            messages.release();
            closing = true;
            Sockets.close(channel());
        } else {
            open.write(messages);
        }
    }

    /** Passes on a message that is lent. */
    void forward(ByteBuf message) {
        Outbox open = outbox;
        if (open == null || closing || owed > 0) {
            write(message.retain());
        } else {
            open.forward(message);
        }
    }

    /** A part of a long message, of which {@code left} bytes are still to come. */
    void writePart(ByteBuf part, int left) {
        owed = 0;
        if (port != null) {
            port.sight().sent(part.readableBytes());
        }
        write(part);
        owed = left;
        while (owed == 0 && !notifications.isEmpty()) {
            write(notifications.removeFirst());
        }
    }

    /** Comes from a server when it likes to, also between a client's requests, but must not go into the middle of a message. */
    void notification(ByteBuf message) {
        if (owed == 0) {
            write(message);
        } else if (notifications.size() < MOST_NOTIFICATIONS) {
            notifications.addLast(message);
        } else {
            // None may be lost in silence.
            message.release();
            closing = true;
            Sockets.close(channel());
        }
    }

    void flushClient() {
        if (outbox != null) {
            outbox.flush();
        }
    }

    boolean writable() {
        ChannelHandlerContext open = context;
        return open != null && open.channel().isWritable();
    }

    void reading(boolean on) {
        ChannelHandlerContext open = context;
        if (open != null && open.channel().config().isAutoRead() != on) {
            open.channel().config().setAutoRead(on);
        }
    }

    ByteBuf buffer() {
        return Objects.requireNonNull(context).alloc().buffer(256);
    }

    /** Tells the client why and hangs up. */
    void fatal(PandoException reason) {
        if (closing) {
            return;
        }
        ErrorFields fatal = ErrorFields.of(reason, true);
        told(fatal);
        error(fatal);
        close();
    }

    /** An error goes to the client. */
    void told(ErrorFields error) {
        endpoint.journal().told(this, error);
        if ("FATAL".equals(error.fields().get('S'))) {
            farewell = error.sqlState();
        }
    }

    void error(ErrorFields fields) {
        ByteBuf out = buffer();
        fields.encode('E', out);
        write(out);
    }

    void notice(ErrorFields fields) {
        ByteBuf out = buffer();
        fields.encode('N', out);
        write(out);
    }

    void ready(byte status) {
        ByteBuf out = buffer();
        BackendMessages.readyForQuery(out, status);
        write(out);
        flushClient();
    }

    /** Sends what is queued and hangs up; nothing that arrives later is looked at. */
    void close() {
        if (!closing) {
            flushClient();
            closing = true;
            cancelDeadline();
            ChannelHandlerContext open = Objects.requireNonNull(context);
            if (tls.hungUp()) {
                return;
            }
            open.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            // Who does not read what is queued must not keep his socket by that.
            deadline =
                    open.executor().schedule(() -> Sockets.close(open.channel()), LAST_WORDS_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Whether its time is up. */
    void look(long now) {
        ClientSession running = session;
        SocketSessionPort waits = port;
        if (running != null && waits != null && !closing) {
            watch.look(this, running, waits, now);
        }
    }

    /** The endpoint ends: between transactions a client is hung up on. */
    void leaveWhenIdle() {
        ClientSession running = session;
        if (running == null ? admin == null : running.idle()) {
            fatal(new PandoException(PandoError.SHUTTING_DOWN));
        }
    }

    /** From any thread. {@code then} runs when a statement that the client sends now is not hit any more. */
    void cancel(Runnable then) {
        servers.loop().execute(() -> {
            if (admin != null) {
                admin.cancel();
            }
            if (session == null) {
                then.run();
            } else {
                session.cancel(then);
            }
        });
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext complete) {
        if (session != null) {
            session.readComplete();
        }
        flushClient();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext changed) {
        ClientSession running = session;
        if (port != null) {
            port.sight().reads(changed.channel().isWritable());
        }
        if (running != null && changed.channel().isWritable()) {
            running.clientWritable();
            flushClient();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        cancelDeadline();
        login.over();
        closing = true;
        try {
            if (session != null) {
                session.closed();
            }
            servers.left(this);
            if (port != null) {
                port.closed();
            }
            if (admin != null) {
                admin.closed();
            }
        } finally {
            notifications.forEach(ByteBuf::release);
            notifications.clear();
            if (outbox != null) {
                outbox.release();
            }
            endpoint.journal().left(this, session, farewell);
            endpoint.gone(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failing, Throwable cause) {
        Throwable inner = Sockets.unwrapped(cause);
        if (inner instanceof PandoException violation) {
            fatal(violation);
        } else if (inner instanceof IOException) {
            Sockets.close(failing.channel());
        } else {
            servers.unexpected(inner);
            fatal(PandoException.causedBy(inner, PandoError.BUG, String.valueOf(inner)));
        }
    }
}
