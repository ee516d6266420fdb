package dev.pando.core.merge;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.type.ScalarType;
import dev.pando.base.type.Value;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Where the fields of the row read last lie. One object is used for row after row, so that looking at a row allocates nothing. */
final class DataRow {
    private static final int COUNT_BYTES = 2;
    private static final int LENGTH_BYTES = 4;

    private final int[] start;
    private final int[] length;

    DataRow(int columns) {
        this.start = new int[columns];
        this.length = new int[columns];
    }

    /** Finds the fields of {@code body}; its reader index stays. */
    void read(int source, ByteBuf body) {
        int at = body.readerIndex();
        int end = body.writerIndex();
        if (end - at < COUNT_BYTES || body.getUnsignedShort(at) != start.length) {
            throw malformed(source);
        }
        at += COUNT_BYTES;
        for (int i = 0; i < start.length; i++) {
            if (end - at < LENGTH_BYTES) {
                throw malformed(source);
            }
            int size = body.getInt(at);
            at += LENGTH_BYTES;
            if (size < -1 || size > end - at) {
                throw malformed(source);
            }
            start[i] = at;
            length[i] = size;
            at += Math.max(size, 0);
        }
        if (at != end) {
            throw malformed(source);
        }
    }

    private static PandoException malformed(int source) {
        return new PandoException(PandoError.BACKEND_PROTOCOL, source, "a malformed DataRow");
    }

    boolean isNull(int column) {
        return length[column] < 0;
    }

    /** Bytes of the field, 0 for NULL. */
    int size(int column) {
        return Math.max(length[column], 0);
    }

    @Nullable
    Value value(ByteBuf body, int column, ScalarType type, short format) {
        return isNull(column) ? null : type.decode(body, start[column], length[column], format);
    }

    byte @Nullable [] bytes(ByteBuf body, int column) {
        if (isNull(column)) {
            return null;
        }
        byte[] copy = new byte[length[column]];
        body.getBytes(start[column], copy);
        return copy;
    }

    /** Cuts the last {@code hidden} fields off, in place. */
    void cut(ByteBuf body, int hidden) {
        if (hidden > 0) {
            int visible = start.length - hidden;
            body.setShort(body.readerIndex(), visible);
            body.writerIndex(visible == 0 ? body.readerIndex() + COUNT_BYTES : start[visible] - LENGTH_BYTES);
        }
    }
}
