package dev.pando.core.shard;

import java.util.Comparator;

/** PostgreSQL's order of keys of one type: uuids as unsigned bytes, text as in {@code COLLATE "C"}, which is the order of code points. */
final class KeyOrder implements Comparator<Key> {
    static final KeyOrder INSTANCE = new KeyOrder();

    private KeyOrder() {}

    @Override
    public int compare(Key one, Key other) {
        return switch (one) {
            case Key.Int a when other instanceof Key.Int b -> Long.compare(a.value(), b.value());
            case Key.Text a when other instanceof Key.Text b -> compareText(a.value(), b.value());
            case Key.Uuid a
            when other instanceof Key.Uuid b -> {
                int high = Long.compareUnsigned(
                        a.value().getMostSignificantBits(), b.value().getMostSignificantBits());
                yield high != 0
                        ? high
                        : Long.compareUnsigned(
                                a.value().getLeastSignificantBits(), b.value().getLeastSignificantBits());
            }
            case Key.Int a -> throw differ(a, other);
            case Key.Text a -> throw differ(a, other);
            case Key.Uuid a -> throw differ(a, other);
            case Key.Composite a -> throw differ(a, other);
        };
    }

    /** UTF-16 puts the surrogates before U+E000 to U+FFFF, code points and UTF-8 put what they stand for after. */
    private static int compareText(String a, String b) {
        int shorter = Math.min(a.length(), b.length());
        for (int i = 0; i < shorter; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean sameKind = Character.isSurrogate(x) == Character.isSurrogate(y);
                return sameKind ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static IllegalArgumentException differ(Key one, Key other) {
        return new IllegalArgumentException("no order between " + one.getClass() + " and " + other.getClass());
    }
}
