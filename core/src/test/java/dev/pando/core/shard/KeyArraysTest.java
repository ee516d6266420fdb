package dev.pando.core.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoException;
import dev.pando.lab.TemporaryServer;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyArraysTest {
    private static final long SEED = 20261121;

    private static final List<String> ARRAYS = List.of(
            "{}",
            " { } ",
            "{a}",
            "{a,b}",
            "{ a , b c ,d }",
            "{\"\"}",
            "{\"a,b\",\"c\\\"d\",\"e\\\\f\"}",
            "{NULL,null,\"NULL\",\\NULL,NULLx}",
            "{a\\ }",
            "{\\ a}",
            "{{a,b},{c,d}}",
            "{{{a}}}",
            "[0:1]={x,y}",
            " [1:1][2:3] = {{x,y}}",
            "{\"{\",\"}\"}",
            "{a\\,b}",
            "{é,中}",
            "{\" a \"}",
            "{{},{}}",
            "{\t1,\n2\r}",
            "{1,-7,+8}");

    @Test
    void readsEveryArrayThatPostgresReads() throws SQLException {
        Random random = new Random(SEED);
        List<String> texts = new ArrayList<>(ARRAYS);
        for (int i = 0; i < 4000; i++) {
            String text = ARRAYS.get(random.nextInt(ARRAYS.size()));
            int from = random.nextInt(text.length());
            int to = Math.min(text.length(), from + random.nextInt(2));
            String inserted = random.nextBoolean()
                    ? ""
                    : "{},\"\\ aN=[".substring(random.nextInt(10)).substring(0, 1);
            texts.add(text.substring(0, from) + inserted + text.substring(to));
        }
        int valid = 0;
        try (TemporaryServer server = TemporaryServer.start();
                Connection connection = server.connect();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT CASE WHEN pg_input_is_valid(t, 'text[]') THEN ARRAY(SELECT e FROM unnest(t::text[]) e"
                                + " WHERE e IS NOT NULL) END FROM unnest(?) WITH ORDINALITY u(t, i) ORDER BY i")) {
            statement.setArray(1, connection.createArrayOf("text", texts.toArray()));
            try (ResultSet result = statement.executeQuery()) {
                for (String text : texts) {
                    result.next();
                    if (result.getArray(1) != null) {
                        valid++;
                        assertThat(KeyArrays.fromText(KeyType.TEXT, text).stream()
                                        .map(Key::toString))
                                .as("'%s', seed %s", text, SEED)
                                .containsExactly((String[]) result.getArray(1).getArray());
                    }
                }
            }
        }
        assertThat(valid).isGreaterThan(500);
    }

    @Test
    void refusesWhatIsNoArray() {
        for (String text :
                List.of("", "a", "{", "{a", "{\"a", "{a}}", "{a}b", "}", ",", "[1:1]", "{a\\", "{a\"b\"}", "{x}")) {
            assertThatThrownBy(() -> KeyArrays.fromText(KeyType.INT8, text))
                    .as(text)
                    .isInstanceOf(PandoException.class);
        }
    }

    @Test
    void readsBinaryArrays() {
        ByteBuffer array = ByteBuffer.allocate(20 + 8 + 4 + 8);
        array.putInt(1).putInt(1).putInt(23).putInt(3).putInt(1);
        array.putInt(4).putInt(-5).putInt(-1).putInt(4).putInt(77);
        assertThat(KeyArrays.fromBinary(KeyType.INT8, array.array())).containsExactly(new Key.Int(-5), new Key.Int(77));
        ByteBuffer empty = ByteBuffer.allocate(12).putInt(0).putInt(0).putInt(2950);
        assertThat(KeyArrays.fromBinary(KeyType.UUID, empty.array())).isEmpty();
        byte[] whole = array.array();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> KeyArrays.fromBinary(KeyType.INT8, cut)).isInstanceOf(PandoException.class);
        }
        assertThatThrownBy(() -> KeyArrays.fromBinary(KeyType.INT8, java.util.Arrays.copyOf(whole, whole.length + 1)))
                .hasMessageContaining("1 bytes follow");
        assertThatThrownBy(() -> KeyArrays.fromBinary(KeyType.TEXT, whole)).hasMessageContaining("OID 23");
    }

    @Test
    void anAnnouncedCountCostsNothing() {
        ByteBuffer huge = ByteBuffer.allocate(12 + 48).putInt(6).putInt(0).putInt(20);
        for (int i = 0; i < 6; i++) {
            huge.putInt(Integer.MAX_VALUE).putInt(1);
        }
        assertThatThrownBy(() -> KeyArrays.fromBinary(KeyType.INT8, huge.array()))
                .hasMessageContaining("end too early");
    }
}
