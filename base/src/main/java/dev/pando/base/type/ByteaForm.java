package dev.pando.base.type;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** The text forms of bytea, of either {@code bytea_output}. */
final class ByteaForm {
    private ByteaForm() {}

    static Value parse(ByteBuf row, int index, int length) {
        boolean hex = length >= 2 && row.getByte(index) == '\\' && row.getByte(index + 1) == 'x';
        return new Value.Bytes(hex ? hex(row, index + 2, length - 2) : escaped(row, index, length));
    }

    private static byte[] hex(ByteBuf row, int index, int length) {
        byte[] bytes = new byte[length / 2];
        for (int i = 0; i < bytes.length; i++) {
            int high = Character.digit(row.getByte(index + 2 * i), 16);
            int low = Character.digit(row.getByte(index + 2 * i + 1), 16);
            if ((high | low) < 0) {
                throw Malformed.value(ScalarType.BYTEA);
            }
            bytes[i] = (byte) (high << 4 | low);
        }
        return bytes;
    }

    private static byte[] escaped(ByteBuf row, int index, int length) {
        byte[] bytes = new byte[length];
        int count = 0;
        int end = index + length;
        for (int at = index; at < end; at++) {
            byte character = row.getByte(at);
            if (character == '\\' && row.getByte(at + 1) == '\\') {
                at++;
            } else if (character == '\\') {
                int octal = 0;
                for (int i = 1; i <= 3; i++) {
                    octal = octal << 3 | (row.getByte(at + i) - '0');
                }
                character = (byte) octal;
                at += 3;
            }
            bytes[count++] = character;
        }
        return Arrays.copyOf(bytes, count);
    }
}
