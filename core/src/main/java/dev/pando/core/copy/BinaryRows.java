package dev.pando.core.copy;

import dev.pando.core.route.CopyShape;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Rows of the binary format: a header with signature, flags and extension, tuples of counted fields, a trailer of -1. */
final class BinaryRows implements RowFinder {
    static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    static final String AFTER_TRAILER = "received copy data after EOF marker";
    private static final byte[] TRAILER = {(byte) 0xff, (byte) 0xff};
    private static final int CRITICAL_FLAGS = 0xffff_0000;
    private static final int EXTENSION_AT = SIGNATURE.length + 2 * Integer.BYTES;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private final KeyFields keys;
    private final int fields;
    private boolean headerDue = true;
    private Kind kind = Kind.ROW;
    /** Where the next field's length stands in the current row, from its start. */
    private int looked;

    private int field;
    private int announced;

    BinaryRows(CopyShape shape, KeyFields keys) {
        this.keys = keys;
        this.fields = shape.fields();
    }

    @Override
    public int find(byte[] data, int start, int end, boolean last) {
        int rowEnd = headerDue ? header(data, start, end) : tuple(data, start, end);
        if (rowEnd < 0 && last && (end > start || headerDue)) {
            throw new BadRow(headerDue ? "COPY file signature not recognized" : "unexpected end of COPY data");
        }
        return rowEnd;
    }

    private int header(byte[] data, int start, int end) {
        int present = Math.min(end - start, SIGNATURE.length);
        if (!Arrays.equals(data, start, start + present, SIGNATURE, 0, present)) {
            throw new BadRow("COPY file signature not recognized");
        }
        if (end - start < EXTENSION_AT) {
            return -1;
        }
        int flags = (int) INT.get(data, start + SIGNATURE.length);
        if ((flags & CRITICAL_FLAGS) != 0) {
            throw new BadRow("unrecognized critical flags in COPY file header");
        }
        int extension = (int) INT.get(data, start + SIGNATURE.length + Integer.BYTES);
        if (extension < 0) {
            throw new BadRow("invalid COPY file header (missing length)");
        }
        announced = extension;
        if (end - start - EXTENSION_AT < extension) {
            return -1;
        }
        headerDue = false;
        announced = 0;
        kind = Kind.EVERY_SHARD;
        return start + EXTENSION_AT + extension;
    }

    private int tuple(byte[] data, int start, int end) {
        if (looked == 0) {
            if (end - start < Short.BYTES) {
                return -1;
            }
            int count = (short) SHORT.get(data, start);
            if (count == -1) {
                return trailer(start, end);
            }
            if (count != fields) {
                throw new BadRow("row field count is " + count + ", expected " + fields);
            }
            keys.clear();
            field = 0;
            looked = Short.BYTES;
        }
        while (field < fields) {
            if (end - start - looked < Integer.BYTES) {
                return -1;
            }
            int length = (int) INT.get(data, start + looked);
            if (length < -1) {
                throw new BadRow("invalid field size " + length);
            }
            int from = looked + Integer.BYTES;
            announced = length;
            if (end - start - from < length) {
                return -1;
            }
            keys.note(field++, from, from + length);
            looked = from + Math.max(length, 0);
        }
        kind = Kind.ROW;
        int rowEnd = start + looked;
        looked = 0;
        announced = 0;
        return rowEnd;
    }

    private int trailer(int start, int end) {
        if (end - start > Short.BYTES) {
            throw new BadRow(AFTER_TRAILER);
        }
        kind = Kind.END;
        return start + Short.BYTES;
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public int announced() {
        return announced;
    }

    @Override
    public byte[] trailer() {
        return TRAILER;
    }
}
