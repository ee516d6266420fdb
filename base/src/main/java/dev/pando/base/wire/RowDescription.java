package dev.pando.base.wire;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** The columns of a result. */
public record RowDescription(List<Field> fields) {
    /** A column with an empty name. */
    private static final int FIELD_BYTES = 19;

    public RowDescription {
        fields = List.copyOf(fields);
    }

    /**
     * Reads a RowDescription's body (what follows type and length).
     *
     * @param source the shard that sent it, for the error's text
     * @throws PandoException BACKEND_PROTOCOL when it is malformed
     */
    public static RowDescription decode(ByteBuf body, Object source) {
        RowDescription row = fields(body, source);
        if (body.isReadable()) {
            throw malformed(source, body.readableBytes() + " bytes left over");
        }
        return row;
    }

    private static RowDescription fields(ByteBuf body, Object source) {
        try {
            int count = body.readUnsignedShort();
            if (count * FIELD_BYTES > body.readableBytes()) {
                throw new IndexOutOfBoundsException(count + " columns in " + body.readableBytes() + " bytes");
            }
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
        } catch (IndexOutOfBoundsException | PandoException e) {
            throw PandoException.causedBy(e, PandoError.BACKEND_PROTOCOL, source, "a malformed RowDescription");
        }
    }

    private static PandoException malformed(Object source, String how) {
        return new PandoException(PandoError.BACKEND_PROTOCOL, source, "a malformed RowDescription: " + how);
    }

    /** Appends the whole message, type and length included. */
    public void encode(ByteBuf out) {
        out.writeByte('T');
        int lengthAt = out.writerIndex();
        out.writeInt(0).writeShort(fields.size());
        for (Field field : fields) {
            Strings.writeZeroTerminated(out, field.name());
            out.writeInt(field.tableOid()).writeShort(field.columnNumber()).writeInt(field.typeOid());
            out.writeShort(field.typeSize()).writeInt(field.typeModifier()).writeShort(field.format());
        }
        out.setInt(lengthAt, out.writerIndex() - lengthAt);
    }
}
