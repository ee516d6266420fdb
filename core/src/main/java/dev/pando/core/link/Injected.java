package dev.pando.core.link;

import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.RowDescription;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An exchange of Pando's own, which the client does not see: settings, BEGIN, PREPARE TRANSACTION and the like. */
public final class Injected implements ReplyHandler {
    /**
     * How it went: {@code error} null on success. {@code lost} when the server is gone and nobody knows. {@code columns} and {@code rows}
     * of all statements together, {@code bytes} long; {@code cut} when there was more than was wanted.
     */
    public record Result(
            @Nullable ErrorFields error,
            boolean lost,
            @Nullable String tag,
            List<String> columns,
            List<List<@Nullable String>> rows,
            long bytes,
            boolean cut) {
        /** Empty when there is none. */
        public List<@Nullable String> firstRow() {
            return rows.isEmpty() ? List.of() : rows.getFirst();
        }

        public boolean succeeded() {
            return error == null;
        }
    }

    private static final int MOST_ROWS = 2_000;

    private final @Nullable Consumer<ByteBuf> hears;
    private final Consumer<Result> then;
    private @Nullable ErrorFields error;
    private @Nullable String tag;
    private final List<String> columns = new ArrayList<>();
    private final List<List<@Nullable String>> rows = new ArrayList<>();
    private final int mostRows;
    private final long mostBytes;
    private long bytes;
    private boolean cut;

    private Injected(@Nullable Consumer<ByteBuf> hears, int mostRows, long mostBytes, Consumer<Result> then) {
        this.hears = hears;
        this.mostRows = mostRows;
        this.mostBytes = mostBytes;
        this.then = then;
    }

    public static void run(ServerLink link, String sql, Consumer<Result> then) {
        run(link, sql, null, then);
    }

    /** A query of whose rows {@code most} bytes are wanted, and word when there are more. */
    public static void query(ServerLink link, String sql, long most, Consumer<Result> then) {
        link.unnamed(null);
        link.exchange(
                Requests.query(link.wire().allocator(), sql.getBytes(StandardCharsets.UTF_8)),
                new Injected(null, Integer.MAX_VALUE, most, then));
    }

    /** For what the client has asked for in other words: it {@code hears} the server's notices, such as those of deferred triggers. */
    public static void run(ServerLink link, String sql, @Nullable Consumer<ByteBuf> hears, Consumer<Result> then) {
        // A simple query ends the unnamed statement.
        link.unnamed(null);
        ByteBuf request;
        if (link.clientsPortal()) {
            request = link.wire().allocator().buffer(64 + sql.length());
            // Left behind by a statement that failed.
            Requests.close(request, 'P', Requests.OWN_PORTAL);
            Requests.own(request, sql);
            Requests.bare(request, 'S');
        } else {
            request = Requests.query(link.wire().allocator(), sql.getBytes(StandardCharsets.UTF_8));
        }
        link.exchange(request, new Injected(hears, MOST_ROWS, Long.MAX_VALUE, then));
    }

    @Override
    public void message(ServerLink link, byte type, ByteBuf frame) {
        if (type == 'E') {
            error = Replies.errorOf(frame);
        } else if (type == 'C') {
            tag = Replies.tagOf(frame);
        } else if (type == 'N' && hears != null) {
            hears.accept(frame.retain());
        } else if (type == 'T') {
            RowDescription.decode(Replies.body(frame), link.shard())
                    .fields()
                    .forEach(field -> columns.add(field.name()));
        } else if (type == 'D') {
            bytes += frame.readableBytes();
            cut |= rows.size() == mostRows || bytes > mostBytes;
            if (!cut) {
                rows.add(row(Replies.body(frame)));
            }
        }
    }

    private static List<@Nullable String> row(ByteBuf body) {
        List<@Nullable String> values = new ArrayList<>();
        int columns = body.readUnsignedShort();
        for (int i = 0; i < columns; i++) {
            int length = body.readInt();
            values.add(
                    length < 0
                            ? null
                            : body.readCharSequence(length, StandardCharsets.UTF_8)
                                    .toString());
        }
        return values;
    }

    @Override
    public void ready(ServerLink link) {
        then.accept(new Result(error, false, tag, columns, rows, bytes, cut));
    }

    @Override
    public void lost(ServerLink link, String reason) {
        then.accept(new Result(ErrorFields.of("ERROR", "08006", reason), true, null, List.of(), List.of(), 0, false));
    }
}
