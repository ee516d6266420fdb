package dev.pando.server.net;

import dev.pando.server.admin.Meter;
import dev.pando.server.admin.Totals;
import io.netty.buffer.ByteBuf;

/** What one event loop counts of one shard, or of its clients; written by the loop alone, read by it for others. */
final class Traffic {
    private static final int HEADER = 5;

    private final long[] counts = new long[Meter.values().length];
    private Totals begun = Totals.NONE;
    private Totals recent = Totals.NONE;

    void add(Meter meter, long count) {
        counts[Totals.place(meter)] += count;
    }

    /** Counts what is prepared and bound by messages that stand whole in a buffer; others are left alone. */
    void requests(ByteBuf messages) {
        int at = messages.readerIndex();
        while (messages.writerIndex() - at >= HEADER) {
            byte type = messages.getByte(at);
            int length = messages.getInt(at + 1);
            if (length < HEADER - 1 || type == 'd') {
                return;
            }
            if (type == 'P') {
                add(Meter.PARSES, 1);
            } else if (type == 'B') {
                add(Meter.BINDS, 1);
            }
            if (length >= messages.writerIndex() - at) {
                return;
            }
            at += 1 + length;
        }
    }

    /** A period is over. */
    void turn() {
        Totals now = Totals.of(counts);
        recent = now.since(begun);
        begun = now;
    }

    TrafficSnapshot snapshot() {
        return new TrafficSnapshot(Totals.of(counts), recent);
    }
}
