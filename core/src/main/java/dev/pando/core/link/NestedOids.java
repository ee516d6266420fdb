package dev.pando.core.link;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.topology.IntMap;
import dev.pando.core.topology.Oids;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;

/**
 * Type OIDs inside binary values: arrays name their elements' type, composite values that of each field (PostgreSQL's {@code array_send} and
 * {@code record_send}); ranges and domains may be made of such. A value is read from outside to inside and changed where it lies.
 *
 * @param toHome the value has the shard's numbers and shall have home's; else the other way round
 */
record NestedOids(Oids oids, ShardId shard, boolean toHome) {
    /** Values nested deeper are refused, before the stack is full. */
    private static final int DEEPEST = 200;

    private static final int RECORD = 2249;
    private static final int RECORD_ARRAY = 2287;
    private static final int ANY_ARRAY = 2277;

    private static final int RANGE_EMPTY = 0x01;
    private static final int NO_LOWER = RANGE_EMPTY | 0x08 | 0x20;
    private static final int NO_UPPER = RANGE_EMPTY | 0x10 | 0x40;

    /** Whether binary values of home's type hold type OIDs, or may. */
    static boolean inside(Oids oids, int type) {
        return kind(oids, type) != 0;
    }

    private static int kind(Oids oids, int type) {
        return switch (type) {
            case RECORD -> 'c';
            case RECORD_ARRAY, ANY_ARRAY -> 'a';
            default -> oids.inside().kinds().get(type);
        };
    }

    /** Changes the value of home's type that stands in {@code [at, at + length)}. */
    void change(int type, ByteBuf in, int at, int length) {
        try {
            value(type, in.slice(at, length), 0);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            PandoError error = toHome ? PandoError.BACKEND_PROTOCOL : PandoError.PROTOCOL_VIOLATION;
            String what = "a malformed binary value of type " + Integer.toUnsignedString(type);
            throw toHome ? PandoException.causedBy(e, error, shard, what) : PandoException.causedBy(e, error, what);
        }
    }

    /** Reads the value up to its end. */
    private void value(int type, ByteBuf value, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("nested deeper than " + DEEPEST);
        }
        switch (kind(oids, type)) {
            case 'a' -> array(value, depth);
            case 'c' -> {
                for (int left = value.readInt(); left > 0; left--) {
                    part(number(value), value, depth);
                }
            }
            case 'd' -> value(oids.inside().of().get(type), value, depth + 1);
            case 'r' -> range(oids.inside().of().get(type), value, depth);
            case 'm' -> {
                for (int left = value.readInt(); left > 0; left--) {
                    part(oids.inside().of().get(type), value, depth);
                }
            }
            default -> {
                // holds no OID of a type
            }
        }
    }

    private void array(ByteBuf value, int depth) {
        int dimensions = value.readInt();
        value.skipBytes(4);
        int element = number(value);
        value.skipBytes(8 * dimensions);
        while (kind(oids, element) != 0 && value.isReadable()) {
            part(element, value, depth);
        }
    }

    private void range(int bound, ByteBuf value, int depth) {
        int flags = value.readByte();
        if ((flags & NO_LOWER) == 0) {
            part(bound, value, depth);
        }
        if ((flags & NO_UPPER) == 0) {
            part(bound, value, depth);
        }
    }

    /** A value with its length before it. */
    private void part(int type, ByteBuf value, int depth) {
        int length = value.readInt();
        if (length > 0) {
            value(type, value.readSlice(length), depth + 1);
        }
    }

    /** Changes a number; the result is home's. */
    private int number(ByteBuf value) {
        int at = value.readerIndex();
        int before = value.readInt();
        int after = toHome ? oids.toHome(shard, before) : oids.fromHome(shard, before);
        if (after == IntMap.NONE && before != 0) {
            throw new PandoException(PandoError.TYPE_NOT_EVERYWHERE, Integer.toUnsignedString(before), shard);
        }
        value.setInt(at, after);
        return toHome ? after : before;
    }
}
