package dev.pando.core.shard;

import dev.pando.base.error.PandoException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys in an array, as in {@code key = ANY ($1)}. NULL elements are left out, since nothing equals them, and the dimensions do not
 * matter, since ANY looks at every element. Where PostgreSQL would refuse an array that is read here (ragged dimensions, say), it still
 * does when it gets the statement; what it accepts is read here.
 */
public final class KeyArrays {
    private static final int MAX_DIMENSIONS = 6;

    private KeyArrays() {}

    /** From the text form, {@code {1,2,"three, four"}}; each element is read as of {@code type}. */
    public static List<Key> fromText(KeyType type, String text) {
        return new TextForm(type, text).read();
    }

    /** From the binary form, which names its element type itself; that has to be one {@link KeyCodec#accepts}. */
    public static List<Key> fromBinary(KeyType column, byte[] bytes) {
        ByteBuffer array = ByteBuffer.wrap(bytes);
        try {
            int dimensions = array.getInt();
            array.getInt();
            int elementType = array.getInt();
            if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
                throw malformed(column, "an array has up to " + MAX_DIMENSIONS + " dimensions, not " + dimensions);
            }
            long count = dimensions == 0 ? 0 : 1;
            for (int i = 0; i < dimensions; i++) {
                count = Math.multiplyExact(count, array.getInt());
                array.getInt();
            }
            return elements(column, elementType, array, count);
        } catch (BufferUnderflowException | ArithmeticException e) {
            throw malformed(column, "the array's " + bytes.length + " bytes end too early");
        }
    }

    private static List<Key> elements(KeyType column, int elementType, ByteBuffer array, long count) {
        List<Key> keys = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            int length = array.getInt();
            if (length > array.remaining()) {
                throw new BufferUnderflowException();
            }
            if (length >= 0) {
                byte[] element = new byte[length];
                array.get(element);
                keys.add(KeyCodec.fromBinary(column, elementType, element));
            }
        }
        if (array.hasRemaining()) {
            throw malformed(column, array.remaining() + " bytes follow the array's last element");
        }
        return List.copyOf(keys);
    }

    private static PandoException malformed(KeyType type, String reason) {
        return KeyCodec.invalid(type, reason);
    }

    /** Braces, commas, blanks, quotes and backslashes; everything else belongs to an element. */
    private static final class TextForm {
        private final KeyType type;
        private final String text;
        private final List<Key> keys = new ArrayList<>();
        private int at;

        TextForm(KeyType type, String text) {
            this.type = type;
            this.text = text;
        }

        List<Key> read() {
            skipBlanks();
            if (peek() == '[') {
                at = Math.max(text.indexOf('=', at), at) + 1;
                skipBlanks();
            }
            if (peek() != '{') {
                throw malformed();
            }
            int depth = 0;
            do {
                switch (peek()) {
                    case '{' -> depth++;
                    case '}' -> depth--;
                    case ',' -> {}
                    default -> throw malformed();
                }
                at++;
                skipBlanks();
                if (depth > 0 && "{},".indexOf(peek()) < 0) {
                    element();
                    skipBlanks();
                }
            } while (depth > 0);
            if (at != text.length()) {
                throw malformed();
            }
            return List.copyOf(keys);
        }

        private void element() {
            if (at == text.length()) {
                throw malformed();
            }
            boolean quoted = peek() == '"';
            int start = at;
            String value = quoted ? quoted() : bare();
            boolean isNull = !quoted && text.substring(start, at).strip().equalsIgnoreCase("null");
            if (!isNull) {
                keys.add(KeyCodec.fromText(type, value));
            }
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            at++;
            while (peek() != '"' || at == text.length()) {
                value.append(unescaped());
            }
            at++;
            return value.toString();
        }

        private String bare() {
            StringBuilder value = new StringBuilder();
            int end = 0;
            while ("{},\"".indexOf(peek()) < 0) {
                boolean significant = !blank();
                value.append(unescaped());
                end = significant ? value.length() : end;
            }
            return value.substring(0, end);
        }

        private char unescaped() {
            if (peek() == '\\') {
                at++;
            }
            if (at == text.length()) {
                throw malformed();
            }
            return text.charAt(at++);
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : 0;
        }

        private boolean blank() {
            return peek() == ' ' || (peek() >= '\t' && peek() <= '\r');
        }

        private void skipBlanks() {
            while (blank()) {
                at++;
            }
        }

        private PandoException malformed() {
            return KeyArrays.malformed(type, "malformed array literal: \"" + KeyCodec.shortened(text) + "\"");
        }
    }
}
