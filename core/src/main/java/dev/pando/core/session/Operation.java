package dev.pando.core.session;

import io.netty.buffer.ByteBuf;

/** What a session is busy with. It ends by telling its {@link Outcome}, exactly once. */
interface Operation {
    /**
     * Offered every client message that arrives meanwhile.
     *
     * @return true when this operation has taken it (COPY data); the frame's ownership stays with the caller
     */
    default boolean clientMessage(byte type, ByteBuf frame) {
        return false;
    }

    /** The client reads again. */
    default void clientWritable() {}

    /** The client is gone: releases what is held. No outcome is told. */
    default void abandon() {}

    /** How a statement ended. */
    interface Outcome {
        /** COPY data is taken from now on: what has arrived already can be offered again. */
        void takesData();

        /** Its CommandComplete (or equal) has been sent. */
        void done();

        /** It failed; {@code failure} says what the client must still hear. */
        void failed(Failure failure);
    }
}
