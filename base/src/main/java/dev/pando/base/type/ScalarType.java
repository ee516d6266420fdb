package dev.pando.base.type;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The types whose values Pando compares and adds itself, exactly as PostgreSQL does. Left out on purpose: enums (their order is in the
 * catalog), interval in its four text styles, everything of extensions.
 */
public enum ScalarType {
    BOOL(16, "boolean"),
    BYTEA(17, "bytea"),
    CHAR(18, "\"char\""),
    NAME(19, "name"),
    INT8(20, "bigint"),
    INT2(21, "smallint"),
    INT4(23, "integer"),
    TEXT(25, "text"),
    OID(26, "oid"),
    FLOAT4(700, "real"),
    FLOAT8(701, "double precision"),
    BPCHAR(1042, "character"),
    VARCHAR(1043, "character varying"),
    DATE(1082, "date"),
    TIME(1083, "time without time zone"),
    TIMESTAMP(1114, "timestamp without time zone"),
    TIMESTAMPTZ(1184, "timestamp with time zone"),
    NUMERIC(1700, "numeric"),
    UUID(2950, "uuid");

    /** {@code Field.format} of binary fields. */
    public static final short BINARY = 1;

    private final int oid;
    private final String sqlName;

    ScalarType(int oid, String sqlName) {
        this.oid = oid;
        this.sqlName = sqlName;
    }

    /** Null for a type that is not listed here. Domains need no care: a RowDescription names their base type. */
    public static @Nullable ScalarType ofOid(int oid) {
        for (ScalarType type : values()) {
            if (type.oid == oid) {
                return type;
            }
        }
        return null;
    }

    public int oid() {
        return oid;
    }

    public String sqlName() {
        return sqlName;
    }

    /** Whether the order of its values depends on a collation. */
    public boolean collatable() {
        return switch (this) {
            case TEXT, VARCHAR, BPCHAR, NAME -> true;
            case BOOL, BYTEA, CHAR, INT8, INT2, INT4, OID, FLOAT4, FLOAT8, DATE, TIME, TIMESTAMP -> false;
            case TIMESTAMPTZ, NUMERIC, UUID -> false;
        };
    }

    /**
     * The value in {@code length} bytes of {@code row} at {@code index}. Text in the session's client encoding, which is UTF-8; dates in
     * DateStyle ISO.
     */
    public Value decode(ByteBuf row, int index, int length, short format) {
        try {
            return format == BINARY ? decodeBinary(row, index, length) : decodeText(row, index, length);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw Malformed.causedBy(e, this);
        }
    }

    /** Appends {@code value} as PostgreSQL would send it; only for types that arithmetic yields. */
    public void encode(Value value, short format, ByteBuf out) {
        boolean binary = format == BINARY;
        switch (this) {
            case BOOL -> out.writeByte(binary ? (int) whole(value) : whole(value) == 0 ? 'f' : 't');
            case INT8 -> {
                if (binary) {
                    out.writeLong(whole(value));
                } else {
                    text(out, Long.toString(whole(value)));
                }
            }
            case FLOAT4 -> {
                if (binary) {
                    out.writeFloat((float) real(value));
                } else {
                    text(out, FloatForm.real((float) real(value)));
                }
            }
            case FLOAT8 -> {
                if (binary) {
                    out.writeDouble(real(value));
                } else {
                    text(out, FloatForm.doublePrecision(real(value)));
                }
            }
            case NUMERIC -> {
                if (!(value instanceof Decimal decimal)) {
                    throw new IllegalArgumentException("no numeric: " + value);
                }
                if (binary) {
                    decimal.writeBinary(out);
                } else {
                    decimal.writeText(out);
                }
            }
            case BYTEA, CHAR, NAME, INT2, INT4, TEXT, OID, BPCHAR, VARCHAR, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, UUID ->
                throw new IllegalArgumentException("no arithmetic yields " + sqlName);
        }
    }

    private static long whole(Value value) {
        return ((Value.Whole) value).value();
    }

    private static double real(Value value) {
        return ((Value.Real) value).value();
    }

