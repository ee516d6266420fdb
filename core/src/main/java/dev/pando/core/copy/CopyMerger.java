package dev.pando.core.copy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.route.CopyShape;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Joins the data of COPY TO STDOUT of several shards into one: header and trailer once. Owned by one session and used by its thread only.
 *
 * <p>A server sends each row, the header and the trailer as a CopyData of its own, so pieces are dropped as a whole and rows are not
 * looked into. The shards may answer in any order and interleaved.
 */
public final class CopyMerger {
    private static final int BINARY_HEADER_BYTES = BinaryRows.SIGNATURE.length + 2 * Integer.BYTES;

    private final boolean header;
    private final boolean binary;
    private final boolean[] started;
    private boolean headerSent;

    public CopyMerger(CopyShape shape, int sources) {
        this.binary = shape.format() == CopyShape.Format.BINARY;
        this.header = binary || shape.header() != CopyShape.Header.NONE;
        this.started = new boolean[sources];
    }

    /** The payload of one CopyData; its reference passes to this object, and on to {@code client} if the client is to see it. */
    public void data(int source, ByteBuf payload, Consumer<ByteBuf> client) {
        boolean first = !started[source];
        started[source] = true;
        if (binary) {
            binary(source, first, payload, client);
        } else if (first && header && headerSent) {
            payload.release();
        } else {
            headerSent |= first;
            client.accept(payload);
        }
    }

    /** The first tuple comes in one CopyData with the header, and so does the trailer if there is no tuple. */
    private void binary(int source, boolean first, ByteBuf payload, Consumer<ByteBuf> client) {
        if (first) {
            requireHeader(source, payload);
        }
        int tupleAt = payload.readerIndex() + (first ? BINARY_HEADER_BYTES : 0);
        if (payload.writerIndex() - tupleAt == Short.BYTES && payload.getShort(tupleAt) == -1) {
            payload.writerIndex(tupleAt);
        }
        if (first && headerSent) {
            payload.readerIndex(tupleAt);
        }
        headerSent = true;
        if (payload.isReadable()) {
            client.accept(payload);
        } else {
            payload.release();
        }
    }

    private static void requireHeader(int source, ByteBuf payload) {
        byte[] start = new byte[BinaryRows.SIGNATURE.length];
        if (payload.readableBytes() < BINARY_HEADER_BYTES) {
            throw notBinary(source, payload);
        }
        payload.getBytes(payload.readerIndex(), start);
        if (!Arrays.equals(start, BinaryRows.SIGNATURE)) {
            throw notBinary(source, payload);
        }
    }

    private static PandoException notBinary(int source, ByteBuf payload) {
        payload.release();
        return new PandoException(PandoError.BACKEND_PROTOCOL, source, "binary COPY data without its header");
    }

    /** All shards have ended: what the client still needs. */
    public byte[] end() {
        return binary ? new byte[] {(byte) 0xff, (byte) 0xff} : new byte[0];
    }
}
