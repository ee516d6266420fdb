package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Identifier;
import dev.pando.core.link.Injected;
import dev.pando.core.link.Replies;
import dev.pando.core.link.ServerLink;
import dev.pando.core.topology.Shard;
import dev.pando.server.admin.Meter;
import dev.pando.server.auth.Identity;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One socket to a PostgreSQL server: logs in, then carries a {@link ServerLink}. Owned by its event loop. */
final class ServerConnection extends ChannelInboundHandlerAdapter implements ServerLink.Wire, ServerFrames.Reader {
    private static final int GOOD_BYE_SECONDS = 5;
    private static final long UNKNOWN = -1;

    /** What becomes of it. */
    interface Owner {
        void opened(ServerConnection connection);

        void failed(ServerConnection connection, PandoException reason);

        void lost(ServerConnection connection);

        /** Its session gives it back. */
        void released(ServerConnection connection, boolean reusable);
    }

    /** What the startup packet says beside user and database, for a connection that serves whoever comes. */
    static final Map<String, String> POOLED = Map.of("client_encoding", "UTF8", "standard_conforming_strings", "on");

    private final DatabaseServers servers;
    private final Shard shard;
    private final String user;
    private final Owner owner;
    private final ServerBeginning beginning;
    private final ServerLink link;
    private final long since = System.nanoTime();
    /** The last one at which it was known to be its user's. */
    private long age;
    /** The transaction under way, or one that is prepared, may have changed who somebody is. */
    private boolean changesRoles;

    private boolean prepared;
    private @Nullable ChannelHandlerContext place;
    private @Nullable Channel channel;
    private @Nullable Outbox outbox;
    private long leasedSince;
    private long busySince;
    private boolean ready;
    private boolean over;
    /** Given back by its session, and not yet to its owner. */
    private boolean settling;

    private @Nullable ClientConnection client;
    private @Nullable Consumer<ByteBuf> notifications;
    private @Nullable ScheduledFuture<?> loginDeadline;

    /**
     * @param startup what the startup packet says beside user and database
     * @param query run before the connection is handed to its owner, empty for nothing
     */
    ServerConnection(
            DatabaseServers servers,
            Shard shard,
            Identity identity,
            Map<String, String> startup,
            String query,
            Owner owner) {
        this.servers = servers;
        this.shard = shard;
        this.user = identity.user();
        this.owner = owner;
        this.beginning = new ServerBeginning(this, identity, startup, query);
        this.link = new ServerLink(shard.id(), this);
        this.age = servers.loop().roles().age();
    }

    ServerLink link() {
        return link;
    }

    DatabaseServers servers() {
        return servers;
    }

    Shard shard() {
        return shard;
    }

    String user() {
        return user;
    }

    int processId() {
        return beginning.processId();
    }

    /** Null without TLS. */
    @Nullable
    String tls() {
        return channel == null ? null : Sockets.tls(channel);
    }

    long sinceNanos() {
        return since;
    }

    /** ParameterStatus values the server announced at login. */
    Map<String, String> parameters() {
        return beginning.parameters();
    }

    @Nullable
    ClientConnection client() {
        return client;
    }

    boolean ready() {
        return ready;
    }

    /** Whether it may be somebody else's by now. */
    boolean doubtful() {
        return age != servers.loop().roles().age();
    }