    private static void text(ByteBuf out, String text) {
        out.writeCharSequence(text, StandardCharsets.US_ASCII);
    }

    private Value decodeText(ByteBuf row, int index, int length) {
        return switch (this) {
            case BOOL -> new Value.Whole(row.getByte(index) == 't' ? 1 : 0);
            case INT2, INT4, INT8, OID -> new Value.Whole(integer(row, index, length));
            case FLOAT4 -> new Value.Real(Float.parseFloat(ascii(row, index, length)));
            case FLOAT8 -> new Value.Real(Double.parseDouble(ascii(row, index, length)));
            case NUMERIC -> Decimal.parse(row, index, length);
            case TEXT, VARCHAR, NAME -> bytes(row, index, length);
            case BPCHAR -> unpadded(row, index, length);
            case CHAR -> new Value.Whole(charText(row, index, length));
            case UUID -> UuidForm.parse(row, index, length);
            case BYTEA -> ByteaForm.parse(row, index, length);
            case DATE -> new Value.Whole(DateTimeForm.date(ascii(row, index, length)));
            case TIME -> new Value.Whole(DateTimeForm.time(ascii(row, index, length)));
            case TIMESTAMP -> new Value.Whole(DateTimeForm.timestamp(ascii(row, index, length)));
            case TIMESTAMPTZ -> new Value.Whole(DateTimeForm.timestampWithZone(ascii(row, index, length)));
        };
    }

    private Value decodeBinary(ByteBuf row, int index, int length) {
        return switch (this) {
            case BOOL, CHAR -> new Value.Whole(row.getUnsignedByte(sized(1, index, length)));
            case INT2 -> new Value.Whole(row.getShort(sized(2, index, length)));
            case INT4, DATE -> new Value.Whole(row.getInt(sized(4, index, length)));
            case OID -> new Value.Whole(row.getUnsignedInt(sized(4, index, length)));
            case INT8, TIME, TIMESTAMP, TIMESTAMPTZ -> new Value.Whole(row.getLong(sized(8, index, length)));
            case FLOAT4 -> new Value.Real(row.getFloat(sized(4, index, length)));
            case FLOAT8 -> new Value.Real(row.getDouble(sized(8, index, length)));
            case NUMERIC -> Decimal.decode(row, index, length);
            case TEXT, VARCHAR, NAME, BYTEA -> bytes(row, index, length);
            case BPCHAR -> unpadded(row, index, length);
            case UUID -> bytes(row, sized(16, index, length), length);
        };
    }

    private int sized(int expected, int index, int length) {
        if (length != expected) {
            throw Malformed.value(this);
        }
        return index;
    }

    private static Value.Bytes bytes(ByteBuf row, int index, int length) {
        byte[] copy = new byte[length];
        row.getBytes(index, copy);
        return new Value.Bytes(copy);
    }

    private static Value.Bytes unpadded(ByteBuf row, int index, int length) {
        int end = length;
        while (end > 0 && row.getByte(index + end - 1) == ' ') {
            end--;
        }
        return bytes(row, index, end);
    }

    private static String ascii(ByteBuf row, int index, int length) {
        return row.toString(index, length, StandardCharsets.ISO_8859_1);
    }

    private long integer(ByteBuf row, int index, int length) {
        int at = index;
        int end = index + length;
        boolean negative = length > 0 && row.getByte(index) == '-';
        if (negative) {
            at++;
        }
        if (at == end || length > 20) {
            throw Malformed.value(this);
        }
        // Counting downwards reaches the least bigint, which has no positive twin.
        long value = 0;
        for (; at < end; at++) {
            int digit = row.getByte(at) - '0';
            if (digit < 0 || digit > 9) {
                throw Malformed.value(this);
            }
            value = value * 10 - digit;
        }
        return negative ? value : -value;
    }

    /** "char" shows zero as nothing, and a byte above 127 as backslash and three octal digits. */
    private static int charText(ByteBuf row, int index, int length) {
        return switch (length) {
            case 0 -> 0;
            case 4 -> Integer.parseInt(ascii(row, index + 1, 3), 8);
            default -> row.getUnsignedByte(index);
        };
    }
}
