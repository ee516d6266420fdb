package dev.pando.base.wire;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Client messages from and to bytes. Decoding reads one message's body (what follows type and length) and demands that it be used up;
 * anything else is a protocol violation in PostgreSQL's own words, found in its own order. Memory is bounded by the body's length, which the
 * framing has bounded before.
 */
public final class FrontendCodec {
    private static final int PROTOCOL_CANCEL = 80877102;
    private static final int PROTOCOL_SSL = 80877103;
    private static final int PROTOCOL_GSS = 80877104;
    private static final int MAX_STARTUP_PARAMETERS = 100;
    private static final int MAX_SECRET = 256;
    private static final String REQUESTS = "QPBDECSHdcfFX";

    private FrontendCodec() {}

    /** Decodes a startup packet's body (what follows its length). */
    public static StartupPacket decodeStartup(ByteBuf body) {
        try {
            int protocol = body.readInt();
            return switch (protocol) {
                case PROTOCOL_CANCEL -> new StartupPacket.Cancel(body.readInt(), cancelSecret(body));
                case PROTOCOL_SSL -> bare(new StartupPacket.SslRequest(), body);
                case PROTOCOL_GSS -> bare(new StartupPacket.GssRequest(), body);
                default -> new StartupPacket.Startup(protocol, startupParameters(protocol, body));
            };
        } catch (IndexOutOfBoundsException truncated) {
            throw PandoException.causedBy(truncated, PandoError.PROTOCOL_VIOLATION, "truncated startup packet");
        }
    }

    private static StartupPacket bare(StartupPacket packet, ByteBuf body) {
        if (body.isReadable()) {
            throw new PandoException(
                    PandoError.PROTOCOL_VIOLATION, body.readableBytes() + " bytes left over in startup packet");
        }
        return packet;
    }

    /** Four bytes in protocol 3.0, up to 256 from 3.2 on. */
    private static byte[] cancelSecret(ByteBuf body) {
        int length = body.readableBytes();
        if (length == 0 || length > MAX_SECRET) {
            throw new PandoException(
                    PandoError.PROTOCOL_VIOLATION, "cancel request with a key of " + length + " bytes");
        }
        return bytes(body, length);
    }

