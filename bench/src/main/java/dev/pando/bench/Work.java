package dev.pando.bench;

import io.netty.buffer.ByteBuf;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What the clients of a step do. Shared by all of them, so it keeps nothing of any. */
interface Work {
    /** Appends what a connection sends once after its login, answered by one ReadyForQuery; nothing if there is nothing to prepare. */
    void prepare(ByteBuf out);

    /** @param random shared by the clients of one event loop */
    Requests requests(SplittableRandom random);

    /** The longest message a server may answer with. */
    default int longestAnswer() {
        return Frames.MAX_BYTES;
    }

    /** The requests of one client, in order. One per connection, one thread. */
    interface Requests {
        /** Appends the next request. */
        void next(ByteBuf out);

        /** Sees a message of the answer: anything but ErrorResponse, ReadyForQuery and CopyInResponse. */
        void message(byte type, ByteBuf body);

        /** Appends the data that the server waits for. */
        default void copyIn(ByteBuf out) {}

        /** At ReadyForQuery without an error: appends what the request still has to ask, or nothing when it is answered. */
        default void ready(ByteBuf out) {}

        /** What is wrong with the whole answer; null if nothing is. */
        @Nullable
        String wrong();
    }
}
