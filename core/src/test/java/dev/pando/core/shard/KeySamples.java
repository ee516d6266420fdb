package dev.pando.core.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/** Keys for tests: the edges of each type first, then random ones of several kinds. Distinctness is not promised. */
final class KeySamples {
    /** Letters, what SQL and COPY must quote, combining marks, both sides of the surrogates, and the last code point. */
    private static final int[] CHARACTERS =
            "aAbBhHiIpPqQzZ019 _-.,;'\"\\{}()%&\t\n\r\u0001\u007f\u0080éße\u0301\u0308中文עָ\ud7ff\ue000\ufffd\uffff😀𝒳𐀀\udbff\udfff"
                    .codePoints()
                    .toArray();

    private static final List<String> TEXT_EDGES = List.of(
            "",
            " ",
            "NULL",
            "null",
            "\\N",
            "\\.",
            "{}",
            "\"",
            "'",
            "\\",
            "''",
            "a",
            "A",
            "[",
            "I",
            "Hzzz",
            "Q",
            "é",
            "e\u0301",
            "\uffff",
            "😀",
            "\udbff\udfff",
            "\ue000",
            "a ",
            "US",
            "EU",
            "APAC",
            "DE",
            "x".repeat(2700),
            "😀".repeat(900));

    private final Random random;

    KeySamples(long seed) {
        random = new Random(seed);
    }

    List<Key> of(List<KeyType> types, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Key.of(types.stream().map(type -> one(type, i)).toList()))
                .toList();
    }

    private Key one(KeyType type, int i) {
        return switch (type) {
            case INT2 -> new Key.Int((short) i);
            case INT4 -> new Key.Int(integer(i, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT8 -> new Key.Int(integer(i, Long.MIN_VALUE, Long.MAX_VALUE));
            case UUID -> new Key.Uuid(uuid(i));
            case TEXT -> new Key.Text(i < TEXT_EDGES.size() ? TEXT_EDGES.get(i) : text());
        };
    }

    private long integer(int i, long least, long greatest) {
        long[] edges = {0, 1, -1, least, least + 1, greatest, greatest - 1, 99, 100, 101, -100};
        if (i < edges.length) {
            return edges[i];
        }
        return switch (i % 3) {
            case 0 -> i;
            case 1 -> -(long) i * 7919;
            default -> greatest == Long.MAX_VALUE ? random.nextLong() : random.nextInt();
        };
    }

    private UUID uuid(int i) {
        long[] edges = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE};
        if (i < edges.length * edges.length) {
            return new UUID(edges[i / edges.length], edges[i % edges.length]);
        }
        boolean timeOrdered = i % 2 == 0;
        long high = timeOrdered ? (0x019300000000L + i) << 16 | 0x7000L | random.nextInt(4096) : random.nextLong();
        return new UUID(high, random.nextLong());
    }

    private String text() {
        int kind = random.nextInt(100);
        int length = kind < 2 ? random.nextInt(400) : random.nextInt(30);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(
                    kind % 2 == 0 ? 'A' + random.nextInt(58) : CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return text.toString();
    }

    /** Some of {@code keys}, each once, in the order of PostgreSQL by their first column. */
    List<Key> someInOrder(List<Key> keys, int count) {
        List<Key> distinct = new ArrayList<>(
                keys.stream().map(Key::first).distinct().limit(50L * count).toList());
        java.util.Collections.shuffle(distinct, random);
        return distinct.stream().limit(count).sorted(KeyOrder.INSTANCE).toList();
    }
}
