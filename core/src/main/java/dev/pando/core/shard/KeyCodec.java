package dev.pando.core.shard;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Literals, parameters and COPY fields to {@link Key}s, accepting exactly what the input and receive functions of PostgreSQL 16 and later
 * accept. (Version 15 refuses {@code 0x}, {@code 0o}, {@code 0b} and underscores itself, when it gets the statement.)
 */
public final class KeyCodec {
    private static final int SHOWN_LENGTH = 60;

    private KeyCodec() {}

    /** The key a column of {@code type} holds after {@code text} went through the type's input function. */
    public static Key fromText(KeyType type, @Nullable String text) {
        if (text == null) {
            throw isNull(type);
        }
        return switch (type) {
            case INT2, INT4, INT8 -> new Key.Int(IntegerText.parse(type, text));
            case UUID -> new Key.Uuid(UuidText.parse(text));
            case TEXT -> new Key.Text(text);
        };
    }

    /** As {@link #fromText(KeyType, String)}, from {@code length} bytes of UTF-8: a text parameter or an unescaped COPY field. */
    public static Key fromText(KeyType type, byte[] bytes, int offset, int length) {
        return fromText(type, utf8(bytes, offset, length));
    }

    /**
     * Whether a value of the type with this OID, compared with a column of {@code column} by {@code =}, is compared as a key: 0 and
     * unknown take the column's type, integers of any width compare by value, text and varchar alike. Of anything else the operator
     * decides (numeric, char(n), a domain …) and the value must not be used for routing.
     */
    public static boolean accepts(KeyType column, int typeOid) {
        return switch (typeOid) {
            case 0, 705 -> true;
            case 20, 21, 23 -> column.integer();
            case 2950 -> column == KeyType.UUID;
            case 25, 1043 -> column == KeyType.TEXT;
            default -> false;
        };
    }

    /**
     * The key in a parameter or COPY field of binary format, of type {@code typeOid} (0: the column's). An integer wider than the column
     * is taken as it is: compared it matches no row, stored it is refused by PostgreSQL with its own error.
     */
    public static Key fromBinary(KeyType column, int typeOid, byte @Nullable [] bytes) {
        if (bytes == null) {
            throw isNull(column);
        }
        return fromBinary(column, typeOid, bytes, 0, bytes.length);
    }

    /** As {@link #fromBinary(KeyType, int, byte[])}, from {@code length} bytes at {@code offset}. */
    public static Key fromBinary(KeyType column, int typeOid, byte[] bytes, int offset, int length) {
        if (!accepts(column, typeOid)) {
            throw invalid(column, "a binary value of the type with OID " + typeOid + " is not comparable as a key");
        }
        KeyType sent = typeOid == 0 || typeOid == 705 ? column : KeyType.ofOid(typeOid);
        ByteBuffer value = ByteBuffer.wrap(bytes, offset, length);
        return switch (sent) {
            case INT2 -> new Key.Int(sized(sent, value, 2).getShort());
            case INT4 -> new Key.Int(sized(sent, value, 4).getInt());
            case INT8 -> new Key.Int(sized(sent, value, 8).getLong());
            case UUID -> {
                ByteBuffer both = sized(sent, value, 16);
                yield new Key.Uuid(new java.util.UUID(both.getLong(), both.getLong()));
            }
            case TEXT -> new Key.Text(utf8(bytes, offset, length));
        };
    }

    private static ByteBuffer sized(KeyType type, ByteBuffer value, int size) {
        if (value.remaining() != size) {
            throw invalid(type, "a binary value has " + size + " bytes, not " + value.remaining());
        }
        return value;
    }

    private static String utf8(byte[] bytes, int offset, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, offset, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw PandoException.causedBy(
                    e, PandoError.KEY_INVALID, KeyType.TEXT.sqlName(), "its bytes are not valid UTF-8");
        }
    }

    static void requireStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit == 0) {
                throw invalid(KeyType.TEXT, "text cannot contain the character with code 0");
            }
            if (Character.isSurrogate(unit)) {
                if (!Character.isHighSurrogate(unit)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw invalid(KeyType.TEXT, "half of a surrogate pair is no character");
                }
                i++;
            }
        }
    }

    static PandoException syntax(KeyType type, String text) {
        return invalid(type, "invalid input syntax for type " + type.sqlName() + ": \"" + shortened(text) + "\"");
    }

    static PandoException outOfRange(KeyType type, String text) {
        return invalid(type, "value \"" + shortened(text) + "\" is out of range for type " + type.sqlName());
    }

    static PandoException invalid(KeyType type, String reason) {
        return new PandoException(PandoError.KEY_INVALID, type.sqlName(), reason);
    }

    private static PandoException isNull(KeyType type) {
        return invalid(type, "it is NULL, and a row without a key has no shard");
    }

    static String shortened(String text) {
        return text.length() <= SHOWN_LENGTH ? text : text.substring(0, SHOWN_LENGTH) + "…";
    }
}
