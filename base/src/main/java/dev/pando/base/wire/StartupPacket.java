package dev.pando.base.wire;

import java.util.Map;

/** The first packet of a connection, which has no type byte. */
public sealed interface StartupPacket {
    /** {@code protocol} is major &lt;&lt; 16 | minor; parameters in the order sent. */
    record Startup(int protocol, Map<String, String> parameters) implements StartupPacket {}

    record Cancel(int processId, byte[] secret) implements StartupPacket {}

    record SslRequest() implements StartupPacket {}

    record GssRequest() implements StartupPacket {}
}