    /** Whether the server still answers, and takes it for its user's. None within the time that a login may take is an answer, too. */
    void probe(Consumer<Boolean> answered) {
        Channel open = Objects.requireNonNull(channel);
        ScheduledFuture<?> due = open.eventLoop()
                .schedule(
                        () -> answered.accept(false),
                        servers.loop().connectTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
        Consumer<Boolean> inTime = alive -> {
            due.cancel(false);
            answered.accept(alive);
        };
        if (doubtful()) {
            askWho(inTime);
        } else {
            link.probe(open.alloc().buffer(8), inTime);
        }
    }

    private void askWho(Consumer<Boolean> answered) {
        long now = servers.loop().roles().age();
        boolean another = link.settings().containsKey("session_authorization");
        Injected.run(link, "SELECT session_user", result -> {
            boolean same = result.succeeded() && (another || result.firstRow().equals(List.of(Identifier.cut(user))));
            if (same) {
                age = now;
            } else if (age == UNKNOWN && !result.succeeded() && !result.lost()) {
                servers.loop().roles().changed();
            }
            answered.accept(same && link.reusable());
        });
    }

    /** Who gets the bytes at the end of each read, null between leases. */
    void leasedTo(@Nullable ClientConnection session, long now) {
        if (session != null) {
            leasedSince = now;
        } else if (client != null) {
            servers.traffic(shard.id()).add(Meter.LEASE_NANOS, now - leasedSince);
        }
        client = session;
    }

    /** Takes NotificationResponses, where no client does; the caller keeps the frame. */
    void hears(Consumer<ByteBuf> listener) {
        notifications = listener;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        outbox = new Outbox(context.channel(), servers.loop().spare());
        Duration limit = servers.loop().connectTimeout();
        loginDeadline =
                context.executor().schedule(() -> loginIsDue(context, limit), limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof TlsRequest.Settled settled) {
            beginning.start(context, settled.certificateHash());
        }
    }

    /** A server that takes connections but says nothing must not keep a place in the pool. */
    private void loginIsDue(ChannelHandlerContext context, Duration limit) {
        if (!ready) {
            fail(
                    context,
                    new PandoException(
                            PandoError.SHARD_UNAVAILABLE,
                            shard.name(),
                            shard.primary(),
                            "no answer to the login within " + limit.toMillis() + " ms"));
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        place = added;
    }

    @Override
    public void message(byte type, ByteBuf frame) {
        if (over) {
            // What was read together with the bytes that ended it.
            return;
        }
        ChannelHandlerContext there = Objects.requireNonNull(place);
        try {
            servers.traffic(shard.id()).add(Meter.RECEIVED_BYTES, frame.readableBytes());
            ClientConnection listener = client;
            if (ready && type == 'A' && notifications != null) {
                notifications.accept(frame);
            } else if (ready && type == 'A' && listener != null) {
                listener.notification(frame.retain());
            } else if (ready) {
                if (client != null) {
                    count(type, frame);
                }
                link.message(type, frame);
            } else {
                beginning.message(there, type, frame);
            }
        } catch (PandoException violation) {
            fail(there, violation);
        }
    }

    @Override
    public boolean takesInParts(byte type) {
        return ready && !over && client != null && link.passes(type);
    }

    @Override
    public String name() {
        return shard.name();
    }

    /** A part of what the session has no say in: from here to the client. */
    @Override
    public void part(ByteBuf bytes, int left) {
        ClientConnection to = client;
        if (over || to == null) {
            return;
        }
        servers.traffic(shard.id()).add(Meter.RECEIVED_BYTES, bytes.readableBytes());
        to.writePart(bytes.retain(), left);
        if (!to.writable()) {
            reading(false);
        }
    }

    private void count(byte type, ByteBuf frame) {
        Traffic traffic = servers.traffic(shard.id());
        if (type == 'C') {
            traffic.add(Meter.STATEMENTS, 1);
            changesRoles |= Roles.changes(frame) || (servers.clientsPrepare() && Roles.committed(frame));
            prepared |= Roles.prepared(frame);
        } else if (type == 'E') {
            traffic.add(Meter.ERRORS, 1);
            if (Roles.doubts(Replies.errorOf(frame))) {
                age = UNKNOWN;
            }
        } else if (type == 'Z') {
            if (frame.getByte(frame.readerIndex() + 5) == 'I') {
                traffic.add(Meter.TRANSACTIONS, 1);
                transactionOver();
            }
            if (busySince != 0) {
                traffic.add(Meter.BUSY_NANOS, System.nanoTime() - busySince);
                busySince = 0;
            }
        }
    }

    private void transactionOver() {
        if (changesRoles && !prepared) {
            changesRoles = false;
            servers.loop().roles().changed();
        }
        prepared = false;
    }

    /** The login is over: sessions may have it. */
    void loggedIn() {
        ready = true;
        Objects.requireNonNull(outbox).settled();
        if (loginDeadline != null) {
            loginDeadline.cancel(false);
        }
        owner.opened(this);
    }

    boolean isOver() {
        return over;
    }

    void fail(ChannelHandlerContext context, PandoException reason) {
        if (ready) {
            Sockets.close(context.channel());
            end(String.valueOf(reason.getMessage()));
        } else if (!over) {
            over = true;
            Sockets.close(context.channel());
            owner.failed(this, reason);
        }
    }

    /** The connection could not even be made. */
    void notConnected(Throwable cause) {
        if (!over) {
            over = true;
            owner.failed(
                    this,
                    PandoException.causedBy(
                            cause, PandoError.SHARD_UNAVAILABLE, shard.name(), shard.primary(), reason(cause)));
        }
    }

    private static String reason(Throwable cause) {
        Throwable root = cause.getCause() == null ? cause : cause.getCause();
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (client != null) {
            client.flushClient();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            link.writableAgain();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (outbox != null) {
            outbox.release();
        }
        if (ready) {
            end("server closed the connection");
        } else {
            fail(
                    context,
                    new PandoException(
                            PandoError.SHARD_UNAVAILABLE,
                            shard.name(),
                            shard.primary(),
                            "it closed the connection during login"));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable inner = Sockets.unwrapped(cause);
        if (inner instanceof PandoException ours) {
            fail(context, ours);
        } else {
            if (!(inner instanceof IOException)) {
                servers.loop().unexpected(inner);
            }
            fail(
                    context,
                    PandoException.causedBy(
                            inner, PandoError.SHARD_UNAVAILABLE, shard.name(), shard.primary(), reason(inner)));
        }
    }

    private void end(String reason) {
        if (over) {
            return;
        }
        over = true;
        ClientConnection affected = client;
        link.lost(reason);
        if (!settling) {
            owner.lost(this);
        }
        if (affected != null) {
            affected.flushClient();
        }
    }

    /** Its session gives it back. Nobody else gets it before a cancel request that is under way can no longer hit what he sends. */
    void release(boolean reusable) {
        leasedTo(null, System.nanoTime());
        if (reusable && link.cancelling()) {
            settling = true;
            link.afterCancels(() -> {
                settling = false;
                owner.released(this, link.reusable());
            });
        } else {
            owner.released(this, reusable);
        }
    }

    /** Says good-bye and hangs up. */
    void close() {
        over = true;
        Channel open = channel;
        if (open != null) {
            open.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'X', 0, 0, 0, 4}))
                    .addListener(ChannelFutureListener.CLOSE);
            // A server that does not read any more must not keep the socket by that.
            Sockets.closeAfter(open, GOOD_BYE_SECONDS);
        }
    }

    @Override
    public ByteBufAllocator allocator() {
        return Objects.requireNonNull(channel).alloc();
    }

    @Override
    public void write(ByteBuf message) {
        Outbox open = outbox;
        if (open == null || over) {
            message.release();
        } else {
            Traffic traffic = servers.traffic(shard.id());
            traffic.add(Meter.SENT_BYTES, message.readableBytes());
            traffic.requests(message);
            if (busySince == 0) {
                busySince = System.nanoTime();
            }
            open.write(message);
        }
    }

    @Override
    public void flush() {
        if (outbox != null) {
            outbox.flush();
        }
    }

    @Override
    public void reading(boolean on) {
        if (channel != null && channel.config().isAutoRead() != on) {
            channel.config().setAutoRead(on);
        }
    }

    @Override
    public boolean writable() {
        return channel != null && channel.isWritable();
    }

    @Override
    public void breakOff(PandoException reason) {
        if (channel != null) {
            Sockets.close(channel);
        }
        end(String.valueOf(reason.getMessage()));
    }

    @Override
    public void cancel(Consumer<Boolean> taken) {
        servers.loop().sendCancel(shard, beginning.cancellation(), taken);
    }
}
