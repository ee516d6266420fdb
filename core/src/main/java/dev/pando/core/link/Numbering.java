package dev.pando.core.link;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.Field;
import dev.pando.base.wire.Formats;
import dev.pando.base.wire.FrameSplitter;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.base.wire.RowDescription;
import dev.pando.core.topology.IntMap;
import dev.pando.core.topology.Oids;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * OIDs of types and tables as home numbers them towards the client, and as a shard numbers them towards that shard. All have four bytes, so
 * messages are changed where they lie. What came into being after the catalog was read is looked for once; then it is refused, never
 * passed on.
 */
public final class Numbering {
    private static final int FIELD_BYTES = 18;
    /** An array without elements: dimensions, flags, type. Nothing shorter holds an OID and has one from a database in it. */
    private static final int SMALLEST_NESTED = 12;

    private static final int MOST_SOUGHT = 256;

    private final CatalogPort port;
    /** Types that a reading of the catalog has not brought. */
    private final Set<Integer> sought = new HashSet<>();

    private long soughtAt = -1;

    public Numbering(CatalogPort port) {
        this.port = port;
    }

    /** Whether a RowDescription or ParameterDescription has home's numbers now; false if a type in it is not known. */
    public boolean toHome(ShardId shard, byte type, ByteBuf frame) {
        return port.oids().alike(shard) || unknown(shard, type, frame) == IntMap.NONE;
    }

    /** As {@link #toHome}, and final. */
    void requireHome(ShardId shard, byte type, ByteBuf frame) {
        int unknown = unknown(shard, type, frame);
        if (unknown != IntMap.NONE) {
            throw missing(shard, unknown);
        }
    }

    private int unknown(ShardId shard, byte type, ByteBuf frame) {
        try {
            return change(shard, type, frame);
        } catch (IndexOutOfBoundsException e) {
            throw PandoException.causedBy(
                    e, PandoError.BACKEND_PROTOCOL, port.shardName(shard), "a malformed description");
        }
    }

    /** Changes nothing when a type is not known, but says which. */
    private int change(ShardId shard, byte type, ByteBuf frame) {
        Oids oids = port.oids();
        int start = frame.readerIndex() + FrameSplitter.HEADER;
        int count = frame.getUnsignedShort(start);
        boolean parameters = type == 't';
        for (boolean write : new boolean[] {false, true}) {
            int at = start + 2;
            for (int i = 0; i < count; i++) {
                int typeAt = parameters ? at : endOfName(frame, at) + 6;
                int number = frame.getInt(typeAt);
                int home = oids.toHome(shard, number);
                if (home == IntMap.NONE && number != 0) {
                    return number;
                }
                if (write) {
                    frame.setInt(typeAt, home);
                    if (!parameters) {
                        frame.setInt(typeAt - 6, oids.tableToHome(shard, frame.getInt(typeAt - 6)));
                    }
                }
                at = parameters ? at + 4 : typeAt - 6 + FIELD_BYTES;
            }
        }
        return IntMap.NONE;
    }

    /** Where what follows a name begins. */
    private static int endOfName(ByteBuf frame, int at) {
        int end = frame.indexOf(at, frame.writerIndex(), (byte) 0);
        if (end < 0) {
            throw new IndexOutOfBoundsException("a name without an end");
        }
        return end + 1;
    }

    private PandoException missing(ShardId shard, int type) {
        return new PandoException(
                PandoError.TYPE_NOT_EVERYWHERE, Integer.toUnsignedString(type), port.shardName(shard));
    }

    /** Reads the catalog again; whoever asked looks again afterwards. */
    public void refresh(Runnable then) {
        port.refreshCatalog(problem -> then.run());
    }

    /** Whether one of a client's types may be known after {@link #refresh}, which is worth trying once. */
    public boolean worthRefreshing(int[] types) {
        if (port.shardCount() == 1) {
            return false;
        }
        if (soughtAt != port.epoch()) {
            sought.clear();
            soughtAt = port.epoch();
        }
        boolean found = false;
        for (int type : types) {
            found |= !port.oids().everywhere(type) && sought.size() < MOST_SOUGHT && sought.add(type);
        }
        return found;
    }

    /** Types of parameters as the shard numbers them. */
    public int[] toShard(ShardId shard, int[] types) {
        Oids oids = port.oids();
        if (oids.alike(shard) || !own(types)) {
            return types;
        }
        int[] theirs = types.clone();
        for (int i = 0; i < types.length; i++) {
            theirs[i] = oids.fromHome(shard, types[i]);
            if (theirs[i] == IntMap.NONE && types[i] != 0) {
                throw missing(shard, types[i]);
            }
        }
        return theirs;
    }

