package dev.pando.conformance;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A message's body, read from its beginning. */
final class Body {
    private final ByteBuffer bytes;

    Body(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    int position() {
        return bytes.position();
    }

    boolean more() {
        return bytes.hasRemaining();
    }

    int int8() {
        return bytes.get();
    }

    int int16() {
        return bytes.getShort();
    }

    int int32() {
        return bytes.getInt();
    }

    byte[] take(int length) {
        byte[] taken = new byte[length];
        bytes.get(taken);
        return taken;
    }

    byte[] rest() {
        return take(bytes.remaining());
    }

    /** Up to a zero, escaped. */
    String string() {
        int start = bytes.position();
        int end = start;
        while (bytes.get(end) != 0) {
            end++;
        }
        byte[] taken = take(end - start);
        bytes.get();
        return Text.shown(taken);
    }

    void skipString() {
        string();
    }

    static byte[] zeroTerminated(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }
}
