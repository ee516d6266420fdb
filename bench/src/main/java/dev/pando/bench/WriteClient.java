package dev.pando.bench;

import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One connection in a closed loop: login, prepare, then request, answer, request, answer. Lives on its event loop; everything it learns
 * goes to its {@link ClientGroup} there.
 */
// Failed writes arrive in exceptionCaught (void promises), and a close that fails is still followed by channelInactive.
@SuppressWarnings("FutureReturnValueIgnored")
final class WriteClient extends ChannelInboundHandlerAdapter implements Frames.Sink {
    private enum Phase {
        LOGIN,
        PREPARE,
        IDLE,
        BUSY,
        ENDED
    }

    private final ClientGroup group;
    private final Login login;
    private final Work.Requests requests;
    private final Frames frames;
    private Phase phase = Phase.LOGIN;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ServerError error;
    private boolean rollingBack;
    private long sentAt;
    private @Nullable Future<?> loginLimit;

    WriteClient(ClientGroup group, Login login, Work.Requests requests) {
        this.group = group;
        this.login = login;
        this.requests = requests;
        this.frames = new Frames(group.work().longestAnswer());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (phase == Phase.ENDED) {
            ctx.close();
            return;
        }
        context = ctx;
        ByteBuf out = ctx.alloc().buffer();
        login.start(out);
        ctx.writeAndFlush(out, ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            frames.read(ctx.alloc(), (ByteBuf) message, this);
        } catch (Frames.BadFrame | PandoException | IndexOutOfBoundsException e) {
            end(new ServerError(ServerError.PROTOCOL, "server sent a malformed message: " + e.getMessage()));
        }
    }

    @Override
    public boolean message(byte type, ByteBuf body) {
        switch (phase) {
            case LOGIN -> login(type, body);
            case PREPARE -> prepared(type, body);
            case IDLE -> unasked(type, body);
            case BUSY -> answer(type, body);
            case ENDED -> {}
        }
        return phase != Phase.ENDED;
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not connected");
        }
        return context;
    }

    /** Leaves the login behind, for better or worse. */
    private void enter(Phase next) {
        phase = next;
        if (loginLimit != null) {
            loginLimit.cancel(false);
            loginLimit = null;
        }
    }

    /** Ends this client when {@code limit} fires before it has got in. */
    void limitLogin(Future<?> limit) {
        loginLimit = limit;
    }

    private void login(byte type, ByteBuf body) {
        ByteBuf out = context().alloc().buffer();
        switch (login.on(type, body, out)) {
            case Login.Progress.Pending() -> {}
            case Login.Progress.Done() -> {
                phase = Phase.PREPARE;
                group.work().prepare(out);
            }
            case Login.Progress.Failed(ServerError why) -> end(why);
        }
        boolean loggedIn = phase == Phase.PREPARE && !out.isReadable();
        flush(out);
        if (loggedIn) {
            enter(Phase.IDLE);
            group.ready(this);
        }
    }

    /** Takes over {@code out}. */
    private void flush(ByteBuf out) {
        if (out.isReadable() && phase != Phase.ENDED) {
            context().writeAndFlush(out, context().voidPromise());
        } else {
            out.release();
        }
    }

    private void prepared(byte type, ByteBuf body) {
        if (type == 'E') {
            end(ServerError.decode(body));
        } else if (type == 'Z') {
            enter(Phase.IDLE);
            group.ready(this);
        }
    }

    /** Between requests a server may only say that it is going away, or change a parameter. */
    private void unasked(byte type, ByteBuf body) {
        if (type == 'E') {
            end(ServerError.decode(body));
        }
    }

    private void answer(byte type, ByteBuf body) {
        switch (type) {
            case 'E' -> error = error == null ? ServerError.decode(body) : error;
            case 'Z' -> ready(body.readByte());
            case 'G' -> {
                ByteBuf out = context().alloc().buffer();
                requests.copyIn(out);
                flush(out);
            }
            default -> requests.message(type, body);
        }
    }

    private void ready(byte transaction) {
        ByteBuf out = context().alloc().buffer();
        if (error == null) {
            requests.ready(out);
        } else if (transaction != 'I' && !rollingBack) {
            rollingBack = true;
            Messages.query(out, "ROLLBACK");
        }
        boolean answered = !out.isReadable();
        String wrong = answered && error == null ? requests.wrong() : null;
        flush(out);
        if (wrong != null) {
            end(new ServerError(ServerError.PROTOCOL, wrong));
        } else if (answered) {
            phase = Phase.IDLE;
            group.answered(this, sentAt, error);
        }
    }

    /** Sends the next request. */
    void send(long now) {
        phase = Phase.BUSY;
        error = null;
        rollingBack = false;
        sentAt = now;
        ByteBuf out = context().alloc().buffer(256);
        requests.next(out);
        context().writeAndFlush(out, context().voidPromise());
    }

    boolean busy() {
        return phase == Phase.BUSY;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gone("server closed the connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        gone(String.valueOf(cause.getMessage()));
    }

    /** What the server said last explains a lost connection better than the loss itself. */
    private void gone(String how) {
        end(error != null ? error : new ServerError(ServerError.CONNECTION, how));
    }

    /** Ends this client with an error, once. */
    void end(ServerError why) {
        Phase last = phase;
        if (last == Phase.ENDED) {
            return;
        }
        enter(Phase.ENDED);
        frames.release();
        if (context != null) {
            context.close();
        }
        switch (last) {
            case LOGIN, PREPARE -> group.refused(this, why);
            case IDLE -> group.lost(this, why, false);
            case BUSY -> group.lost(this, why, true);
            case ENDED -> {}
        }
    }

    /** Says goodbye without an error. */
    void quit() {
        enter(Phase.ENDED);
        frames.release();
        if (context != null) {
            ByteBuf out = context.alloc().buffer(8);
            out.writeByte('X').writeInt(4);
            context.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
