package dev.pando.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.sql.Shaper;
import dev.pando.base.type.ScalarType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RouterTextTest {
    private static final int OPEN = 0;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record InBinary(int declared, byte[] bytes) implements Values.Parameters {
        @Override
        public int count() {
            return 1;
        }

        @Override
        public byte[] bytes(int number) {
            return bytes;
        }

        @Override
        public boolean binary(int number) {
            return true;
        }

        @Override
        public int typeOid(int number) {
            return declared;
        }
    }

    /** Of a parameter bound in binary, with the type the client named for it. */
    private static String text(int declared, byte[] bytes, ScalarType inferred) {
        byte[] sql = "SELECT $1".getBytes(StandardCharsets.UTF_8);
        Values values = new Values(new Shaper().shape(sql), new InBinary(declared, bytes));
        return String.valueOf(Router.text(new ValueSource.Parameter(1, false, false), values, inferred));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whatTheClientLeftOpenIsWhatPostgresTakesItForWhateverItsLength() {
        for (String text : List.of("t", "on", "user", "12345678", "sixteen letters!", "three")) {
            assertThat(text(OPEN, utf8(text), ScalarType.TEXT)).isEqualTo(text);
        }
        assertThat(text(OPEN, new byte[] {1}, ScalarType.BOOL)).isEqualTo("true");
        assertThat(text(OPEN, new byte[] {0}, ScalarType.BOOL)).isEqualTo("false");
        assertThat(text(OPEN, ByteBuffer.allocate(8).putLong(-7).array(), ScalarType.INT8))
                .isEqualTo("-7");
    }

    @Test
    void whatTheClientDeclaredCounts() {
        byte[] four = ByteBuffer.allocate(4).putInt(4711).array();
        assertThat(text(ScalarType.INT4.oid(), four, ScalarType.TEXT)).isEqualTo("4711");
        assertThat(text(ScalarType.VARCHAR.oid(), utf8("abcd"), ScalarType.INT8))
                .isEqualTo("abcd");
        assertThat(text(ScalarType.INT2.oid(), new byte[] {0, 9}, ScalarType.INT8))
                .isEqualTo("9");
        UUID uuid = UUID.fromString("6f1c0a52-0d64-4e0e-9f6d-1b8c2f3a4d01");
        byte[] sixteen = ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
        assertThat(text(ScalarType.UUID.oid(), sixteen, ScalarType.TEXT)).isEqualTo(uuid.toString());
    }
}
