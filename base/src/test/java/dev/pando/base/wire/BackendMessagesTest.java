package dev.pando.base.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class BackendMessagesTest {
    private static final long SEED = 3L;

    private static String hex(Consumer<ByteBuf> writer) {
        ByteBuf out = Unpooled.buffer();
        writer.accept(out);
        assertThat(out.getInt(1)).as("length").isEqualTo(out.readableBytes() - 1);
        return ByteBufUtil.hexDump(out);
    }

    /** Bytes written down from the manual's message formats. */
    @Test
    void bytesAreTheManuals() {
        assertThat(hex(BackendMessages::authenticationOk)).isEqualTo("520000000800000000");
        assertThat(hex(out -> BackendMessages.authenticationSasl(out, List.of("A", "B"))))
                .isEqualTo("520000000d" + "0000000a" + "4100" + "4200" + "00");
        assertThat(hex(out -> BackendMessages.authenticationSaslData(out, 11, "r=ä")))
                .isEqualTo("520000000c" + "0000000b" + "723dc3a4");
        assertThat(hex(out -> BackendMessages.parameterStatus(out, "a", "b"))).isEqualTo("5300000008" + "61006200");
        assertThat(hex(out -> BackendMessages.backendKeyData(out, 1, new byte[] {2, 3, 4, 5})))
                .isEqualTo("4b0000000c" + "00000001" + "02030405");
        assertThat(hex(out -> BackendMessages.negotiateProtocolVersion(out, 2, List.of("x"))))
                .isEqualTo("760000000e" + "00000002" + "00000001" + "7800");
        assertThat(hex(out -> BackendMessages.readyForQuery(out, (byte) 'T'))).isEqualTo("5a0000000554");
        assertThat(hex(out -> BackendMessages.commandComplete(out, "SELECT 1")))
                .isEqualTo("430000000d" + "53454c454354203100");
        assertThat(hex(out -> BackendMessages.bare(out, '1'))).isEqualTo("3100000004");
        assertThat(hex(out -> BackendMessages.parameterDescription(out, 23, 25)))
                .isEqualTo("740000000e" + "0002" + "00000017" + "00000019");
        assertThat(hex(out -> BackendMessages.textRow(out, Arrays.asList("ä", null, ""))))
                .isEqualTo("4400000014" + "0003" + "00000002c3a4" + "ffffffff" + "00000000");
        assertThat(hex(out -> BackendMessages.textColumns(out, List.of("a"))))
                .isEqualTo("540000001a" + "0001" + "6100" + "00000000" + "0000" + "00000019" + "ffff" + "ffffffff"
                        + "0000");
    }

    @Test
    void rowDescriptionsComeBackAndNoTruncationPasses() {
        var random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            List<Field> fields = random.ints(random.nextInt(5))
                    .mapToObj(n ->
                            new Field(Messages.text(random), n, (short) n, n ^ 5, (short) ~n, n + 1, (short) (n & 1)))
                    .toList();
            var row = new RowDescription(fields);
            ByteBuf out = Unpooled.buffer();
            row.encode(out);
            byte[] bytes = ByteBufUtil.getBytes(out);
            assertThat(RowDescription.decode(Unpooled.wrappedBuffer(bytes).skipBytes(5), "a"))
                    .as("seed %s", SEED)
                    .isEqualTo(row);
            for (int end = 5; end < bytes.length; end++) {
                malformed(Arrays.copyOfRange(bytes, 5, end));
            }
            malformed(Arrays.copyOfRange(bytes, 5, bytes.length + 1));
        }
    }

    private static void malformed(byte[] body) {
        assertThatThrownBy(() -> RowDescription.decode(Unpooled.wrappedBuffer(body), "eu-1"))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.BACKEND_PROTOCOL))
                .hasMessageContaining("shard eu-1 sent a malformed RowDescription");
    }

    @Test
    void errorsComeBackWithTheirFieldsInOrder() {
        var random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            Map<Character, String> fields = new LinkedHashMap<>();
            for (char code : new char[] {'S', 'C', 'M', 'Z', 'D'}) {
                fields.put(code, Messages.text(random));
            }
            var error = new ErrorFields(fields);
            ByteBuf out = Unpooled.buffer();
            error.encode('E', out);
            assertThat(out.getInt(1)).isEqualTo(out.readableBytes() - 1);
            ErrorFields decoded = ErrorFields.decode(out.skipBytes(5));
            assertThat(decoded).isEqualTo(error);
            assertThat(decoded.fields().keySet()).containsExactly('S', 'C', 'M', 'Z', 'D');
        }
    }

    @Test
    void anErrorThatQuotesAZeroKeepsItsFields() {
        ByteBuf out = Unpooled.buffer();
        ErrorFields.of("ERROR", "22021", "bad \0 value").encode('E', out);
        ErrorFields decoded = ErrorFields.decode(out.skipBytes(5));
        assertThat(decoded.message()).isEqualTo("bad \ufffd value");
        assertThat(decoded.fields()).hasSize(4);
    }

    @Test
    void anErrorCutShortKeepsWhatCame() {
        ByteBuf out = Unpooled.buffer();
        ErrorFields.of("ERROR", "57P01", "going down").encode('E', out);
        ErrorFields decoded = ErrorFields.decode(out.skipBytes(5).writerIndex(out.writerIndex() - 5));
        assertThat(decoded.sqlState()).isEqualTo("57P01");
        assertThat(decoded.message()).isEmpty();
        assertThat(ErrorFields.decode(Unpooled.EMPTY_BUFFER).sqlState()).isEqualTo("XX000");
    }

    @Test
    void anErrorOfTheCatalogueHasStateMessageDetailAndHint() {
        var thrown = PandoException.detailed(PandoError.LOGIN_FAILED, "why", "app");
        assertThat(ErrorFields.of(thrown, true).fields())
                .containsEntry('S', "FATAL")
                .containsEntry('V', "FATAL")
                .containsEntry('C', "28P01")
                .containsEntry('M', "password authentication failed for user \"app\" (PD1004)")
                .containsEntry('D', "why")
                .containsEntry('H', PandoError.LOGIN_FAILED.remedy());
        assertThat(ErrorFields.at("42601", "syntax error", 8).fields()).containsEntry('P', "8");
        assertThat(ErrorFields.at("42601", "syntax error", 0).fields()).doesNotContainKey('P');
    }

    @Test
    void formatsStandForAllOrForEach() {
        assertThat(Formats.at(new short[0], 3)).isEqualTo(Formats.TEXT);
        assertThat(Formats.at(new short[] {1}, 3)).isEqualTo(Formats.BINARY);
        assertThat(Formats.at(new short[] {0, 1}, 1)).isEqualTo(Formats.BINARY);
        assertThat(Formats.at(new short[] {1, 1}, 2)).isEqualTo(Formats.TEXT);
    }
}
