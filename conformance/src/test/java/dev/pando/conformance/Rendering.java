package dev.pando.conformance;

import java.nio.BufferUnderflowException;
import java.util.HexFormat;
import java.util.StringJoiner;

/** Server messages as one readable line each, without losing a byte. */
final class Rendering {
    private Rendering() {}

    static String line(Message message) {
        Body body = new Body(message.body());
        String text;
        try {
            text = text(message.type(), body);
        } catch (BufferUnderflowException | IndexOutOfBoundsException cut) {
            return message.type() + " cut short: " + Text.shown(message.body());
        }
        return body.more() ? text + " and more: " + Text.shown(body.rest()) : text;
    }

    private static String text(char type, Body body) {
        return switch (type) {
            case '1' -> "ParseComplete";
            case '2' -> "BindComplete";
            case '3' -> "CloseComplete";
            case 'n' -> "NoData";
            case 's' -> "PortalSuspended";
            case 'I' -> "EmptyQueryResponse";
            case 'c' -> "CopyDone";
            case 'C' -> "CommandComplete " + body.string();
            case 'Z' -> "ReadyForQuery " + (char) body.int8();
            case 'S' -> "ParameterStatus " + body.string() + " = " + body.string();
            case 'd' -> "CopyData " + Text.shown(body.rest());
            case 'K' -> "BackendKeyData " + body.int32() + " " + hex(body.rest());
            case 'R' -> "Authentication " + body.int32() + " " + Text.shown(body.rest());
            case 'E' -> "ErrorResponse" + fields(body);
            case 'N' -> "NoticeResponse" + fields(body);
            case 'T' -> "RowDescription" + columns(body);
            case 'D' -> "DataRow" + values(body);
            case 't' -> "ParameterDescription" + types(body);
            case 'G' -> "CopyInResponse" + copyFormats(body);
            case 'H' -> "CopyOutResponse" + copyFormats(body);
            case 'V' -> "FunctionCallResponse " + value(body);
            case 'A' -> "NotificationResponse " + body.int32() + " " + body.string() + " " + body.string();
            case 'v' -> negotiation(body);
            default -> type + " " + Text.shown(body.rest());
        };
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String fields(Body body) {
        StringBuilder out = new StringBuilder();
        for (int field = body.int8(); field != 0; field = body.int8()) {
            out.append(' ').append((char) field).append('=').append(body.string());
        }
        return out.toString();
    }

    private static String columns(Body body) {
        StringJoiner out = new StringJoiner(", ", " ", "");
        for (int count = body.int16(); count > 0; count--) {
            out.add(body.string() + " from " + body.int32() + "." + body.int16() + " type " + body.int32() + "/"
                    + body.int16() + "/" + body.int32() + " format " + body.int16());
        }
        return out.toString();
    }

    private static String values(Body body) {
        StringJoiner out = new StringJoiner(" | ", " ", "");
        for (int count = body.int16(); count > 0; count--) {
            out.add(value(body));
        }
        return out.toString();
    }

    private static String value(Body body) {
        int length = body.int32();
        return length < 0 ? "(null)" : "'" + Text.shown(body.take(length)) + "'";
    }

    private static String types(Body body) {
        StringBuilder out = new StringBuilder();
        for (int count = body.int16(); count > 0; count--) {
            out.append(' ').append(body.int32());
        }
        return out.toString();
    }

    private static String copyFormats(Body body) {
        StringBuilder out = new StringBuilder(" format " + body.int8() + " columns");
        for (int count = body.int16(); count > 0; count--) {
            out.append(' ').append(body.int16());
        }
        return out.toString();
    }

    private static String negotiation(Body body) {
        int version = body.int32();
        StringBuilder out =
                new StringBuilder("NegotiateProtocolVersion " + (version >>> 16) + "." + (version & 0xffff));
        for (int count = body.int32(); count > 0; count--) {
            out.append(' ').append(body.string());
        }
        return out.toString();
    }
}
