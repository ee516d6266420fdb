package dev.pando.conformance;

import java.util.Arrays;

/** A message as a server sent it; {@code body} without its length. */
record Message(char type, byte[] body) {
    boolean same(Message other) {
        return type == other.type && Arrays.equals(body, other.body);
    }

    /** The 32-bit code that Authentication messages begin with. */
    int code() {
        return new Body(body).int32();
    }
}
