package dev.pando.core.shard;

import java.util.List;

/**
 * The value of a sharding key in one canonical form: two keys are equal exactly when PostgreSQL calls the values equal. The width of an
 * integer is therefore not part of it.
 */
public sealed interface Key {
    /** Most columns a key may have; {@link HashFunction} explains why there is a limit. */
    int MAX_COLUMNS = 4;

    record Int(long value) implements Key {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    record Uuid(java.util.UUID value) implements Key {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    /** Text that PostgreSQL can store in UTF-8: no NUL and no half of a surrogate pair. */
    record Text(String value) implements Key {
        public Text {
            KeyCodec.requireStorable(value);
        }

        @Override
        public String toString() {
            return value;
        }
    }

    /** Two to four columns, in the order in which they were declared. */
    record Composite(List<Key> parts) implements Key {
        public Composite {
            parts = List.copyOf(parts);
            if (parts.size() < 2 || parts.size() > MAX_COLUMNS) {
                throw new IllegalArgumentException("a composite key has 2 to 4 parts, not " + parts.size());
            }
            for (Key part : parts) {
                if (part instanceof Composite) {
                    throw new IllegalArgumentException("a composite key cannot hold a composite key");
                }
            }
        }

        @Override
        public String toString() {
            return SettingList.format(parts.stream().map(Key::toString).toList());
        }
    }

    /** The key of several columns; of one column, its only part. */
    static Key of(List<Key> parts) {
        return parts.size() == 1 ? parts.getFirst() : new Composite(parts);
    }

    /** The part of the first column: what functions that look at one column only decide by. */
    default Key first() {
        return switch (this) {
            case Int key -> key;
            case Uuid key -> key;
            case Text key -> key;
            case Composite key -> key.parts().getFirst();
        };
    }
}