    /** Values of parameters with the shard's numbers inside, {@code types} being home's. */
    public List<byte @Nullable []> toShard(ShardId shard, FrontendMessage.Bind bind, int[] types) {
        Oids oids = port.oids();
        List<byte @Nullable []> values = bind.parameters();
        if (oids.alike(shard) || !nested(oids, bind, types)) {
            return values;
        }
        List<byte @Nullable []> theirs = new ArrayList<>(values);
        for (int i = 0; i < Math.min(types.length, values.size()); i++) {
            byte[] value = values.get(i);
            boolean binary = Formats.at(bind.parameterFormats(), i) == Formats.BINARY;
            if (value != null && binary && NestedOids.inside(oids, types[i])) {
                byte[] copy = value.clone();
                new NestedOids(oids, shard, false).change(types[i], Unpooled.wrappedBuffer(copy), 0, copy.length);
                theirs.set(i, copy);
            }
        }
        return theirs;
    }

    /** Throws what {@link #toShard} would for one of these shards: before anything is sent to any. */
    public void check(List<ShardId> shards, FrontendMessage.Bind bind, ParameterTypes types) {
        if (own(types.declared()) || nested(port.oids(), bind, types.known())) {
            for (ShardId shard : shards) {
                toShard(shard, types.declared());
                toShard(shard, bind, types.known());
            }
        }
    }

    private static boolean own(int[] types) {
        for (int type : types) {
            if (Oids.own(type)) {
                return true;
            }
        }
        return false;
    }

    private static boolean nested(Oids oids, FrontendMessage.Bind bind, int[] types) {
        for (int i = 0; i < Math.min(types.length, bind.parameters().size()); i++) {
            if (Formats.at(bind.parameterFormats(), i) == Formats.BINARY && NestedOids.inside(oids, types[i])) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a binary value holds what looks like an OID of home's, while nobody has said which type it has: then that has to be found
     * out first.
     */
    public boolean doubtful(FrontendMessage.Bind bind, int[] types) {
        if (port.oids().shards().isEmpty()) {
            return false;
        }
        for (int i = 0; i < bind.parameters().size(); i++) {
            byte[] value = bind.parameters().get(i);
            boolean untyped = i >= types.length || types[i] == 0;
            if (value != null
                    && untyped
                    && Formats.at(bind.parameterFormats(), i) == Formats.BINARY
                    && looksNested(value)) {
                return true;
            }
        }
        return false;
    }

    private boolean looksNested(byte[] value) {
        ByteBuf bytes = Unpooled.wrappedBuffer(value);
        for (int at = 0; value.length >= SMALLEST_NESTED && at + 4 <= value.length; at++) {
            int number = bytes.getInt(at);
            if (Oids.own(number) && port.oids().everywhere(number)) {
                return true;
            }
        }
        return false;
    }

    /** Whether rows in these formats may have OIDs in them that are not home's. */
    public boolean mayChangeRows(ShardId shard, short[] formats) {
        boolean binary = false;
        for (short format : formats) {
            binary |= format == Formats.BINARY;
        }
        return binary && !port.oids().alike(shard);
    }

    /** What has to be done to rows with these columns, whose types are home's already; null when nothing. */
    @Nullable
    public RowNumbers rows(ShardId shard, List<Field> columns, short @Nullable [] formats) {
        Oids oids = port.oids();
        if (oids.alike(shard)) {
            return null;
        }
        int[] types = new int[columns.size()];
        boolean any = false;
        for (int i = 0; i < types.length; i++) {
            Field column = columns.get(i);
            short format = formats == null ? column.format() : Formats.at(formats, i);
            if (format == Formats.BINARY && NestedOids.inside(oids, column.typeOid())) {
                types[i] = column.typeOid();
                any = true;
            }
        }
        return any ? new RowNumbers(new NestedOids(oids, shard, true), types) : null;
    }

    /** As above, from a RowDescription that has home's numbers. */
    @Nullable
    public RowNumbers rows(ShardId shard, ByteBuf description) {
        if (port.oids().alike(shard)) {
            return null;
        }
        RowDescription columns = RowDescription.decode(Replies.body(description), port.shardName(shard));
        return rows(shard, columns.fields(), null);
    }
}
