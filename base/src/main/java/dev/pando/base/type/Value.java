package dev.pando.base.type;

import java.util.Arrays;

/**
 * A value in a form whose {@code equals} and {@code compareTo} are those of its PostgreSQL type's default btree operator class. Only
 * values of one type are comparable.
 */
public sealed interface Value extends Comparable<Value> permits Value.Whole, Value.Real, Value.Bytes, Decimal {
    /** Integers, oid, bool, "char", and dates and times counted in days or microseconds. */
    record Whole(long value) implements Value {
        @Override
        public int compareTo(Value other) {
            return other instanceof Whole that ? Long.compare(value, that.value) : Value.mixed(this, other);
        }
    }

    /** Floats of both widths: NaN is equal to itself and greater than all else, both zeros are equal. */
    record Real(double value) implements Value {
        public Real {
            value = value == 0 ? 0.0 : value;
        }

        @Override
        public int compareTo(Value other) {
            return other instanceof Real that ? Double.compare(value, that.value) : Value.mixed(this, other);
        }
    }

    /** Text by the bytes of its UTF-8 (char(n) without trailing blanks), bytea and uuid: unsigned bytes, a prefix comes first. */
    final class Bytes implements Value {
        private final byte[] bytes;

        /** Keeps {@code bytes} without copying. */
        public Bytes(byte[] bytes) {
            this.bytes = bytes;
        }

        public int length() {
            return bytes.length;
        }

        @Override
        public int compareTo(Value other) {
            return other instanceof Bytes that ? Arrays.compareUnsigned(bytes, that.bytes) : Value.mixed(this, other);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    private static int mixed(Value left, Value right) {
        throw new IllegalArgumentException("values of different types compared: " + left + ", " + right);
    }
}