    private static Map<String, String> startupParameters(int protocol, ByteBuf body) {
        if (protocol >>> 16 != 3) {
            String spoken = (protocol >>> 16) + "." + (protocol & 0xffff);
            throw Violation.of(
                    PandoError.UNSUPPORTED_PROTOCOL,
                    "0A000",
                    "unsupported frontend protocol " + spoken + ": server supports 3.0 to 3.2");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        String name = layout(body);
        while (!name.isEmpty()) {
            parameters.put(name, layout(body));
            if (parameters.size() > MAX_STARTUP_PARAMETERS) {
                throw new PandoException(PandoError.PROTOCOL_VIOLATION, "too many startup parameters");
            }
            name = layout(body);
        }
        if (body.isReadable()) {
            throw noTerminator();
        }
        return parameters;
    }

    private static String layout(ByteBuf body) {
        if (body.bytesBefore((byte) 0) < 0) {
            throw noTerminator();
        }
        return Strings.readZeroTerminated(body);
    }

    private static PandoException noTerminator() {
        return Violation.of("invalid startup packet layout: expected terminator as last byte");
    }

    /** Whether a message of this type may come from a client that has logged in; if not, PostgreSQL hangs up. */
    public static boolean isRequest(byte type) {
        return type > 0 && REQUESTS.indexOf(type) >= 0;
    }

    public static PandoException unknownType(byte type) {
        return Violation.of("invalid frontend message type " + (type & 0xff));
    }

    public static FrontendMessage decode(byte type, ByteBuf body) {
        try {
            FrontendMessage message = decodeBody(type, body);
            demandEnd(body);
            return message;
        } catch (IndexOutOfBoundsException truncated) {
            throw insufficient();
        }
    }

    private static void demandEnd(ByteBuf body) {
        if (body.isReadable()) {
            throw Violation.of("invalid message format");
        }
    }

    private static PandoException insufficient() {
        return Violation.of("insufficient data left in message");
    }

    private static FrontendMessage decodeBody(byte type, ByteBuf body) {
        return switch (type) {
            case 'Q' -> new FrontendMessage.Query(zeroTerminatedBytes(body));
            case 'P' -> parse(body);
            case 'B' -> bind(body);
            case 'D' -> subject(body, "DESCRIBE", FrontendMessage.Describe::new);
            case 'E' -> new FrontendMessage.Execute(string(body), body.readInt());
            case 'C' -> subject(body, "CLOSE", FrontendMessage.Close::new);
            case 'S' -> new FrontendMessage.Sync();
            case 'H' -> new FrontendMessage.Flush();
            case 'd' -> new FrontendMessage.CopyData(body.readSlice(body.readableBytes()));
            case 'c' -> new FrontendMessage.CopyDone();
            case 'f' -> new FrontendMessage.CopyFail(string(body));
            case 'F' -> new FrontendMessage.FunctionCall(body.readSlice(body.readableBytes()));
            case 'p' -> new FrontendMessage.Credentials(body.readSlice(body.readableBytes()));
            case 'X' -> new FrontendMessage.Terminate();
            default -> throw unknownType(type);
        };
    }

    /** About a statement or a portal. */
    private interface OfSubject {
        FrontendMessage make(char kind, String name);
    }

    /** Its errors come in PostgreSQL's order, the kind's last. */
    private static FrontendMessage subject(ByteBuf body, String message, OfSubject made) {
        if (!body.isReadable()) {
            throw Violation.of("no data left in message");
        }
        char kind = (char) body.readUnsignedByte();
        String name = string(body);
        demandEnd(body);
        if (kind != 'S' && kind != 'P') {
            throw Violation.of("invalid " + message + " message subtype " + (int) kind);
        }
        return made.make(kind, name);
    }

    private static String string(ByteBuf body) {
        if (body.bytesBefore((byte) 0) < 0) {
            throw Violation.of("invalid string in message");
        }
        return Strings.readZeroTerminated(body);
    }

    private static FrontendMessage parse(ByteBuf body) {
        String statement = string(body);
        byte[] sql = zeroTerminatedBytes(body);
        int[] types = new int[count(body, 4)];
        for (int i = 0; i < types.length; i++) {
            types[i] = body.readInt();
        }
        return new FrontendMessage.Parse(statement, sql, types);
    }

    private static FrontendMessage bind(ByteBuf body) {
        String portal = string(body);
        String statement = string(body);
        int start = body.readerIndex();
        try {
            FrontendMessage.Bind bind = bound(portal, statement, body);
            demandEnd(body);
            return bind;
        } catch (PandoException broken) {
            byte[] rest = ByteBufUtil.getBytes(body, start, body.writerIndex() - start);
            body.skipBytes(body.readableBytes());
            return new FrontendMessage.BrokenBind(portal, statement, rest, broken);
        }
    }

    private static FrontendMessage.Bind bound(String portal, String statement, ByteBuf body) {
        try {
            short[] parameterFormats = formats(body);
            int count = count(body, 4);
            if (parameterFormats.length > 1 && parameterFormats.length != count) {
                throw Violation.of("bind message has " + parameterFormats.length + " parameter formats but " + count
                        + " parameters");
            }
            List<byte @Nullable []> parameters = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int length = body.readInt();
                parameters.add(length == -1 ? null : bytes(body, length));
            }
            if (count > 0) {
                demandFormats(parameterFormats);
            }
            return new FrontendMessage.Bind(portal, statement, parameterFormats, parameters, formats(body));
        } catch (IndexOutOfBoundsException truncated) {
            throw insufficient();
        }
    }

    private static short[] formats(ByteBuf body) {
        short[] formats = new short[count(body, 2)];
        for (int i = 0; i < formats.length; i++) {
            formats[i] = body.readShort();
        }
        return formats;
    }

    /** Of parameters. Of results a server finds out when it has rows. */
    private static void demandFormats(short[] formats) {
        for (short format : formats) {
            if (format != Formats.TEXT && format != Formats.BINARY) {
                throw Violation.of("unsupported format code: " + format);
            }
        }
    }

    /** A 16-bit count that the remaining bytes can hold at {@code bytesEach} at least: nothing is allocated for a lie. */
    private static int count(ByteBuf body, int bytesEach) {
        int count = body.readUnsignedShort();
        if ((long) count * bytesEach > body.readableBytes()) {
            throw insufficient();
        }
        return count;
    }

    private static byte[] bytes(ByteBuf body, int length) {
        if (length < 0 || length > body.readableBytes()) {
            throw insufficient();
        }
        byte[] bytes = new byte[length];
        body.readBytes(bytes);
        return bytes;
    }

