package dev.pando.core.shard;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * PostgreSQL's 64-bit hash functions ({@code hashint8extended}, {@code uuid_hash_extended}, {@code hashtextextended}) and the way hash
 * partitioning combines them. They are Bob Jenkins' public-domain lookup3: three 32-bit words take in twelve bytes at a time, little end
 * first, are mixed after each twelve, and stirred a last time at the end. PostgreSQL differs in three points: the words start from its own
 * constant, a 64-bit seed is mixed in before the first byte, and in the last group the lowest byte of the third word stays free.
 *
 * <p>An instance holds the three words of one computation and never leaves its method, so that the compiler keeps it in registers.
 */
final class PostgresHash {
    /** HASH_PARTITION_SEED of PostgreSQL: the seed of every hash-partitioned table. */
    static final long PARTITION_SEED = 0x7A5B22367996DCFDL;

    /** What combining adds to each column's hash. */
    static final long COMBINE_CONSTANT = 0x49A0F4DD15E5A8E3L;

    private static final int START = 0x9e3779b9 + 3923095;

    private int a;
    private int b;
    private int c;

    private PostgresHash(int length, long seed) {
        a = START + length;
        b = a;
        c = a;
        if (seed != 0) {
            a += (int) (seed >>> 32);
            b += (int) seed;
            mix();
        }
    }

    /** The hash a hash-partitioned table computes for a row with this key; partition = hash mod modulus, unsigned. */
    static long ofRow(Key key) {
        if (key instanceof Key.Composite composite) {
            long combined = 0;
            for (Key part : composite.parts()) {
                combined = combine(combined, ofColumn(part));
            }
            return combined;
        }
        return combine(0, ofColumn(key));
    }

    private static long ofColumn(Key key) {
        return switch (key) {
            case Key.Int integer -> ofLong(integer.value(), PARTITION_SEED);
            case Key.Uuid uuid -> ofUuid(uuid.value(), PARTITION_SEED);
            case Key.Text text -> ofText(text.value(), PARTITION_SEED);
            case Key.Composite composite -> throw new IllegalArgumentException("nested key " + composite);
        };
    }

    static long combine(long sum, long hash) {
        return sum ^ (hash + COMBINE_CONSTANT + (sum << 54) + (sum >>> 7));
    }

    /** Equal for equal values of smallint, integer and bigint: the upper half is folded away so that the sign extension leaves no trace. */
    static long ofLong(long value, long seed) {
        int upper = (int) (value >> 32);
        PostgresHash hash = new PostgresHash(Integer.BYTES, seed);
        hash.a += (int) value ^ (value >= 0 ? upper : ~upper);
        return hash.finish();
    }

    static long ofUuid(UUID value, long seed) {
        long high = value.getMostSignificantBits();
        long low = value.getLeastSignificantBits();
        PostgresHash hash = new PostgresHash(2 * Long.BYTES, seed);
        hash.a += Integer.reverseBytes((int) (high >>> 32));
        hash.b += Integer.reverseBytes((int) high);
        hash.c += Integer.reverseBytes((int) (low >>> 32));
        hash.mix();
        hash.a += Integer.reverseBytes((int) low);
        return hash.finish();
    }

    static long ofText(String value, long seed) {
        return ofBytes(value.getBytes(StandardCharsets.UTF_8), seed);
    }

    static long ofBytes(byte[] bytes, long seed) {
        PostgresHash hash = new PostgresHash(bytes.length, seed);
        int at = 0;
        for (; bytes.length - at >= 12; at += 12) {
            hash.a += word(bytes, at, 4);
            hash.b += word(bytes, at + 4, 4);
            hash.c += word(bytes, at + 8, 4);
            hash.mix();
        }
        int rest = bytes.length - at;
        hash.a += word(bytes, at, rest);
        hash.b += word(bytes, at + 4, rest - 4);
        hash.c += word(bytes, at + 8, rest - 8) << 8;
        return hash.finish();
    }

    /** Up to four bytes, the first one lowest; none if {@code count} is not positive. */
    private static int word(byte[] bytes, int at, int count) {
        int word = 0;
        for (int i = 0; i < Math.min(count, 4); i++) {
            word |= (bytes[at + i] & 0xff) << (8 * i);
        }
        return word;
    }

    private void mix() {
        a = (a - c) ^ Integer.rotateLeft(c, 4);
        c += b;
        b = (b - a) ^ Integer.rotateLeft(a, 6);
        a += c;
        c = (c - b) ^ Integer.rotateLeft(b, 8);
        b += a;
        a = (a - c) ^ Integer.rotateLeft(c, 16);
        c += b;
        b = (b - a) ^ Integer.rotateLeft(a, 19);
        a += c;
        c = (c - b) ^ Integer.rotateLeft(b, 4);
        b += a;
    }

    private long finish() {
        c = (c ^ b) - Integer.rotateLeft(b, 14);
        a = (a ^ c) - Integer.rotateLeft(c, 11);
        b = (b ^ a) - Integer.rotateLeft(a, 25);
        c = (c ^ b) - Integer.rotateLeft(b, 16);
        a = (a ^ c) - Integer.rotateLeft(c, 4);
        b = (b ^ a) - Integer.rotateLeft(a, 14);
        c = (c ^ b) - Integer.rotateLeft(b, 24);
        return (long) b << 32 | Integer.toUnsignedLong(c);
    }
}
