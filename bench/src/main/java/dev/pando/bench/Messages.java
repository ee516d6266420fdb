package dev.pando.bench;

import dev.pando.base.wire.Strings;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Appends the messages of a client to a buffer. Texts are ASCII, results are asked for as text. */
final class Messages {
    private Messages() {}

    static int open(ByteBuf out, char type) {
        out.writeByte(type);
        int lengthAt = out.writerIndex();
        out.writeInt(0);
        return lengthAt;
    }

    static void close(ByteBuf out, int lengthAt) {
        out.setInt(lengthAt, out.writerIndex() - lengthAt);
    }

    static void query(ByteBuf out, String sql) {
        int lengthAt = open(out, 'Q');
        Strings.writeZeroTerminated(out, sql);
        close(out, lengthAt);
    }

    static void parse(ByteBuf out, String name, String sql) {
        int lengthAt = open(out, 'P');
        Strings.writeZeroTerminated(out, name);
        Strings.writeZeroTerminated(out, sql);
        out.writeShort(0);
        close(out, lengthAt);
    }

    /** Bind of parameters as text to the unnamed portal, Describe of it and Execute: what libpq sends for a statement. */
    static void run(ByteBuf out, String statement, long... parameters) {
        int lengthAt = open(out, 'B');
        out.writeByte(0);
        Strings.writeZeroTerminated(out, statement);
        out.writeShort(0).writeShort(parameters.length);
        for (long parameter : parameters) {
            text(out, Long.toString(parameter));
        }
        out.writeShort(0);
        close(out, lengthAt);
        lengthAt = open(out, 'D');
        out.writeByte('P').writeByte(0);
        close(out, lengthAt);
        execute(out);
    }

    static void execute(ByteBuf out) {
        int lengthAt = open(out, 'E');
        out.writeByte(0).writeInt(0);
        close(out, lengthAt);
    }

    /** A value with its length in front. */
    static void text(ByteBuf out, String value) {
        out.writeInt(value.length());
        out.writeCharSequence(value, StandardCharsets.US_ASCII);
    }

    static void sync(ByteBuf out) {
        out.writeByte('S').writeInt(4);
    }
}
