package dev.pando.core.session;

import dev.pando.base.wire.FrameSplitter;
import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.FrontendMessage;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Puts pieces of a byte stream together to whole messages. */
final class Frames {
    private static final FrameSplitter SPLITTER = new FrameSplitter(1 << 20);
    private byte[] rest = new byte[0];

    List<byte[]> add(byte[] piece) {
        byte[] all = Arrays.copyOf(rest, rest.length + piece.length);
        System.arraycopy(piece, 0, all, rest.length, piece.length);
        List<byte[]> whole = new ArrayList<>();
        int at = 0;
        while (true) {
            int length = SPLITTER.frameLength(Unpooled.wrappedBuffer(all, at, all.length - at));
            if (length < 0 || at + length > all.length) {
                break;
            }
            whole.add(Arrays.copyOfRange(all, at, at + length));
            at += length;
        }
        rest = Arrays.copyOfRange(all, at, all.length);
        return whole;
    }

    /** The text of a Query. */
    static String text(byte[] frame) {
        return new String(frame, 5, frame.length - 6, StandardCharsets.UTF_8);
    }

    /** A client's message. */
    static FrontendMessage message(byte[] frame) {
        return FrontendCodec.decode(frame[0], Unpooled.wrappedBuffer(frame, 5, frame.length - 5));
    }

    /** The beginning of a message that is not whole. */
    byte[] rest() {
        return rest.clone();
    }
}
