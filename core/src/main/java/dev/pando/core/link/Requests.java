package dev.pando.core.link;

import dev.pando.base.wire.FrontendCodec;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.base.wire.Strings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes the requests that sessions send to servers. */
public final class Requests {
    /** The portal of Pando's own statements, for as long as the client's unnamed one must live. */
    public static final String OWN_PORTAL = "pando_own";

    private static final short[] NO_FORMATS = {};

    private Requests() {}

    /** A statement of Pando's own: not as a simple query, which would end the client's unnamed portal. */
    public static void own(ByteBuf out, String sql) {
        parse(out, "", sql.getBytes(StandardCharsets.UTF_8), new int[0]);
        FrontendCodec.encode(new FrontendMessage.Bind(OWN_PORTAL, "", NO_FORMATS, List.of(), NO_FORMATS), out);
        execute(out, OWN_PORTAL, 0);
        close(out, 'P', OWN_PORTAL);
    }

    /**
     * BEGIN, COMMIT or ROLLBACK in one flight with statements of the client. By the unnamed statement and portal: before the first and after
     * the last of a transaction's statements the client needs neither.
     */
    public static void control(ByteBuf out, String sql) {
        parse(out, "", sql.getBytes(StandardCharsets.UTF_8), new int[0]);
        FrontendCodec.encode(new FrontendMessage.Bind("", "", NO_FORMATS, List.of(), NO_FORMATS), out);
        execute(out, "", 0);
    }

    public static ByteBuf query(ByteBufAllocator allocator, byte[] sql) {
        return allocator
                .buffer(sql.length + 6)
                .writeByte('Q')
                .writeInt(sql.length + 5)
                .writeBytes(sql)
                .writeByte(0);
    }

    public static void parse(ByteBuf out, String name, byte[] sql, int[] parameterTypes) {
        int lengthAt = open(out, 'P');
        Strings.writeZeroTerminated(out, name);
        out.writeBytes(sql).writeByte(0).writeShort(parameterTypes.length);
        for (int type : parameterTypes) {
            out.writeInt(type);
        }
        close(out, lengthAt);
    }

    public static void describe(ByteBuf out, char kind, String name) {
        named(out, 'D', kind, name);
    }

    public static void close(ByteBuf out, char kind, String name) {
        named(out, 'C', kind, name);
    }

    private static void named(ByteBuf out, char type, char kind, String name) {
        int lengthAt = open(out, type);
        out.writeByte(kind);
        Strings.writeZeroTerminated(out, name);
        close(out, lengthAt);
    }

    public static void execute(ByteBuf out, String portal, int maxRows) {
        int lengthAt = open(out, 'E');
        Strings.writeZeroTerminated(out, portal);
        out.writeInt(maxRows);
        close(out, lengthAt);
    }

    public static void bare(ByteBuf out, char type) {
        out.writeByte(type).writeInt(4);
    }

    public static void copyFail(ByteBuf out, String reason) {
        int lengthAt = open(out, 'f');
        out.writeCharSequence(reason, StandardCharsets.UTF_8);
        out.writeByte(0);
        close(out, lengthAt);
    }

    private static int open(ByteBuf out, char type) {
        out.writeByte(type);
        int lengthAt = out.writerIndex();
        out.writeInt(0);
        return lengthAt;
    }

    private static void close(ByteBuf out, int lengthAt) {
        out.setInt(lengthAt, out.writerIndex() - lengthAt);
    }
}
