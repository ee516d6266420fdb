package dev.pando.core.merge;

import dev.pando.base.wire.Field;
import dev.pando.base.wire.RowDescription;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of text fields in and out of a {@link Merger}. */
final class Rows {
    static final int INT4 = 23;
    static final int INT8 = 20;
    static final int TEXT = 25;
    static final int NUMERIC = 1700;
    static final Limits PLENTY = new Limits(10_000_000);

    private Rows() {}

    static RowDescription columns(int... typeOids) {
        List<Field> fields = new ArrayList<>();
        for (int oid : typeOids) {
            fields.add(new Field("c" + fields.size(), 0, (short) 0, oid, (short) -1, -1, (short) 0));
        }
        return new RowDescription(fields);
    }

    static ByteBuf row(@Nullable String... fields) {
        ByteBuf body = Unpooled.buffer();
        body.writeShort(fields.length);
        for (String field : fields) {
            if (field == null) {
                body.writeInt(-1);
            } else {
                byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
                body.writeInt(bytes.length).writeBytes(bytes);
            }
        }
        return body;
    }

    /** Fields with commas between, NULL as a hyphen. */
    static String text(ByteBuf body) {
        int count = body.readShort();
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = body.readInt();
            fields.add(
                    length < 0
                            ? "-"
                            : body.readCharSequence(length, StandardCharsets.UTF_8)
                                    .toString());
        }
        if (body.isReadable()) {
            throw new AssertionError("bytes after the last field");
        }
        return String.join(",", fields);
    }

    static List<String> drain(Merger merger) {
        List<String> rows = new ArrayList<>();
        merger.drain(
                body -> {
                    rows.add(text(body));
                    body.release();
                },
                Integer.MAX_VALUE);
        return rows;
    }

    /** Feeds whole sources one after the other, each a list of one-column rows. */
    static List<String> merge(Merger merger, RowDescription columns, List<List<@Nullable String[]>> sources) {
        for (int source = 0; source < sources.size(); source++) {
            merger.columns(source, columns);
            for (@Nullable String[] fields : sources.get(source)) {
                merger.row(source, row(fields));
            }
            merger.end(source);
        }
        return drain(merger);
    }

    static List<@Nullable String[]> rows(@Nullable String... single) {
        List<@Nullable String[]> rows = new ArrayList<>();
        Arrays.stream(single).forEach(value -> rows.add(new @Nullable String[] {value}));
        return rows;
    }
}
