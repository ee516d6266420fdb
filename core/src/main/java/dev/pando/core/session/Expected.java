package dev.pando.core.session;

import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.Field;
import dev.pando.base.wire.Formats;
import dev.pando.base.wire.RowDescription;
import dev.pando.core.link.Numbering;
import dev.pando.core.link.Replies;
import dev.pando.core.link.RowNumbers;
import dev.pando.core.link.ServerLink;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link Pipeline} expects from the server for a message it sent. */
sealed interface Expected {
    /** An error came before it. The server skips what was sent, and an answer of Pando's own that stood in line is not due either. */
    default void skipped(ServerLink link) {}

    record Parsed(String name, boolean visible, Runnable undo) implements Expected {
        @Override
        public void skipped(ServerLink link) {
            link.forget(name);
            link.unnamed(null);
            if (visible) {
                undo.run();
            }
        }
    }

    record Bound(boolean visible) implements Expected {}

    /** Of a statement that Pando itself closes when not {@code visible}. */
    record Closed(String name, boolean visible) implements Expected {
        @Override
        public void skipped(ServerLink link) {
            if (!visible) {
                link.remember(name);
            }
        }
    }

    /** Of a portal of Pando's own. */
    record PortalClosed() implements Expected {}

    /** {@code formats} null: as the server says. Else a statement was described in place of a portal with these formats. */
    record Described(ClientStatement statement, short @Nullable [] formats, boolean visible) implements Expected {
        /** Notes what the server says of the statement; the result is what the client gets in its place, null for the same. */
        @Nullable
        ByteBuf note(byte type, ByteBuf frame, String shard, ByteBuf out) {
            if (type == 't') {
                statement.inferred(frame);
                return null;
            }
            if (formats == null && statement.columns() != null) {
                return null;
            }
            RowDescription columns = type == 'T' ? RowDescription.decode(Replies.body(frame), shard) : null;
            if (statement.columns() == null) {
                statement.columns(columns == null ? ResultColumns.NONE : ResultColumns.of(columns));
            }
            if (columns == null || formats == null) {
                return null;
            }
            List<Field> fields = new ArrayList<>();
            for (int i = 0; i < columns.fields().size(); i++) {
                fields.add(columns.fields().get(i).withFormat(Formats.at(formats, i)));
            }
            new RowDescription(fields).encode(out);
            return out;
        }
    }

    /** {@code rows} null when nobody sees them; {@code maxRows}: asked for, 0 for all. */
    record Executed(@Nullable Rows rows, int maxRows, Runnable completed) implements Expected {
        boolean visible() {
            return rows != null;
        }

        /** How many rows there were, by the message that tells its end. */
        long count(ByteBuf frame) {
            boolean suspended = frame.getByte(frame.readerIndex()) == 's';
            return suspended ? maxRows : Replies.rowsOf(frame);
        }
    }

    /** Pando's own answer, sent when its turn comes; {@code undo} takes back what was done for a message that is skipped. */
    record Own(ByteBuf messages, Runnable undo) implements Expected {
        @Override
        public void skipped(ServerLink link) {
            messages.release();
            undo.run();
        }
    }

    /** Of COMMIT or ROLLBACK, which the client sees. */
    record Ended(TransactionEnd end) implements Expected {}

    static Own own(char type, ByteBuf out, Runnable undo) {
        BackendMessages.bare(out, type);
        return new Own(out, undo);
    }

    /** The rows of a portal, which may have OIDs in them. What their columns are is known when the first one comes. */
    final class Rows {
        private final Numbering numbering;
        private final ShardId shard;
        private final ClientStatement statement;
        private final short[] formats;
        private @Nullable RowNumbers numbers;
        private boolean looked;

        Rows(Numbering numbering, ShardId shard, ClientStatement statement, short[] formats) {
            this.numbering = numbering;
            this.shard = shard;
            this.statement = statement;
            this.formats = formats;
        }

        @Nullable
        RowNumbers numbers() {
            ResultColumns columns = statement.columns();
            if (!looked && columns != null) {
                looked = true;
                numbers = numbering.rows(shard, columns.fields(), formats);
            }
            return numbers;
        }
    }
}
