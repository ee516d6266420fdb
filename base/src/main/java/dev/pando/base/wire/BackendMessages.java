package dev.pando.base.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the server's messages that Pando composes itself; everything else passes through as bytes. Each method appends one whole message. */
public final class BackendMessages {
    private BackendMessages() {}

    public static void authenticationOk(ByteBuf out) {
        out.writeByte('R').writeInt(8).writeInt(0);
    }

    public static void authenticationCleartext(ByteBuf out) {
        out.writeByte('R').writeInt(8).writeInt(3);
    }

    /** {@code salt}: four bytes. */
    public static void authenticationMd5(ByteBuf out, byte[] salt) {
        out.writeByte('R').writeInt(12).writeInt(5).writeBytes(salt);
    }

    /** AuthenticationSASL with its mechanisms. */
    public static void authenticationSasl(ByteBuf out, List<String> mechanisms) {
        int lengthAt = open(out, 'R');
        out.writeInt(10);
        mechanisms.forEach(mechanism -> Strings.writeZeroTerminated(out, mechanism));
        out.writeByte(0);
        close(out, lengthAt);
    }

    /** AuthenticationSASLContinue (11) or AuthenticationSASLFinal (12). */
    public static void authenticationSaslData(ByteBuf out, int code, String data) {
        int lengthAt = open(out, 'R');
        out.writeInt(code);
        out.writeCharSequence(data, StandardCharsets.UTF_8);
        close(out, lengthAt);
    }

    public static void parameterStatus(ByteBuf out, String name, String value) {
        int lengthAt = open(out, 'S');
        Strings.writeZeroTerminated(out, name);
        Strings.writeZeroTerminated(out, value);
        close(out, lengthAt);
    }

    public static void backendKeyData(ByteBuf out, int processId, byte[] secret) {
        out.writeByte('K').writeInt(8 + secret.length).writeInt(processId).writeBytes(secret);
    }

    /** {@code version} with its major part, whatever the manual says: clients read it so. */
    public static void negotiateProtocolVersion(ByteBuf out, int version, List<String> unknownOptions) {
        int lengthAt = open(out, 'v');
        out.writeInt(version).writeInt(unknownOptions.size());
        unknownOptions.forEach(option -> Strings.writeZeroTerminated(out, option));
        close(out, lengthAt);
    }

    /** {@code status} is 'I' idle, 'T' in a transaction block, 'E' in a failed one. */
    public static void readyForQuery(ByteBuf out, byte status) {
        out.writeByte('Z').writeInt(5).writeByte(status);
    }

    public static void commandComplete(ByteBuf out, String tag) {
        int lengthAt = open(out, 'C');
        Strings.writeZeroTerminated(out, tag);
        close(out, lengthAt);
    }

    public static void notification(ByteBuf out, int processId, String channel, String payload) {
        int lengthAt = open(out, 'A');
        out.writeInt(processId);
        Strings.writeZeroTerminated(out, channel);
        Strings.writeZeroTerminated(out, payload);
        close(out, lengthAt);
    }

    /** A message without a body: ParseComplete '1', BindComplete '2', CloseComplete '3', NoData 'n', PortalSuspended 's', EmptyQueryResponse 'I', CopyDone 'c'. */
    public static void bare(ByteBuf out, char type) {
        out.writeByte(type).writeInt(4);
    }

    public static void parameterDescription(ByteBuf out, int... typeOids) {
        int lengthAt = open(out, 't');
        out.writeShort(typeOids.length);
        for (int oid : typeOids) {
            out.writeInt(oid);
        }
        close(out, lengthAt);
    }

    /** A DataRow of text values; null for SQL NULL. */
    public static void textRow(ByteBuf out, List<? extends @Nullable String> values) {
        int lengthAt = open(out, 'D');
        out.writeShort(values.size());
        for (String value : values) {
            if (value == null) {
                out.writeInt(-1);
            } else {
                byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
                out.writeInt(bytes.length).writeBytes(bytes);
            }
        }
        close(out, lengthAt);
    }

    /** A RowDescription of text columns (type text, format text). */
    public static void textColumns(ByteBuf out, List<String> names) {
        new RowDescription(names.stream()
                        .map(name -> new Field(name, 0, (short) 0, 25, (short) -1, -1, Formats.TEXT))
                        .toList())
                .encode(out);
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
