package dev.pando.core.copy;

import dev.pando.core.route.CopyShape;
import dev.pando.core.shard.Key;
import dev.pando.core.shard.KeyCodec;
import dev.pando.core.shard.KeyType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Decodes the sharding key of a row whose key fields have been found. */
final class KeyReader {
    /** Digits that fit a bigint whatever they are. */
    private static final int SAFE_DIGITS = 18;

    private final CopyShape.Format format;
    private final KeyType[] types;
    private final KeyFields fields;
    private final byte[] nullText;
    private final byte quote;
    private final byte escape;
    private byte[] unescaped = new byte[64];

    KeyReader(CopyShape shape, List<KeyType> types, KeyFields fields) {
        this.format = shape.format();
        this.types = types.toArray(KeyType[]::new);
        this.fields = fields;
        this.nullText = shape.nullText().getBytes(StandardCharsets.UTF_8);
        this.quote = (byte) shape.quote();
        this.escape = (byte) shape.escape();
    }

    Key read(byte[] data, int rowStart) {
        if (types.length == 1) {
            return part(0, data, rowStart);
        }
        Key[] parts = new Key[types.length];
        for (int part = 0; part < parts.length; part++) {
            parts[part] = part(part, data, rowStart);
        }
        return Key.of(List.of(parts));
    }

    private Key part(int part, byte[] data, int rowStart) {
        int start = rowStart + fields.start(part);
        int end = rowStart + fields.end(part);
        KeyType type = types[part];
        return switch (format) {
            case TEXT -> text(type, data, start, end);
            case CSV -> csv(type, data, start, end);
            case BINARY -> {
                requireValue(end < start);
                yield KeyCodec.fromBinary(type, 0, data, start, end - start);
            }
        };
    }

    private static void requireValue(boolean isNull) {
        if (isNull) {
            throw new BadRow("null value in the sharding key");
        }
    }

    private Key text(KeyType type, byte[] data, int start, int end) {
        requireValue(isNullText(data, start, end));
        int backslash = indexOf((byte) '\\', data, start, end);
        if (backslash < 0) {
            return decode(type, data, start, end);
        }
        // First, because it may replace the array.
        int length = unescape(data, start, end);
        return decode(type, unescaped, 0, length);
    }

    /** Resolves the escapes of the text format into {@link #unescaped}; returns the length. */
    private int unescape(byte[] data, int start, int end) {
        room(end - start);
        int length = 0;
        int at = start;
        while (at < end) {
            byte c = data[at++];
            if (c == '\\' && at < end) {
                c = data[at++];
                if (c >= '0' && c <= '7') {
                    int value = c - '0';
                    for (int i = 0; i < 2 && at < end && data[at] >= '0' && data[at] <= '7'; i++) {
                        value = value << 3 | (data[at++] - '0');
                    }
                    c = (byte) value;
                } else if (c == 'x' && at < end && hex(data[at]) >= 0) {
                    int value = hex(data[at++]);
                    if (at < end && hex(data[at]) >= 0) {
                        value = value << 4 | hex(data[at++]);
                    }
                    c = (byte) value;
                } else {
                    c = control(c);
                }
            }
            unescaped[length++] = c;
        }
        return length;
    }

    private static int hex(byte c) {
        return c < 0 ? -1 : Character.digit(c, 16);
    }

    private static byte control(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0b;
            default -> letter;
        };
    }

    private Key csv(KeyType type, byte[] data, int start, int end) {
        if (indexOf(quote, data, start, end) < 0) {
            requireValue(isNullText(data, start, end));
            return decode(type, data, start, end);
        }
        room(end - start);
        int length = 0;
        boolean quoted = false;
        for (int at = start; at < end; at++) {
            byte c = data[at];
            if (quoted && c == escape && at + 1 < end && (data[at + 1] == quote || data[at + 1] == escape)) {
                unescaped[length++] = data[++at];
            } else if (c == quote) {
                quoted = !quoted;
            } else {
                unescaped[length++] = c;
            }
        }
        return decode(type, unescaped, 0, length);
    }

    private void room(int bytes) {
        if (unescaped.length < bytes) {
            unescaped = new byte[2 * bytes];
        }
    }

    private boolean isNullText(byte[] data, int start, int end) {
        return end - start == nullText.length && Arrays.equals(data, start, end, nullText, 0, nullText.length);
    }

    private static int indexOf(byte wanted, byte[] data, int start, int end) {
        for (int at = start; at < end; at++) {
            if (data[at] == wanted) {
                return at;
            }
        }
        return -1;
    }

    /** Plain bigints, by far the most frequent keys, are read without making a string of them. */
    private static Key decode(KeyType type, byte[] data, int start, int end) {
        int length = end - start;
        if (type != KeyType.INT8 || length == 0 || length > SAFE_DIGITS) {
            return KeyCodec.fromText(type, data, start, length);
        }
        long value = 0;
        for (int at = start; at < end; at++) {
            int digit = data[at] - '0';
            if (digit < 0 || digit > 9) {
                return KeyCodec.fromText(type, data, start, length);
            }
            value = value * 10 + digit;
        }
        return new Key.Int(value);
    }
}
