package dev.pando.core.link;

import dev.pando.base.wire.FrameSplitter;
import io.netty.buffer.ByteBuf;

/**
 * Brings the type OIDs inside a row's binary values to home's numbers.
 *
 * @param types home's type of each column that has such, zero for others
 */
public record RowNumbers(NestedOids numbers, int[] types) {
    /** Changes a DataRow, given as a whole message. */
    public void toHome(ByteBuf frame) {
        int at = frame.readerIndex() + FrameSplitter.HEADER;
        int columns = Math.min(frame.getUnsignedShort(at), types.length);
        at += 2;
        for (int i = 0; i < columns; i++) {
            int length = frame.getInt(at);
            at += 4;
            if (length > 0) {
                if (types[i] != 0) {
                    numbers.change(types[i], frame, at, length);
                }
                at += length;
            }
        }
    }
}
