package dev.pando.base.wire;

import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of an ErrorResponse or NoticeResponse, by their one-letter codes, in the order sent. */
public record ErrorFields(Map<Character, String> fields) {
    public ErrorFields {
        fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** An error of Pando's own catalogue, or what it quotes. */
    public static ErrorFields of(PandoException error, boolean fatal) {
        if (!error.quoted().isEmpty()) {
            return new ErrorFields(error.quoted()).as(fatal ? "FATAL" : "ERROR");
        }
        Map<Character, String> fields =
                basics(fatal ? "FATAL" : "ERROR", error.error().sqlState(), message(error));
        if (error.detail() != null) {
            fields.put('D', error.detail());
        }
        fields.put('H', error.hint());
        return new ErrorFields(fields);
    }

    public static ErrorFields of(String severity, String sqlState, String message) {
        return new ErrorFields(basics(severity, sqlState, message));
    }

    /** A syntax error as PostgreSQL words it; {@code position} counts characters from 1, 0 when unknown. */
    public static ErrorFields at(String sqlState, String message, int position) {
        Map<Character, String> fields = basics("ERROR", sqlState, message);
        if (position > 0) {
            fields.put('P', Integer.toString(position));
        }
        return new ErrorFields(fields);
    }

    private static Map<Character, String> basics(String severity, String sqlState, String message) {
        Map<Character, String> fields = new LinkedHashMap<>();
        fields.put('S', severity);
        fields.put('V', severity);
        fields.put('C', sqlState);
        fields.put('M', message);
        return fields;
    }

    private static String message(PandoException error) {
        String message = error.getMessage();
        return message == null ? error.error().text() : message;
    }

    /** The same as the last words of a connection. */
    public ErrorFields asFatal() {
        return as("FATAL");
    }

    private ErrorFields as(String severity) {
        Map<Character, String> changed = new LinkedHashMap<>(fields);
        changed.put('S', severity);
        changed.put('V', severity);
        return new ErrorFields(changed);
    }

    public String sqlState() {
        return fields.getOrDefault('C', "XX000");
    }

    public String message() {
        return fields.getOrDefault('M', "");
    }

    /** Reads the body of an 'E' or 'N' message. Bytes that are none yield the fields read so far: an error must not hide behind another. */
    public static ErrorFields decode(ByteBuf body) {
        Map<Character, String> fields = new LinkedHashMap<>();
        while (body.isReadable()) {
            byte code = body.readByte();
            if (code == 0 || body.bytesBefore((byte) 0) < 0) {
                break;
            }
            fields.put((char) (code & 0xff), Strings.readZeroTerminated(body));
        }
        return new ErrorFields(fields);
    }

    /** Appends the whole message; {@code type} is 'E' or 'N'. */
    public void encode(char type, ByteBuf out) {
        out.writeByte(type);
        int lengthAt = out.writerIndex();
        out.writeInt(0);
        fields.forEach((code, value) -> {
            out.writeByte(code);
            // A message may quote a client's bytes, and a zero would end the field.
            Strings.writeZeroTerminated(out, value.replace('\0', '\ufffd'));
        });
        out.writeByte(0);
        out.setInt(lengthAt, out.writerIndex() - lengthAt);
    }
}
