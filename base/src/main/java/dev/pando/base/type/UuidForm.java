package dev.pando.base.type;

import io.netty.buffer.ByteBuf;

/** The text form of uuid: 32 hexadecimal digits with dashes between. */
final class UuidForm {
    private static final int BYTES = 16;

    private UuidForm() {}

    static Value parse(ByteBuf row, int index, int length) {
        byte[] bytes = new byte[BYTES];
        int digits = 0;
        for (int i = 0; i < length; i++) {
            int character = row.getByte(index + i);
            if (character == '-') {
                continue;
            }
            int digit = Character.digit(character, 16);
            if (digit < 0 || digits == 2 * BYTES) {
                throw Malformed.value(ScalarType.UUID);
            }
            bytes[digits / 2] = (byte) (bytes[digits / 2] << 4 | digit);
            digits++;
        }
        if (digits != 2 * BYTES) {
            throw Malformed.value(ScalarType.UUID);
        }
        return new Value.Bytes(bytes);
    }
}
