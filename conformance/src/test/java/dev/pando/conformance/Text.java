package dev.pando.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes as readable text and back: {@code \n}, {@code \r}, {@code \t}, {@code \\}, {@code \"} and {@code \xNN}. */
final class Text {
    private Text() {}

    /** No two different byte strings look the same. */
    static String shown(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            StringBuilder out = new StringBuilder();
            text.chars().forEach(c -> out.append(shown((char) c)));
            return out.toString();
        } catch (CharacterCodingException binary) {
            StringBuilder out = new StringBuilder();
            for (byte b : bytes) {
                out.append(b < 0 ? hex(b) : shown((char) b));
            }
            return out.toString();
        }
    }

    private static String shown(char c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\\' -> "\\\\";
            default -> c < 0x20 || c == 0x7f ? hex((byte) c) : String.valueOf(c);
        };
    }

    private static String hex(byte b) {
        return "\\x" + HexFormat.of().toHexDigits(b);
    }

    static byte[] bytes(String escaped) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int i = 0;
        while (i < escaped.length()) {
            int next = escaped.indexOf('\\', i);
            int end = next < 0 ? escaped.length() : next;
            out.writeBytes(escaped.substring(i, end).getBytes(StandardCharsets.UTF_8));
            i = end == escaped.length() ? end : escape(escaped, end + 1, out);
        }
        return out.toByteArray();
    }

    private static int escape(String text, int at, ByteArrayOutputStream out) {
        switch (text.charAt(at)) {
            case 'n' -> out.write('\n');
            case 'r' -> out.write('\r');
            case 't' -> out.write('\t');
            case '\\' -> out.write('\\');
            case '"' -> out.write('"');
            case 'x' -> {
                out.write(HexFormat.fromHexDigits(text, at + 1, at + 3));
                return at + 3;
            }
            default -> throw new IllegalArgumentException("unknown escape in " + text);
        }
        return at + 1;
    }
}
