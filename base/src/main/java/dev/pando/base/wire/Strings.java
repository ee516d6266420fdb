package dev.pando.base.wire;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The protocol's zero-terminated strings. */
public final class Strings {
    private Strings() {}

    /** Reads up to and including the terminating zero; UTF-8. */
    public static String readZeroTerminated(ByteBuf in) {
        int length = in.bytesBefore((byte) 0);
        if (length < 0) {
            throw new PandoException(PandoError.PROTOCOL_VIOLATION, "string without its terminating zero");
        }
        String value = in.toString(in.readerIndex(), length, StandardCharsets.UTF_8);
        in.skipBytes(length + 1);
        return value;
    }

    /** Writes UTF-8 and a zero. A zero inside would end the text early and turn the rest into another field: it is refused. */
    public static void writeZeroTerminated(ByteBuf out, String value) {
        if (value.indexOf(0) >= 0) {
            throw new PandoException(PandoError.PROTOCOL_VIOLATION, "text with a zero byte inside");
        }
        out.writeCharSequence(value, StandardCharsets.UTF_8);
        out.writeByte(0);
    }
}
