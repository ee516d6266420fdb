package dev.pando.base.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.Strings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Lets {@link BackendLogin} talk to servers that keep to the rules and to servers that don't. */
class BackendLoginTest {
    private static final byte[] SALT = {1, 2, 3, 4, 5, 6, 7, 8};
    private static final String SERVER_NONCE = "abcdefghijklmnopqrstuvwx";

    private BackendLogin login = new BackendLogin("eu-1", "app", "secret");

    private static BackendLoginTest with(String password) {
        var test = new BackendLoginTest();
        test.login = new BackendLogin("eu-1", "app", password);
        return test;
    }

    private static ByteBuf sasl(String... mechanisms) {
        ByteBuf out = Unpooled.buffer();
        BackendMessages.authenticationSasl(out, List.of(mechanisms));
        return out.skipBytes(5);
    }

    private static ByteBuf data(int code, String data) {
        ByteBuf out = Unpooled.buffer();
        BackendMessages.authenticationSaslData(out, code, data);
        return out.skipBytes(5);
    }

    private static ByteBuf code(int code) {
        return Unpooled.buffer().writeInt(code);
    }

    private String answer(ByteBuf body) {
        ByteBuf out = Unpooled.buffer();
        login.authentication(body, out);
        assertThat(out.readByte()).isEqualTo((byte) 'p');
        assertThat(out.readInt()).isEqualTo(out.readableBytes() + 4);
        return out.toString(StandardCharsets.UTF_8);
    }

