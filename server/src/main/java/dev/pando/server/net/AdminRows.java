package dev.pando.server.net;

import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.Field;
import dev.pando.base.wire.Formats;
import dev.pando.base.wire.RowDescription;
import dev.pando.server.admin.AdminResult;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers of the admin console as messages: columns of type text, whose two formats are the same, and of type bigint. */
final class AdminRows {
    private static final int TEXT = 25;
    private static final int BIGINT = 20;

    private AdminRows() {}

    /** {@code formats}: as Bind gave them. */
    static void columns(ByteBuf out, AdminResult result, short[] formats) {
        List<Field> fields = new ArrayList<>();
        for (String name : result.columns()) {
            boolean number = result.numbers().contains(name);
            fields.add(new Field(
                    name,
                    0,
                    (short) 0,
                    number ? BIGINT : TEXT,
                    (short) (number ? Long.BYTES : -1),
                    -1,
                    Formats.at(formats, fields.size())));
        }
        new RowDescription(fields).encode(out);
    }

    static void row(ByteBuf out, AdminResult result, List<? extends @Nullable String> row, short[] formats) {
        if (result.numbers().isEmpty() || formats.length == 0) {
            BackendMessages.textRow(out, row);
            return;
        }
        int start = out.writerIndex();
        out.writeByte('D').writeInt(0).writeShort(row.size());
        for (int i = 0; i < row.size(); i++) {
            String value = row.get(i);
            if (value == null) {
                out.writeInt(-1);
            } else if (Formats.at(formats, i) != Formats.TEXT
                    && result.numbers().contains(result.columns().get(i))) {
                out.writeInt(Long.BYTES).writeLong(Long.parseLong(value));
            } else {
                byte[] text = value.getBytes(StandardCharsets.UTF_8);
                out.writeInt(text.length).writeBytes(text);
            }
        }
        out.setInt(start + 1, out.writerIndex() - start - 1);
    }
}
