package dev.pando.core.shard;

/**
 * MD5 (RFC 1321), here because routing asks for one per statement: {@link java.security.MessageDigest} costs a provider look-up and
 * several objects each time, and may be absent where FIPS rules hold. It spreads keys and protects nothing.
 */
final class Md5 {
    private static final int[] SINES = sines();
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private int a = 0x67452301;
    private int b = 0xefcdab89;
    private int c = 0x98badcfe;
    private int d = 0x10325476;

    private Md5() {}

    /** The digest of the big-endian bytes of one long, or of two. */
    static Md5 ofLong(long value) {
        int[] block = new int[16];
        block[0] = Integer.reverseBytes((int) (value >>> 32));
        block[1] = Integer.reverseBytes((int) value);
        block[2] = 0x80;
        block[14] = Long.SIZE;
        return new Md5().takeIn(block);
    }

    static Md5 ofLongs(long first, long second) {
        int[] block = new int[16];
        block[0] = Integer.reverseBytes((int) (first >>> 32));
        block[1] = Integer.reverseBytes((int) first);
        block[2] = Integer.reverseBytes((int) (second >>> 32));
        block[3] = Integer.reverseBytes((int) second);
        block[4] = 0x80;
        block[14] = 2 * Long.SIZE;
        return new Md5().takeIn(block);
    }

    static Md5 of(byte[] bytes) {
        Md5 digest = new Md5();
        int blocks = (bytes.length + 8) / 64 + 1;
        for (int i = 0; i < blocks; i++) {
            int[] block = new int[16];
            for (int at = 64 * i; at < Math.min(bytes.length, 64 * i + 64); at++) {
                block[(at & 63) >> 2] |= (bytes[at] & 0xff) << (8 * (at & 3));
            }
            if (bytes.length >> 6 == i) {
                block[(bytes.length & 63) >> 2] |= 0x80 << (8 * (bytes.length & 3));
            }
            if (i == blocks - 1) {
                block[14] = bytes.length << 3;
                block[15] = bytes.length >>> 29;
            }
            digest.takeIn(block);
        }
        return digest;
    }

    /** The first eight bytes, the first one highest. */
    long firstEight() {
        return (long) Integer.reverseBytes(a) << 32 | Integer.toUnsignedLong(Integer.reverseBytes(b));
    }

    /** All sixteen bytes as PostgreSQL's {@code md5()} shows them. */
    String hex() {
        char[] hex = new char[32];
        int[] words = {a, b, c, d};
        for (int i = 0; i < 16; i++) {
            int value = words[i >> 2] >>> (8 * (i & 3)) & 0xff;
            hex[2 * i] = HEX[value >> 4];
            hex[2 * i + 1] = HEX[value & 15];
        }
        return new String(hex);
    }

    private Md5 takeIn(int[] block) {
        int oldA = a;
        int oldB = b;
        int oldC = c;
        int oldD = d;
        firstRound(block);
        secondRound(block);
        thirdRound(block);
        fourthRound(block);
        a += oldA;
        b += oldB;
        c += oldC;
        d += oldD;
        return this;
    }

    private void firstRound(int[] m) {
        for (int i = 0; i < 16; i += 4) {
            a = b + Integer.rotateLeft(a + (d ^ (b & (c ^ d))) + m[i] + SINES[i], 7);
            d = a + Integer.rotateLeft(d + (c ^ (a & (b ^ c))) + m[i + 1] + SINES[i + 1], 12);
            c = d + Integer.rotateLeft(c + (b ^ (d & (a ^ b))) + m[i + 2] + SINES[i + 2], 17);
            b = c + Integer.rotateLeft(b + (a ^ (c & (d ^ a))) + m[i + 3] + SINES[i + 3], 22);
        }
    }

    private void secondRound(int[] m) {
        for (int i = 16; i < 32; i += 4) {
            int j = 5 * (i - 16) + 1;
            a = b + Integer.rotateLeft(a + (c ^ (d & (b ^ c))) + m[j & 15] + SINES[i], 5);
            d = a + Integer.rotateLeft(d + (b ^ (c & (a ^ b))) + m[j + 5 & 15] + SINES[i + 1], 9);
            c = d + Integer.rotateLeft(c + (a ^ (b & (d ^ a))) + m[j + 10 & 15] + SINES[i + 2], 14);
            b = c + Integer.rotateLeft(b + (d ^ (a & (c ^ d))) + m[j + 15 & 15] + SINES[i + 3], 20);
        }
    }

    private void thirdRound(int[] m) {
        for (int i = 32; i < 48; i += 4) {
            int j = 3 * (i - 32) + 5;
            a = b + Integer.rotateLeft(a + (b ^ c ^ d) + m[j & 15] + SINES[i], 4);
            d = a + Integer.rotateLeft(d + (a ^ b ^ c) + m[j + 3 & 15] + SINES[i + 1], 11);
            c = d + Integer.rotateLeft(c + (d ^ a ^ b) + m[j + 6 & 15] + SINES[i + 2], 16);
            b = c + Integer.rotateLeft(b + (c ^ d ^ a) + m[j + 9 & 15] + SINES[i + 3], 23);
        }
    }

    private void fourthRound(int[] m) {
        for (int i = 48; i < 64; i += 4) {
            int j = 7 * (i - 48);
            a = b + Integer.rotateLeft(a + (c ^ (b | ~d)) + m[j & 15] + SINES[i], 6);
            d = a + Integer.rotateLeft(d + (b ^ (a | ~c)) + m[j + 7 & 15] + SINES[i + 1], 10);
            c = d + Integer.rotateLeft(c + (a ^ (d | ~b)) + m[j + 14 & 15] + SINES[i + 2], 15);
            b = c + Integer.rotateLeft(b + (d ^ (c | ~a)) + m[j + 21 & 15] + SINES[i + 3], 21);
        }
    }

    /** The RFC's table: the integer part of 2^32 times |sin(i)|, i from 1 in radians. */
    private static int[] sines() {
        int[] table = new int[64];
        for (int i = 0; i < table.length; i++) {
            table[i] = (int) (long) (StrictMath.abs(StrictMath.sin(i + 1)) * 4294967296.0);
        }
        return table;
    }
}
