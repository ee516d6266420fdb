package dev.pando.core.shard;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Where a key lies on the MD5 circle that {@link RingFunction} and {@link KeyRangeFunction} divide. An integer is hashed as the eight bytes
 * of a bigint, a uuid as its sixteen, text as its UTF-8; several columns as the text of their hex digests, one after the other.
 *
 * <p>In SQL the digest stays the text {@code md5()} returns: 32 lower-case hex digits sort in {@code COLLATE "C"} as the number they
 * write, and after any prefix of theirs, so bounds may be given as 16 digits or fewer. That costs one MD5 per row and no arithmetic
 * (casting the digest to a number would go through text input, which publications refuse).
 */
final class Keyspace {
    private Keyspace() {}

    /** The first eight bytes of the digest, an unsigned number. */
    static long tokenOf(Key key) {
        return digestOf(key).firstEight();
    }

    private static Md5 digestOf(Key key) {
        return switch (key) {
            case Key.Int integer -> Md5.ofLong(integer.value());
            case Key.Uuid uuid ->
                Md5.ofLongs(uuid.value().getMostSignificantBits(), uuid.value().getLeastSignificantBits());
            case Key.Text text -> Md5.of(text.value().getBytes(StandardCharsets.UTF_8));
            case Key.Composite composite -> {
                StringBuilder digests = new StringBuilder();
                for (Key part : composite.parts()) {
                    digests.append(digestOf(part).hex());
                }
                yield Md5.of(digests.toString().getBytes(StandardCharsets.US_ASCII));
            }
        };
    }

    /** The hex digest as an SQL expression that compares byte by byte. */
    static String digestSql(KeyColumns columns, List<String> names) {
        if (names.size() == 1) {
            return columnDigestSql(columns.firstType(), names.getFirst()) + " COLLATE \"C\"";
        }
        StringBuilder digests = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            digests.append(i == 0 ? "" : " || ")
                    .append(columnDigestSql(columns.types().get(i), names.get(i)));
        }
        return "md5(" + digests + ") COLLATE \"C\"";
    }

    private static String columnDigestSql(KeyType type, String name) {
        return switch (type) {
            case INT2, INT4 -> "md5(int8send(" + name + "::bigint))";
            case INT8 -> "md5(int8send(" + name + "))";
            case UUID -> "md5(uuid_send(" + name + "))";
            case TEXT -> "md5(" + name + ")";
        };
    }
}
