package dev.pando.core.route;

import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Literal;
import dev.pando.base.type.ScalarType;
import dev.pando.core.shard.Key;
import dev.pando.core.shard.KeyArrays;
import dev.pando.core.shard.KeyCodec;
import dev.pando.core.shard.KeyType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the values that a plan's sources name. */
final class KeyValues {
    private static final int TEXT = 25;
    private static final int VARCHAR = 1043;
    private static final int UNKNOWN = 705;
    private static final long EXACT_IN_DOUBLE = 1L << 53;

    private final Values values;

    KeyValues(Values values) {
        this.values = values;
    }

    /**
     * The keys a source may stand for, without NULLs. A null answer means that the value cannot be used for routing: it is of a type that
     * compares in another way, or malformed, so that PostgreSQL must say what it is.
     */
    @Nullable
    List<Key> keys(ValueSource source, KeyType type) {
        try {
            return switch (source) {
                case ValueSource.Null none -> List.of();
                case ValueSource.Slot slot -> slot(slot, type);
                case ValueSource.Parameter parameter -> parameter(parameter, type);
            };
        } catch (PandoException unusable) {
            return null;
        }
    }

    /** The one key that a row to be stored has, null for NULL; throws KEY_INVALID for what no key can be. */
    @Nullable
    Key stored(ValueSource source, KeyType type) {
        return switch (source) {
            case ValueSource.Null none -> null;
            case ValueSource.Slot slot -> {
                String text = text(slot);
                yield text == null ? null : KeyCodec.fromText(type, text);
            }
            case ValueSource.Parameter parameter -> storedParameter(parameter, type);
        };
    }

    private @Nullable Key storedParameter(ValueSource.Parameter parameter, KeyType type) {
        int number = parameter.number();
        byte[] bytes = values.parameters().bytes(number);
        if (bytes == null) {
            return null;
        }
        int oid = values.parameters().typeOid(number);
        boolean text = oid == TEXT || oid == VARCHAR;
        if (!values.parameters().binary(number) || text) {
            return KeyCodec.fromText(type, bytes, 0, bytes.length);
        }
        return KeyCodec.fromBinary(type, oid, bytes, 0, bytes.length);
    }

    private @Nullable String text(ValueSource.Slot slot) {
        Literal literal = values.shaped().first(slot.slot());
        return signed(slot, values.shaped().value(literal));
    }

    private static @Nullable String signed(ValueSource.Slot slot, @Nullable String text) {
        return text == null || !slot.negated() ? text : "-" + text;
    }

    private @Nullable List<Key> slot(ValueSource.Slot slot, KeyType type) {
        List<Key> keys = new ArrayList<>();
        for (Literal literal : values.shaped().slot(slot.slot())) {
            String text = signed(slot, values.shaped().value(literal));
            if (text == null) {
                return null;
            }
            if (slot.array()) {
                return KeyArrays.fromText(type, text);
            }
            keys.add(KeyCodec.fromText(type, text));
        }
        return keys;
    }

    private @Nullable List<Key> parameter(ValueSource.Parameter parameter, KeyType type) {
        int number = parameter.number();
        byte[] bytes = values.parameters().bytes(number);
        if (bytes == null) {
            return List.of();
        }
        int oid = values.parameters().typeOid(number);
        boolean binary = values.parameters().binary(number);
        if (parameter.array()) {
            boolean doubtful = parameter.shared() && type != KeyType.UUID && untyped(oid);
            return doubtful ? null : binary ? KeyArrays.fromBinary(type, bytes) : textArray(bytes, oid, type);
        }
        boolean text = oid == TEXT || oid == VARCHAR;
        if (!text && !KeyCodec.accepts(type, oid)) {
            return null;
        }
        Key key = binary && !text
                ? KeyCodec.fromBinary(type, oid, bytes, 0, bytes.length)
                : KeyCodec.fromText(type, bytes, 0, bytes.length);
        boolean certain = !parameter.shared() || !KeyValues.untyped(oid) || sameInEveryType(key, binary);
        return certain ? List.of(key) : null;
    }

    private static boolean untyped(int oid) {
        return oid == 0 || oid == UNKNOWN;
    }

    /**
     * Whether a value whose type another place of the statement may have decided still means this key. A uuid compares with uuids only.
     * A number may have become numeric or double precision, which hold it exactly up to 2^53. Text may be char(n) or citext.
     */
    private static boolean sameInEveryType(Key key, boolean binary) {
        return switch (key) {
            case Key.Uuid uuid -> true;
            case Key.Int number -> !binary && Math.abs(number.value()) <= EXACT_IN_DOUBLE;
            case Key.Text text -> false;
            case Key.Composite composite -> false;
        };
    }

    private static @Nullable List<Key> textArray(byte[] bytes, int oid, KeyType type) {
        return arrayOf(oid, type) ? KeyArrays.fromText(type, decode(bytes)) : null;
    }

    private static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return "";
        }
    }

    /** Whether a declared array type has elements that compare as keys do; the OIDs are those of pg_type. */
    private static boolean arrayOf(int oid, KeyType type) {
        return switch (oid) {
            case 0, 705 -> true;
            case 1005, 1007, 1016 -> type.integer();
            case 1009, 1015 -> true;
            case 2951 -> type == KeyType.UUID;
            default -> false;
        };
    }

    /** A value as text, null for NULL; {@code inferred} is what PostgreSQL takes a parameter for whose type the client left open. */
    @Nullable
    String asText(ValueSource source, ScalarType inferred) {
        return switch (source) {
            case ValueSource.Null none -> null;
            case ValueSource.Slot slot -> text(slot);
            case ValueSource.Parameter parameter -> parameterText(parameter.number(), inferred);
        };
    }

    private @Nullable String parameterText(int number, ScalarType inferred) {
        byte[] bytes = values.parameters().bytes(number);
        if (bytes == null) {
            return null;
        }
        int declared = values.parameters().typeOid(number);
        ScalarType type = untyped(declared) ? inferred : ScalarType.ofOid(declared);
        return !values.parameters().binary(number) || type == null ? decode(bytes) : binaryText(type, bytes);
    }

    private static String binaryText(ScalarType type, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return switch (bytes.length) {
            case 1 -> type == ScalarType.BOOL ? Boolean.toString(bytes[0] != 0) : decode(bytes);
            case 2 -> type == ScalarType.INT2 ? Short.toString(buffer.getShort()) : decode(bytes);
            case 4 -> type == ScalarType.INT4 ? Integer.toString(buffer.getInt()) : decode(bytes);
            case 8 -> type == ScalarType.INT8 ? Long.toString(buffer.getLong()) : decode(bytes);
            case 16 ->
                type == ScalarType.UUID ? new UUID(buffer.getLong(), buffer.getLong()).toString() : decode(bytes);
            default -> decode(bytes);
        };
    }
}
