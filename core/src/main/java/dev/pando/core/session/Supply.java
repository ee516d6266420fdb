package dev.pando.core.session;

import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.link.Numbering;
import dev.pando.core.link.ParameterTypes;
import dev.pando.core.link.Replies;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How each shard is asked for the rows of a merge, piece by piece. */
sealed interface Supply {
    /** Asks for the first piece. */
    ShardRequest first();

    /** Asks for as many more, 0 for all. */
    ShardRequest more(int rows);

    /** Whether there may be more after this CommandComplete, which answers {@link #more}. */
    boolean goesOn(ByteBuf complete, int asked);

    /** The rows of one request, or of a portal of the protocol when that has a name. */
    record OfPortal(ShardRequest first, String portal) implements Supply {
        @Override
        public ShardRequest more(int rows) {
            return new ShardRequest.More(portal, rows);
        }

        @Override
        public boolean goesOn(ByteBuf complete, int asked) {
            return false;
        }
    }

    /**
     * The rows of a cursor that has been declared on the shard.
     *
     * @param piece how many rows to ask for first
     * @param formats of FETCH, that of hidden columns included
     * @param describes the client expects the columns with the answer
     */
    record OfCursor(Numbering numbering, String cursor, int piece, short[] formats, boolean describes)
            implements Supply {
        @Override
        public ShardRequest first() {
            return more(piece);
        }

        @Override
        public ShardRequest more(int rows) {
            String sql = "FETCH " + (rows == 0 ? "ALL" : Integer.toString(rows)) + " FROM " + cursor;
            return new ShardRequest.Extended(
                    numbering,
                    sql.getBytes(StandardCharsets.UTF_8),
                    ParameterTypes.NONE,
                    new FrontendMessage.Bind("", "", new short[0], List.of(), formats),
                    0,
                    () -> {},
                    describes);
        }

        @Override
        public boolean goesOn(ByteBuf complete, int asked) {
            return asked > 0 && Replies.rowsOf(Replies.tagOf(complete)) >= asked;
        }
    }
}