    private String clientFirst() {
        ByteBuf out = Unpooled.buffer();
        login.authentication(sasl("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"), out);
        out.skipBytes(5);
        assertThat(Strings.readZeroTerminated(out)).isEqualTo(ScramServer.MECHANISM);
        assertThat(out.readInt()).isEqualTo(out.readableBytes());
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void keysAreDerivedOnceAndNotByWhoTakesMessages() {
        ScramKeys keys = new ScramKeys();
        for (boolean first : new boolean[] {true, false}) {
            login = new BackendLogin("eu-1", "app", ServerCredential.password("secret"), keys);
            var server = new ScramServer("app", ScramVerifier.derive("secret", SALT, 4096), true, SERVER_NONCE, null);
            ByteBuf out = Unpooled.buffer();
            login.authentication(data(11, server.serverFirst(ScramServer.MECHANISM, clientFirst())), out);
            assertThat(login.awaitsKeys()).isEqualTo(first);
            assertThat(out.isReadable()).isNotEqualTo(first);
            if (first) {
                login.deriveKeys();
                login.answer(out);
            }
            String last = server.serverFinal(out.skipBytes(5).toString(StandardCharsets.UTF_8))
                    .message();
            login.authentication(data(12, last), Unpooled.buffer());
            login.authentication(code(0), Unpooled.buffer());
            assertThat(login.done()).isTrue();
        }
    }

    @Test
    void overTlsTheLoginIsBoundToTheCertificateTheServerHas() {
        byte[] seen = "a certificate".getBytes(StandardCharsets.UTF_8);
        for (boolean same : new boolean[] {true, false}) {
            byte[] own = same ? seen : "another".getBytes(StandardCharsets.UTF_8);
            login = new BackendLogin("eu-1", "app", "secret");
            login.over(seen);
            ByteBuf first = Unpooled.buffer();
            login.authentication(sasl(ScramServer.MECHANISM_PLUS, ScramServer.MECHANISM), first);
            first.skipBytes(5);
            assertThat(Strings.readZeroTerminated(first)).isEqualTo(ScramServer.MECHANISM_PLUS);
            String clientFirst = first.skipBytes(4).toString(StandardCharsets.UTF_8);
            var server = new ScramServer("app", ScramVerifier.derive("secret", SALT, 4096), true, SERVER_NONCE, own);
            String last = answer(data(11, server.serverFirst(ScramServer.MECHANISM_PLUS, clientFirst)));
            if (same) {
                login.authentication(data(12, server.serverFinal(last).message()), Unpooled.buffer());
                login.authentication(code(0), Unpooled.buffer());
                assertThat(login.done()).isTrue();
            } else {
                assertThatThrownBy(() -> server.serverFinal(last)).isInstanceOf(PandoException.class);
            }
        }
    }

    @Test
    void whoHurriesWhileKeysAreDerivedIsRefused() {
        login = new BackendLogin("eu-1", "app", ServerCredential.password("secret"), new ScramKeys());
        var server = new ScramServer("app", ScramVerifier.derive("secret", SALT, 4096), true, SERVER_NONCE, null);
        login.authentication(data(11, server.serverFirst(ScramServer.MECHANISM, clientFirst())), Unpooled.buffer());
        refused(code(0), "before the answer");
    }

    private void refused(ByteBuf body, String why) {
        assertThatThrownBy(() -> login.authentication(body, Unpooled.buffer()))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.BACKEND_LOGIN))
                .hasMessageContaining("shard eu-1 refused the login of \"app\"")
                .hasMessageContaining(why);
        assertThat(login.done()).isFalse();
    }

    /** Up to and without AuthenticationOk; {@code first} and {@code last} may change what the server sends. */
    private ByteBuf exchange(String password, UnaryOperator<String> first, UnaryOperator<String> last) {
        var server = new ScramServer("app", ScramVerifier.derive(password, SALT, 4096), true, SERVER_NONCE, null);
        String serverFirst = server.serverFirst(ScramServer.MECHANISM, clientFirst());
        String clientFinal = answer(data(11, first.apply(serverFirst)));
        return data(12, last.apply(server.serverFinal(clientFinal).message()));
    }

    @Test
    void scramSucceedsWithAnHonestServer() {
        login.authentication(exchange("secret", UnaryOperator.identity(), UnaryOperator.identity()), Unpooled.buffer());
        assertThat(login.done()).isFalse();
        login.authentication(code(0), Unpooled.EMPTY_BUFFER);
        assertThat(login.done()).isTrue();
        assertThatThrownBy(() -> login.authentication(code(3), Unpooled.buffer()))
                .hasMessageContaining("after the login");
    }

    @Test
    void aServerWithAnotherSignatureIsRefused() {
        refused(
                exchange("secret", UnaryOperator.identity(), v -> "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
                "SCRAM failed");
    }

    @Test
    void aServerThatSaysItFailedIsRefused() {
        refused(exchange("secret", UnaryOperator.identity(), v -> "e=invalid-proof"), "proof is invalid");
    }

    @Test
    void aServerThatSkipsItsProofIsRefused() {
        exchange("secret", UnaryOperator.identity(), UnaryOperator.identity());
        refused(code(0), "did not prove");
    }

    @Test
    void aServerThatAcceptsBeforeAnyProofIsRefused() {
        clientFirst();
        refused(code(0), "did not prove");
    }

    @Test
    void whoBeganWithScramGetsNoPasswordInTheClear() {
        for (int method : new int[] {3, 5}) {
            login = new BackendLogin("eu-1", "app", "secret");
            clientFirst();
            refused(code(method).writeInt(77), "goes on with another method");
        }
    }

    @Test
    void aServerWithItsOwnNonceIsRefused() {
        clientFirst();
        refused(data(11, "r=" + SERVER_NONCE + ",s=AQIDBA==,i=4096"), "SCRAM failed");
    }

    @Test
    void aServerThatDemandsEndlessHashingIsRefusedAtOnce() {
        String nonce = clientFirst().replaceFirst(".*r=", "") + SERVER_NONCE;
        refused(data(11, "r=" + nonce + ",s=AQIDBA==,i=2147483647"), "2147483647 rounds");
    }

    @Test
    void passwordsBeyondAsciiArePreparedTheSameOnBothSides() {
        for (String password : List.of("päßword", "a\u00a0b", "so\u00adft", "\u2168", "\u0007bell", "e\u0301", " ")) {
            var other = with(password);
            other.login.authentication(
                    other.exchange(password, UnaryOperator.identity(), UnaryOperator.identity()), Unpooled.buffer());
            other.login.authentication(code(0), Unpooled.EMPTY_BUFFER);
            assertThat(other.login.done()).as(password).isTrue();
        }
    }

    @Test
    void olderMethodsAreAnswered() {
        assertThat(answer(code(3))).isEqualTo("secret\0");
        var md5 = new BackendLogin("eu-1", "user", "pencil");
        ByteBuf out = Unpooled.buffer();
        md5.authentication(code(5).writeBytes(new byte[] {1, 2, -2, -1}), out);
        assertThat(out.skipBytes(5).toString(StandardCharsets.UTF_8))
                .isEqualTo("md51f96d152801aa57dd245c85db502bf1b\0");
        md5.authentication(code(0), out);
        assertThat(md5.done()).isTrue();
    }

    @Test
    void whatCannotBeAnsweredIsNamed() {
        refused(code(7), "authentication method 7");
        refused(code(5).writeShort(1), "cut short");
        refused(Unpooled.buffer().writeShort(0), "cut short");
        refused(code(11), "before SASL began");
        refused(code(12), "before SASL began");
        refused(sasl("SCRAM-SHA-512"), "[SCRAM-SHA-512]");
        refused(code(10), "none of its mechanisms []");
        clientFirst();
        refused(sasl("SCRAM-SHA-256"), "SASL began twice");
        refused(data(12, "v=AAAA"), "SCRAM failed");
    }

    @Test
    void aMissingPasswordIsNamed() {
        var none = with("");
        none.refused(code(3), "none is configured");
        none.refused(code(5).writeInt(1), "none is configured");
        none.refused(sasl("SCRAM-SHA-256"), "none is configured");
    }

    @Test
    void anyBytesAreRefusedCleanly() {
        long seed = 17L;
        var random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            var other = new BackendLoginTest();
            if (random.nextBoolean()) {
                other.clientFirst();
            }
            for (int step = 0; step < 4; step++) {
                ByteBuf body = code(random.nextInt(14));
                int length = random.nextInt(30);
                for (int i = 0; i < length; i++) {
                    body.writeByte(
                            random.nextInt(4) == 0 ? random.nextInt(256) : "r=,s=i=v=1A\0".charAt(random.nextInt(12)));
                }
                try {
                    other.login.authentication(body, Unpooled.buffer());
                } catch (PandoException e) {
                    assertThat(e.error()).as("seed %s", seed).isEqualTo(PandoError.BACKEND_LOGIN);
                }
            }
        }
    }
}
