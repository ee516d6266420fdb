package dev.pando.base.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrontendCodecTest {
    private static final long SEED = 20_251_121L;

    private static ByteBuf body(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static void refused(char type, String hex, String why) {
        assertThatThrownBy(() -> FrontendCodec.decode((byte) type, body(hex)))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.PROTOCOL_VIOLATION))
                .hasMessageContaining(why);
    }

    @Test
    void everyMessageComesBackAsItWas() {
        var random = new Random(SEED);
        for (int round = 0; round < 5_000; round++) {
            byte[] message = Messages.encoded(Messages.any(random, round % Messages.KINDS));
            ByteBuf in = Unpooled.wrappedBuffer(message);
            byte type = in.readByte();
            assertThat(in.readInt()).as("seed %s, round %s", SEED, round).isEqualTo(message.length - 1);
            FrontendMessage decoded = FrontendCodec.decode(type, in);
            assertThat(Messages.encoded(decoded))
                    .as("seed %s, round %s: %s", SEED, round, decoded)
                    .isEqualTo(message);
        }
    }

    @Test
    void everyStartupPacketComesBackAsItWas() {
        var random = new Random(SEED);
        for (int round = 0; round < 2_000; round++) {
            byte[] packet = Messages.encoded(Messages.startup(random, round % 4));
            ByteBuf in = Unpooled.wrappedBuffer(packet);
            assertThat(in.readInt()).isEqualTo(packet.length);
            assertThat(Messages.encoded(FrontendCodec.decodeStartup(in)))
                    .as("seed %s, round %s", SEED, round)
                    .isEqualTo(packet);
        }
    }

    /** Bytes as the manual's message formats have them, written down apart from our encoder. */
    @Test
    void bytesMeanWhatTheManualSays() {
        assertThat(FrontendCodec.decode((byte) 'P', body("7300 73656c65637400 0002 00000014 00000000")))
                .isInstanceOfSatisfying(FrontendMessage.Parse.class, parse -> {
                    assertThat(parse.statement()).isEqualTo("s");
                    assertThat(new String(parse.sql(), StandardCharsets.UTF_8)).isEqualTo("select");
                    assertThat(parse.parameterTypes()).containsExactly(20, 0);
                });
        assertThat(FrontendCodec.decode(
                        (byte) 'B', body("7000 7300 0001 0001 0003 00000001 41 ffffffff 00000000 0002 0000 0001")))
                .isInstanceOfSatisfying(FrontendMessage.Bind.class, bind -> {
                    assertThat(bind.portal()).isEqualTo("p");
                    assertThat(bind.statement()).isEqualTo("s");
                    assertThat(bind.parameters()).containsExactly(new byte[] {'A'}, null, new byte[0]);
                    assertThat(bind.parameterFormat(0)).isEqualTo(Formats.BINARY);
                    assertThat(bind.parameterFormat(2)).isEqualTo(Formats.BINARY);
                    assertThat(bind.resultFormats()).containsExactly(Formats.TEXT, Formats.BINARY);
                });
        assertThat(FrontendCodec.decode((byte) 'E', body("00 00000007"))).isEqualTo(new FrontendMessage.Execute("", 7));
        assertThat(FrontendCodec.decode((byte) 'D', body("53 6100"))).isEqualTo(new FrontendMessage.Describe('S', "a"));
        assertThat(FrontendCodec.decodeStartup(body("00030000 7573657200 61707000 00")))
                .isEqualTo(new StartupPacket.Startup(0x30000, Map.of("user", "app")));
        assertThat(FrontendCodec.decodeStartup(body("04d2162f"))).isEqualTo(new StartupPacket.SslRequest());
        assertThat(FrontendCodec.decodeStartup(body("04d21630"))).isEqualTo(new StartupPacket.GssRequest());
        assertThat(FrontendCodec.decodeStartup(body("04d2162e 00000001 00000002")))
                .isInstanceOfSatisfying(StartupPacket.Cancel.class, cancel -> {
                    assertThat(cancel.processId()).isEqualTo(1);
                    assertThat(cancel.secret()).containsExactly(0, 0, 0, 2);
                });
    }

    @Test
    void everyTruncationAndEveryByteTooManyIsAViolation() {
        var random = new Random(SEED);
        for (int kind : List.of(0, 1, 2, 3, 4, 5, 10)) {
            for (int round = 0; round < 50; round++) {
                byte[] message = Messages.encoded(Messages.any(random, kind));
                for (int end = 5; end < message.length; end++) {
                    byte[] cut = Arrays.copyOfRange(message, 5, end);
                    violates(message[0], cut);
                }
                violates(message[0], Arrays.copyOfRange(message, 5, message.length + 1));
            }
        }
    }

    private static void violates(byte type, byte[] body) {
        if (type == 'B'
                && new String(body, StandardCharsets.ISO_8859_1)
                                .chars()
                                .filter(c -> c == 0)
                                .count()
                        > 1) {
            FrontendMessage message = FrontendCodec.decode(type, Unpooled.wrappedBuffer(body));
            assertThat(message)
                    .as("seed %s, %s", SEED, HexFormat.of().formatHex(body))
                    .isInstanceOf(FrontendMessage.BrokenBind.class);
            return;
        }
        assertThatThrownBy(() -> FrontendCodec.decode(type, Unpooled.wrappedBuffer(body)))
                .as("seed %s, %s %s", SEED, (char) type, HexFormat.of().formatHex(body))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.PROTOCOL_VIOLATION));
    }

    @Test
    void whatCannotBeIsNamed() {
        refused('B', "00 61", "invalid string in message");
        refused('P', "00 00 ffff 00000000", "insufficient data left in message");
        refused('P', "00 61", "invalid string in message");
        refused('P', "00 00 00", "insufficient data left in message");
        refused('D', "", "no data left in message");
        refused('D', "51 00", "invalid DESCRIBE message subtype 81");
        refused('C', "ff 00", "invalid CLOSE message subtype 255");
        refused('D', "51 00 00", "invalid message format");
        refused('E', "00 0000", "insufficient data left in message");
        refused('Q', "61", "invalid string in message");
        refused('S', "00", "invalid message format");
        refused('q', "00", "invalid frontend message type 113");
        refused('\1', "00", "invalid frontend message type 1");
    }

    /** A server that knows the statement finds its errors in its own order, so the bytes are kept for it. */
    @Test
    void aBindThatMakesNoSenseKeepsItsBytes() {
        broken("0000 0001 fffffffe 0000", "insufficient data left in message");
        broken("0000 0001 7fffffff 0000", "insufficient data left in message");
        broken("0002 0000 0000 0001 ffffffff 0000", "bind message has 2 parameter formats but 1 parameters");
        broken("0001 0002 0001 ffffffff 0000", "unsupported format code: 2");
        broken("0000 ffff 0000", "insufficient data left in message");
        broken("0000 0000 0000 00", "invalid message format");
        assertThat(bind("0001 0002 0000 0001 0007")).isInstanceOf(FrontendMessage.Bind.class);
    }

    private static FrontendMessage bind(String rest) {
        byte[] body = HexFormat.of().parseHex("70007300" + rest.replace(" ", ""));
        return FrontendCodec.decode((byte) 'B', Unpooled.wrappedBuffer(body));
    }

    private static void broken(String rest, String words) {
        assertThat(bind(rest)).isInstanceOfSatisfying(FrontendMessage.BrokenBind.class, broken -> {
            assertThat(broken.portal() + broken.statement()).isEqualTo("ps");
            assertThat(HexFormat.of().formatHex(broken.rest())).isEqualTo(rest.replace(" ", ""));
            assertThat(ErrorFields.of(broken.error(), false).message()).isEqualTo(words);
        });
    }

    @Test
    void startupPacketsThatCannotBeAreNamed() {
        startupRefused("0003", PandoError.PROTOCOL_VIOLATION, "truncated");
        startupRefused("00020000 00", PandoError.UNSUPPORTED_PROTOCOL, "2.0");
        startupRefused("00030000 75736572", PandoError.PROTOCOL_VIOLATION, "terminating zero");
        startupRefused("00030000 7500 6100 00 00", PandoError.PROTOCOL_VIOLATION, "1 bytes left over");
        startupRefused("04d2162f 00", PandoError.PROTOCOL_VIOLATION, "1 bytes left over");
        startupRefused("04d2162e 00000001", PandoError.PROTOCOL_VIOLATION, "key of 0 bytes");
        startupRefused("04d2162e 00000001" + "00".repeat(257), PandoError.PROTOCOL_VIOLATION, "key of 257 bytes");
        var parameters = new StringBuilder("00030000");
        for (int i = 0; i < 200; i++) {
            parameters.append(String.format("%02x%02x006100", 0x61 + i % 20, 0x61 + i / 20));
        }
        startupRefused(parameters + "00", PandoError.PROTOCOL_VIOLATION, "too many startup parameters");
    }

    private static void startupRefused(String hex, PandoError error, String why) {
        assertThatThrownBy(() -> FrontendCodec.decodeStartup(body(hex)))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(error))
                .hasMessageContaining(why);
    }

    @Test
    void aZeroInsideTextIsNotWritten() {
        assertThatThrownBy(() -> Messages.encoded(new FrontendMessage.CopyFail("a\0b")))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("zero byte");
    }
}