    private static byte[] zeroTerminatedBytes(ByteBuf body) {
        int length = body.bytesBefore((byte) 0);
        if (length < 0) {
            throw Violation.of("invalid string in message");
        }
        byte[] bytes = bytes(body, length);
        body.skipBytes(1);
        return bytes;
    }

    /** Appends the whole message. */
    public static void encode(FrontendMessage message, ByteBuf out) {
        int start = out.writerIndex();
        out.writeByte(0).writeInt(0);
        out.setByte(start, encodeBody(message, out));
        out.setInt(start + 1, out.writerIndex() - start - 1);
    }

    private static byte encodeBody(FrontendMessage message, ByteBuf out) {
        return switch (message) {
            case FrontendMessage.Query query -> {
                out.writeBytes(query.sql()).writeByte(0);
                yield 'Q';
            }
            case FrontendMessage.Parse parse -> {
                Strings.writeZeroTerminated(out, parse.statement());
                out.writeBytes(parse.sql()).writeByte(0).writeShort(parse.parameterTypes().length);
                for (int type : parse.parameterTypes()) {
                    out.writeInt(type);
                }
                yield 'P';
            }
            case FrontendMessage.Bind bind -> encodeBind(bind, out);
            case FrontendMessage.BrokenBind broken -> {
                Strings.writeZeroTerminated(out, broken.portal());
                Strings.writeZeroTerminated(out, broken.statement());
                out.writeBytes(broken.rest());
                yield 'B';
            }
            case FrontendMessage.Describe describe -> named('D', describe.kind(), describe.name(), out);
            case FrontendMessage.Execute execute -> {
                Strings.writeZeroTerminated(out, execute.portal());
                out.writeInt(execute.maxRows());
                yield 'E';
            }
            case FrontendMessage.Close close -> named('C', close.kind(), close.name(), out);
            case FrontendMessage.Sync() -> 'S';
            case FrontendMessage.Flush() -> 'H';
            case FrontendMessage.CopyData copy -> raw('d', copy.data(), out);
            case FrontendMessage.CopyDone() -> 'c';
            case FrontendMessage.CopyFail fail -> {
                Strings.writeZeroTerminated(out, fail.reason());
                yield 'f';
            }
            case FrontendMessage.FunctionCall call -> raw('F', call.body(), out);
            case FrontendMessage.Credentials credentials -> raw('p', credentials.body(), out);
            case FrontendMessage.Terminate() -> 'X';
        };
    }

    private static byte encodeBind(FrontendMessage.Bind bind, ByteBuf out) {
        Strings.writeZeroTerminated(out, bind.portal());
        Strings.writeZeroTerminated(out, bind.statement());
        writeFormats(bind.parameterFormats(), out);
        out.writeShort(bind.parameters().size());
        for (byte @Nullable [] parameter : bind.parameters()) {
            if (parameter == null) {
                out.writeInt(-1);
            } else {
                out.writeInt(parameter.length).writeBytes(parameter);
            }
        }
        writeFormats(bind.resultFormats(), out);
        return 'B';
    }

    private static void writeFormats(short[] formats, ByteBuf out) {
        out.writeShort(formats.length);
        for (short format : formats) {
            out.writeShort(format);
        }
    }

    private static byte named(char type, char kind, String name, ByteBuf out) {
        out.writeByte(kind);
        Strings.writeZeroTerminated(out, name);
        return (byte) type;
    }

    private static byte raw(char type, ByteBuf body, ByteBuf out) {
        out.writeBytes(body, body.readerIndex(), body.readableBytes());
        return (byte) type;
    }

    /** Appends a startup packet. */
    public static void encodeStartup(StartupPacket packet, ByteBuf out) {
        int start = out.writerIndex();
        out.writeInt(0);
        switch (packet) {
            case StartupPacket.Cancel cancel ->
                out.writeInt(PROTOCOL_CANCEL).writeInt(cancel.processId()).writeBytes(cancel.secret());
            case StartupPacket.SslRequest() -> out.writeInt(PROTOCOL_SSL);
            case StartupPacket.GssRequest() -> out.writeInt(PROTOCOL_GSS);
            case StartupPacket.Startup startup -> {
                out.writeInt(startup.protocol());
                startup.parameters().forEach((name, value) -> {
                    Strings.writeZeroTerminated(out, name);
                    Strings.writeZeroTerminated(out, value);
                });
                out.writeByte(0);
            }
        }
        out.setInt(start, out.writerIndex() - start);
    }

    public static String printable(byte type) {
        return type >= 0x20 && type < 0x7f ? String.valueOf((char) type) : String.format("\\x%02x", type);
    }
}
