package dev.pando.base.wire;

import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client sends after its startup packet. Byte arrays and buffers are the sender's bytes, unchecked for encoding. */
public sealed interface FrontendMessage {
    /** Simple query; {@code sql} without its terminating zero. */
    record Query(byte[] sql) implements FrontendMessage {}

    record Parse(String statement, byte[] sql, int[] parameterTypes) implements FrontendMessage {}

    /**
     * Binds parameters to a statement.
     *
     * @param parameterFormats none: all text; one: for all; else one each. 0 text, 1 binary
     * @param parameters null for SQL NULL
     * @param resultFormats as {@code parameterFormats}, for the result's columns
     */
    record Bind(
            String portal,
            String statement,
            short[] parameterFormats,
            List<byte @Nullable []> parameters,
            short[] resultFormats)
            implements FrontendMessage {
        public short parameterFormat(int index) {
            return Formats.at(parameterFormats, index);
        }
    }

    /**
     * A Bind that makes no sense behind its names; a server that knows the statement says which of its errors comes first.
     *
     * @param rest what follows the names
     * @param error what the bytes alone tell
     */
    record BrokenBind(String portal, String statement, byte[] rest, PandoException error) implements FrontendMessage {}

    /** {@code kind} is 'S' for a statement, 'P' for a portal. */
    record Describe(char kind, String name) implements FrontendMessage {}

    /** {@code maxRows} 0 means all. */
    record Execute(String portal, int maxRows) implements FrontendMessage {}

    record Close(char kind, String name) implements FrontendMessage {}

    record Sync() implements FrontendMessage {}

    record Flush() implements FrontendMessage {}

    record CopyData(ByteBuf data) implements FrontendMessage {}

    record CopyDone() implements FrontendMessage {}

    record CopyFail(String reason) implements FrontendMessage {}

    record FunctionCall(ByteBuf body) implements FrontendMessage {}

    /** PasswordMessage, SASLInitialResponse or SASLResponse: which one only the authentication step under way knows. */
    record Credentials(ByteBuf body) implements FrontendMessage {}

    record Terminate() implements FrontendMessage {}
}
