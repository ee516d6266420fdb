package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.link.Replies;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/** Rows that a write on several shards returned, handed out as a client's row limit asks for them. The write itself is done. */
final class HeldRows implements Portal.Rows {
    private final Replier replier;
    private final ArrayDeque<ByteBuf> rows = new ArrayDeque<>();
    private final long limit;
    private long bytes;
    private String tag = "";

    HeldRows(Replier replier, long limit) {
        this.replier = replier;
        this.limit = limit;
    }

    /** Keeps a row as a whole message; the reference passes. */
    void add(ByteBuf row) {
        if (bytes + row.readableBytes() > limit) {
            row.release();
            throw new PandoException(PandoError.MERGE_MEMORY, "several", limit);
        }
        rows.add(row);
        bytes += row.readableBytes();
    }

    void tag(String full) {
        tag = full;
    }

    @Override
    public void fetch(int maxRows, long room, Outcome outcome) {
        int sent = 0;
        while (!rows.isEmpty() && (maxRows <= 0 || sent < maxRows)) {
            ByteBuf row = rows.removeFirst();
            bytes -= row.readableBytes();
            replier.send(row);
            sent++;
        }
        if (maxRows > 0 && sent == maxRows) {
            replier.bare('s');
        } else {
            replier.complete(Replies.withRows(tag, sent));
        }
        outcome.done();
    }

    @Override
    public long heldBytes() {
        return bytes;
    }

    @Override
    public void close() {
        abandon();
    }

    @Override
    public void abandon() {
        rows.forEach(ByteBuf::release);
        rows.clear();
        bytes = 0;
    }
}
