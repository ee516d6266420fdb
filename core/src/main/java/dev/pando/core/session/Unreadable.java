package dev.pando.core.session;

import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.FrameSplitter;
import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.FrontendMessage;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Messages that make no sense. They fail as a statement does, and the connection goes on, for PostgreSQL has it so. */
final class Unreadable {
    private final Session session;
    private final SimpleProtocol simple;
    private final ExtendedProtocol extended;
    private final Replier replier;

    Unreadable(Session session, SimpleProtocol simple, ExtendedProtocol extended, Replier replier) {
        this.session = session;
        this.simple = simple;
        this.extended = extended;
        this.replier = replier;
    }

    /** Of a type that there is not: nobody can tell what the client means by the next one. */
    void hangUp(byte type) {
        extended.last(() -> session.fatal(FrontendCodec.unknownType(type)));
    }

    /** Null when it makes no sense, and is answered so. */
    @Nullable
    FrontendMessage read(byte type, ByteBuf frame) {
        int start = frame.readerIndex();
        PandoException malformed;
        try {
            return FrontendCodec.decode(type, frame.skipBytes(FrameSplitter.HEADER));
        } catch (PandoException problem) {
            malformed = problem;
        } finally {
            frame.readerIndex(start);
        }
        refuse(type, malformed);
        return null;
    }

    private void refuse(byte type, PandoException malformed) {
        switch (type) {
            case 'Q' -> extended.interrupt(joins -> simple.refuse(malformed, joins));
            case 'S' -> {
                // It ends the batch all the same.
                session.syncNext();
                fail(malformed, true);
            }
            default -> fail(malformed, false);
        }
    }

    /** After an error none but Sync is looked at. */
    private void fail(PandoException malformed, boolean sync) {
        Batch batch = extended.batch();
        extended.last(() -> {
            if (sync && batch.skipping()) {
                replier.error(ErrorFields.of(malformed, false));
                session.resume();
            } else {
                batch.fail(Failure.of(malformed));
            }
        });
    }
}
