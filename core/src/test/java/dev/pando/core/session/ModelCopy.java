package dev.pando.core.session;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** COPY FROM STDIN under way. */
final class ModelCopy {
    final ModelSql.Parsed sql;
    final boolean extended;
    private final String table;
    private String text = "";
    int rows;

    ModelCopy(ModelSql.Parsed sql, boolean extended) {
        this.sql = sql;
        this.table = sql.group(1);
        this.extended = extended;
    }

    /** A line of COPY TO. */
    static void line(ByteBuf answers, List<String> row) {
        byte[] line = (row.get(0) + "\t" + row.get(1) + "\n").getBytes(StandardCharsets.UTF_8);
        answers.writeByte('d').writeInt(4 + line.length).writeBytes(line);
    }

    /** A CopyData. */
    void take(ModelSession session, byte[] frame) {
        text = insert(session, text + new String(frame, 5, frame.length - 5, StandardCharsets.UTF_8));
    }

    /** Its last line need not end. */
    void finish(ModelSession session) {
        insert(session, text.isEmpty() ? "" : text + "\n");
    }

    private String insert(ModelSession session, String lines) {
        int at = 0;
        for (int end = lines.indexOf('\n'); end >= 0; end = lines.indexOf('\n', at)) {
            String[] fields = lines.substring(at, end).split("\t", -1);
            at = end + 1;
            if (fields.length != 2) {
                throw new SqlError("22P04", "missing data for column \"v\"");
            }
            session.insert(table, Arrays.asList(fields));
            rows++;
        }
        return lines.substring(at);
    }
}
