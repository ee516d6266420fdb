package dev.pando.base.wire;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The columns of a result. */
public record RowDescription(List<Field> fields) {
    public RowDescription {
        fields = List.copyOf(fields);
    }

    /** Reads a RowDescription's body (what follows type and length). */
    public static RowDescription decode(ByteBuf body) {
        try {
            int count = body.readUnsignedShort();
            List<Field> fields = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                fields.add(new Field(
                        Strings.readZeroTerminated(body),
                        body.readInt(),
                        body.readShort(),
                        body.readInt(),
                        body.readShort(),
                        body.readInt(),
                        body.readShort()));
            }
            return new RowDescription(fields);
        } catch (IndexOutOfBoundsException truncated) {
            throw PandoException.causedBy(truncated, PandoError.PROTOCOL_VIOLATION, "truncated RowDescription");
        }
    }

    /** Appends the whole message, type and length included. */
    public void encode(ByteBuf out) {
        out.writeByte('T');
        int lengthAt = out.writerIndex();
        out.writeInt(0).writeShort(fields.size());
        for (Field field : fields) {
            out.writeCharSequence(field.name(), StandardCharsets.UTF_8);
            out.writeByte(0);
            out.writeInt(field.tableOid()).writeShort(field.columnNumber()).writeInt(field.typeOid());
            out.writeShort(field.typeSize()).writeInt(field.typeModifier()).writeShort(field.format());
        }
        out.setInt(lengthAt, out.writerIndex() - lengthAt);
    }
}
