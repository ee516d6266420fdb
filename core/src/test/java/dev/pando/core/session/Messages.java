package dev.pando.core.session;

import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.FrontendMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Client messages in a row, as bytes. */
final class Messages {
    private final ByteBuf out = Unpooled.buffer();
    private final StringBuilder label = new StringBuilder();

    private Messages add(String name, FrontendMessage message) {
        FrontendCodec.encode(message, out);
        label.append(label.isEmpty() ? "" : " · ").append(name);
        return this;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    Messages query(String sql) {
        return add(sql, new FrontendMessage.Query(utf8(sql)));
    }

    Messages parse(String name, String sql) {
        return add("Parse " + name + " " + sql, new FrontendMessage.Parse(name, utf8(sql), new int[0]));
    }

    /** Binds text parameters, except that a Long is sent in binary. */
    Messages bind(String portal, String statement, List<?> parameters) {
        List<byte[]> values = new ArrayList<>();
        short[] formats = new short[parameters.size()];
        for (int i = 0; i < formats.length; i++) {
            if (parameters.get(i) instanceof Long key) {
                formats[i] = 1;
                values.add(ByteBufUtil.getBytes(Unpooled.copyLong(key)));
            } else {
                values.add(utf8(String.valueOf(parameters.get(i))));
            }
        }
        return add(
                "Bind " + portal + " " + statement + " " + parameters,
                new FrontendMessage.Bind(portal, statement, formats, List.copyOf(values), new short[0]));
    }

    Messages describe(char kind, String name) {
        return add("Describe " + kind + " " + name, new FrontendMessage.Describe(kind, name));
    }

    Messages execute(String portal, int maxRows) {
        return add("Execute " + portal + " " + maxRows, new FrontendMessage.Execute(portal, maxRows));
    }

    Messages close(char kind, String name) {
        return add("Close " + kind + " " + name, new FrontendMessage.Close(kind, name));
    }

    Messages flush() {
        return add("Flush", new FrontendMessage.Flush());
    }

    Messages sync() {
        return add("Sync", new FrontendMessage.Sync());
    }

    /** Of a function without arguments. */
    Messages functionCall(int oid) {
        return add(
                "FunctionCall " + oid,
                new FrontendMessage.FunctionCall(Unpooled.buffer()
                        .writeInt(oid)
                        .writeShort(0)
                        .writeShort(0)
                        .writeShort(0)));
    }

    Messages copyData(String data) {
        return add("CopyData", new FrontendMessage.CopyData(Unpooled.wrappedBuffer(utf8(data))));
    }

    Messages copyDone() {
        return add("CopyDone", new FrontendMessage.CopyDone());
    }

    Messages copyFail() {
        return add("CopyFail", new FrontendMessage.CopyFail("no more"));
    }

    byte[] bytes() {
        return ByteBufUtil.getBytes(out);
    }

    String label() {
        return label.toString();
    }
}
