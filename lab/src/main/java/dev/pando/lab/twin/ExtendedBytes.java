package dev.pando.lab.twin;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The data of extended statistics as {@code pg_statistic_ext_data} has them, a {@code pg_ndistinct} or a {@code pg_dependencies} without
 * its length: their input functions refuse every text, so they are written as bytes. Columns are by number, expressions by −1, −2, ….
 */
final class ExtendedBytes {
    private static final int DISTINCT = 0xA352BFA4;
    private static final int DEPENDENCIES = 0xB4549A2C;
    private static final int TYPE = 1;
    private static final int HEADER = 12;

    private static final List<String> TYPES = List.of("pg_ndistinct", "pg_dependencies", "pg_mcv_list");

    private ExtendedBytes() {}

    /** {@code insert} with the casts that it needs, which nothing else may find: other bytes would be read as such data, too. */
    static String[] withCasts(String insert) {
        List<String> statements = new ArrayList<>();
        TYPES.forEach(type -> statements.add("CREATE CAST (bytea AS " + type + ") WITHOUT FUNCTION"));
        statements.add(insert);
        TYPES.forEach(type -> statements.add("DROP CAST (bytea AS " + type + ")"));
        return statements.toArray(String[]::new);
    }

    /** Distinct combinations of columns, or how far the last column follows from those before it. */
    record Item(List<Integer> attributes, double value) {}

    static List<Item> readDistinct(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int count = buffer.getInt(HEADER - Integer.BYTES);
        buffer.position(HEADER);
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double value = buffer.getDouble();
            int length = buffer.getInt();
            List<Integer> attributes = new ArrayList<>();
            for (int a = 0; a < length; a++) {
                attributes.add((int) buffer.getShort());
            }
            items.add(new Item(attributes, value));
        }
        return items;
    }

    static byte[] distinct(List<Item> items) {
        return bytes(items, true);
    }

    static byte[] dependencies(List<Item> items) {
        return bytes(items, false);
    }

    private static byte[] bytes(List<Item> items, boolean distinct) {
        int head = Double.BYTES + (distinct ? Integer.BYTES : Short.BYTES);
        int length = HEADER
                + items.stream()
                        .mapToInt(item -> head + Short.BYTES * item.attributes().size())
                        .sum();
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        buffer.putInt(distinct ? DISTINCT : DEPENDENCIES).putInt(TYPE).putInt(items.size());
        for (Item item : items) {
            buffer.putDouble(item.value());
            if (distinct) {
                buffer.putInt(item.attributes().size());
            } else {
                buffer.putShort((short) item.attributes().size());
            }
            item.attributes().forEach(attribute -> buffer.putShort(attribute.shortValue()));
        }
        return buffer.array();
    }
}
