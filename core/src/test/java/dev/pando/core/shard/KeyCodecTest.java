package dev.pando.core.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.lab.TemporaryServer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyCodecTest {
    private static final long SEED = 20261121;

    private static final List<String> INTEGERS = List.of(
            "0",
            "-0",
            "+7",
            " 42",
            "42\t\n\u000b\f\r ",
            "",
            " ",
            "-",
            "+",
            "+-1",
            "- 1",
            "1 2",
            "1.0",
            "1e3",
            "00012",
            "1_000",
            "_1",
            "1_",
            "1__0",
            "0x",
            "0x1F",
            "-0X1f",
            "0x_1",
            "0x1_f",
            "0x1_",
            "0xg",
            "0b101",
            "0b2",
            "0B_1",
            "0o17",
            "0o8",
            "-0o_7",
            "0x-1",
            "32767",
            "32768",
            "-32768",
            "-32769",
            "2147483647",
            "2147483648",
            "-2147483648",
            "-2147483649",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "-9223372036854775809",
            "0x7fffffffffffffff",
            "0x8000000000000000",
            "-0x8000000000000000",
            "-0x8000",
            "0b1111111111111111",
            "99999999999999999999999999",
            "\u00a05",
            "٣",
            "１",
            "0x１",
            "NULL",
            "1,0");

    private static final List<String> UUIDS = List.of(
            "00112233-4455-6677-8899-aabbccddeeff",
            "00112233-4455-6677-8899-AABBCCDDEEFF",
            "00112233445566778899aabbccddeeff",
            "{00112233-4455-6677-8899-aabbccddeeff}",
            "{00112233445566778899aabbccddeeff}",
            "0011-2233-4455-6677-8899-aabb-ccdd-eeff",
            "001122-334455-6677-8899-aabbccddeeff",
            "00112233-4455-6677-8899-aabbccddeeff-",
            "-00112233445566778899aabbccddeeff",
            "{00112233-4455-6677-8899-aabbccddeeff",
            "00112233-4455-6677-8899-aabbccddeeff}",
            "00112233--4455-6677-8899-aabbccddeeff",
            " 00112233445566778899aabbccddeeff",
            "00112233445566778899aabbccddeeff ",
            "00112233445566778899aabbccddeef",
            "00112233445566778899aabbccddeeff0",
            "g0112233445566778899aabbccddeeff",
            "",
            "{}",
            "{",
            "00112233445566778899aabbccddee１f");

    @Test
    void readsTextExactlyAsPostgresDoes() throws SQLException {
        try (TemporaryServer server = TemporaryServer.start();
                Connection connection = server.connect()) {
            for (KeyType type : List.of(KeyType.INT2, KeyType.INT4, KeyType.INT8)) {
                compare(connection, type, INTEGERS);
                compare(connection, type, mutations(INTEGERS));
            }
            compare(connection, KeyType.UUID, UUIDS);
            compare(connection, KeyType.UUID, mutations(UUIDS));
        }
    }

    /** One character changed, dropped or doubled. */
    private static List<String> mutations(List<String> texts) {
        Random random = new Random(SEED);
        List<String> mutated = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            String text = texts.get(random.nextInt(texts.size()));
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(2));
            String inserted =
                    "0179afxob_- +{}".substring(random.nextInt(15)).substring(0, random.nextInt(2) == 0 ? 0 : 1);
            mutated.add(text.substring(0, at) + inserted + text.substring(end));
        }
        return mutated;
    }

    private static void compare(Connection connection, KeyType type, List<String> texts) throws SQLException {
        String name = type.sqlName();
        try (PreparedStatement statement = connection.prepareStatement("SELECT CASE WHEN pg_input_is_valid(t, '" + name
                + "') THEN t::" + name + "::text END FROM unnest(?) WITH ORDINALITY u(t, i) ORDER BY i")) {
            statement.setArray(1, connection.createArrayOf("text", texts.toArray()));
            try (ResultSet result = statement.executeQuery()) {
                for (String text : texts) {
                    result.next();
                    assertThat(canonical(type, text))
                            .as("%s from '%s', seed %s", type, text, SEED)
                            .isEqualTo(result.getString(1));
                }
            }
        }
    }

    private static @Nullable String canonical(KeyType type, String text) {
        try {
            return KeyCodec.fromText(type, text).toString();
        } catch (PandoException e) {
            assertThat(e.error()).isEqualTo(PandoError.KEY_INVALID);
            return null;
        }
    }

    @Test
    void readsBinary() {
        assertThat(KeyCodec.fromBinary(KeyType.INT8, 21, hex("fffe"))).isEqualTo(new Key.Int(-2));
        assertThat(KeyCodec.fromBinary(KeyType.INT8, 23, hex("fffffffe"))).isEqualTo(new Key.Int(-2));
        assertThat(KeyCodec.fromBinary(KeyType.INT4, 20, hex("0000000100000000")))
                .isEqualTo(new Key.Int(1L << 32));
        assertThat(KeyCodec.fromBinary(KeyType.INT4, 0, hex("80000000"))).isEqualTo(new Key.Int(Integer.MIN_VALUE));
        assertThat(KeyCodec.fromBinary(KeyType.UUID, 2950, hex("00112233445566778899aabbccddeeff")))
                .isEqualTo(KeyCodec.fromText(KeyType.UUID, "00112233-4455-6677-8899-aabbccddeeff"));
        assertThat(KeyCodec.fromBinary(KeyType.TEXT, 1043, "é😀".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new Key.Text("é😀"));
        assertThat(KeyCodec.fromBinary(
                        KeyType.INT2,
                        21,
                        ByteBuffer.allocate(9).putShort(4, (short) 513).array(),
                        4,
                        2))
                .isEqualTo(new Key.Int(513));
        assertThat(KeyCodec.fromText(KeyType.INT8, "x42y".getBytes(StandardCharsets.UTF_8), 1, 2))
                .isEqualTo(new Key.Int(42));
    }

    @Test
    void refusesBinaryThatIsNotOfItsType() {
        refused(() -> KeyCodec.fromBinary(KeyType.INT8, 20, hex("00000001")), "has 8 bytes, not 4");
        refused(() -> KeyCodec.fromBinary(KeyType.UUID, 2950, hex("00")), "has 16 bytes, not 1");
        refused(() -> KeyCodec.fromBinary(KeyType.INT8, 1700, hex("00")), "OID 1700");
        refused(() -> KeyCodec.fromBinary(KeyType.TEXT, 23, hex("00000001")), "OID 23");
        refused(() -> KeyCodec.fromBinary(KeyType.INT8, 20, null), "NULL");
        refused(() -> KeyCodec.fromText(KeyType.TEXT, null), "NULL");
        // A stray continuation byte, an overlong slash, half of a surrogate pair, a code point beyond the last, NUL.
        for (String bytes : List.of("80", "c0af", "eda080", "f4908080", "610062", "c3")) {
            refused(() -> KeyCodec.fromBinary(KeyType.TEXT, 25, hex(bytes)), "text");
        }
        refused(() -> new Key.Text("a\ud83d"), "surrogate");
        refused(() -> new Key.Text("\ude00\ud83d"), "surrogate");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.KEY_INVALID))
                .hasMessageContaining(reason);
    }

    @Test
    void knowsKeyTypesByNameAndOid() {
        assertThat(KeyType.ofName("character varying(20)")).isEqualTo(KeyType.TEXT);
        assertThat(KeyType.ofName("pg_catalog.int4")).isEqualTo(KeyType.INT4);
        for (KeyType type : KeyType.values()) {
            assertThat(KeyType.ofName(type.sqlName())).isEqualTo(type);
            assertThat(KeyType.ofOid(type.oid())).isEqualTo(type);
            assertThat(KeyCodec.accepts(type, type.oid())).isTrue();
        }
        assertThat(KeyType.ofOid(1043)).isEqualTo(KeyType.TEXT);
        for (String name : List.of("character(3)", "bpchar", "citext", "numeric", "timestamp with time zone", "name")) {
            assertThatThrownBy(() -> KeyType.ofName(name)).hasMessageContaining(name + " cannot be a sharding key");
        }
        assertThatThrownBy(() -> KeyType.ofOid(1042)).isInstanceOf(PandoException.class);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
