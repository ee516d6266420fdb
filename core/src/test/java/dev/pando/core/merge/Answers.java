package dev.pando.core.merge;

import dev.pando.base.wire.Field;
import dev.pando.base.wire.RowDescription;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/** A server's answers as DataRow bodies. Tuples of the binary COPY format are laid out like them. */
final class Answers {
    private static final int COPY_HEADER = 19;

    private final Connection connection;

    Answers(Connection connection) {
        this.connection = connection;
    }

    static RowDescription columns(List<Integer> types, short format) {
        return new RowDescription(types.stream()
                .map(oid -> new Field("c", 0, (short) 0, oid, (short) -1, -1, format))
                .toList());
    }

    List<String> rows(String sql, short format) throws SQLException {
        return new ArrayList<>(bodies(sql, format).stream().map(Answers::text).toList());
    }

    /** Every field's bytes, in a form that failures can show. */
    static String text(ByteBuf body) {
        int count = body.readShort();
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = body.readInt();
            ByteBuf field = length < 0 ? Unpooled.EMPTY_BUFFER : body.readSlice(length);
            boolean plain = length >= 0 && field.forEachByte(b -> b >= ' ' && b < 127) < 0;
            fields.add(
                    length < 0
                            ? "NULL"
                            : plain ? field.toString(StandardCharsets.US_ASCII) : ByteBufUtil.hexDump(field));
        }
        // Infinity minus infinity is a NaN with its sign bit set on some processors; PostgreSQL calls them equal.
        return String.join("|", fields)
                .replace("fff8000000000000", "7ff8000000000000")
                .replace("ffc00000", "7fc00000");
    }

    List<ByteBuf> bodies(String sql, short format) throws SQLException {
        return format == 1 ? binary(sql) : textual(sql);
    }

    private List<ByteBuf> textual(String sql) throws SQLException {
        List<ByteBuf> bodies = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int count = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                String[] fields = new String[count];
                for (int i = 0; i < count; i++) {
                    fields[i] = rows.getString(i + 1);
                }
                bodies.add(Rows.row(fields));
            }
        }
        return bodies;
    }

    private List<ByteBuf> binary(String sql) throws SQLException {
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        try {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY (" + sql + ") TO STDOUT (FORMAT binary)", copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteBuf data = Unpooled.wrappedBuffer(copy.toByteArray()).skipBytes(COPY_HEADER);
        List<ByteBuf> bodies = new ArrayList<>();
        while (data.getShort(data.readerIndex()) != -1) {
            int start = data.readerIndex();
            int count = data.readShort();
            for (int i = 0; i < count; i++) {
                data.skipBytes(Math.max(data.readInt(), 0));
            }
            bodies.add(data.copy(start, data.readerIndex() - start));
        }
        return bodies;
    }
}
