package dev.pando.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.wire.Strings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LoginTest {
    private static final PostgresUrl URL = new PostgresUrl("user", "pencil", "127.0.0.1", 5432, "db");

    /** The exchange of RFC 7677, section 3, as PostgreSQL frames it. */
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";

    private static final String SERVER_FIRST =
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    private final ScramKeys keys = new ScramKeys("pencil");
    private final Login login = new Login(URL, keys, NONCE);
    private final ByteBuf out = Unpooled.buffer();

    private Login.Progress authentication(int request, String text) {
        ByteBuf body = Unpooled.buffer().writeInt(request);
        body.writeCharSequence(text, StandardCharsets.UTF_8);
        return login.on((byte) 'R', body, out);
    }

    /** Body of the password message just written. */
    private String sent() {
        assertThat(out.readByte()).isEqualTo((byte) 'p');
        assertThat(out.getInt(out.readerIndex())).isEqualTo(out.readableBytes());
        out.skipBytes(4);
        String text = out.toString(StandardCharsets.UTF_8);
        out.clear();
        return text;
    }

    private void reachTheProof() {
        assertThat(authentication(10, "SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"))
                .isInstanceOf(Login.Progress.Pending.class);
        assertThat(sent()).startsWith("SCRAM-SHA-256\0").endsWith("n,,n=,r=" + NONCE);
        assertThat(authentication(11, SERVER_FIRST)).isInstanceOf(Login.Progress.Pending.class);
    }

    @Test
    void startsWithProtocolThreeAndNamesUserAndDatabase() {
        login.start(out);
        assertThat(out.readInt()).isEqualTo(out.writerIndex());
        assertThat(out.readInt()).isEqualTo(196608);
        assertThat(Strings.readZeroTerminated(out)).isEqualTo("user");
        assertThat(Strings.readZeroTerminated(out)).isEqualTo("user");
        assertThat(Strings.readZeroTerminated(out)).isEqualTo("database");
        assertThat(Strings.readZeroTerminated(out)).isEqualTo("db");
    }

    @Test
    void derivesTheSaltedKeysOfTheRfcOnce() {
        ScramKeys.Keys first = keys.keys("W22ZaJ0SNY7soEsUEjb6gQ==", 4096);
        // The RFC's proof and signature are over user name "user"; ours is empty, so the keys are compared through its
        // server signature.
        String signed = "n=user,r=" + NONCE + "," + SERVER_FIRST
                + ",c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        byte[] signature = ScramKeys.hmac(first.serverKey(), signed);
        assertThat(signature).asBase64Encoded().isEqualTo("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        assertThat(keys.keys("W22ZaJ0SNY7soEsUEjb6gQ==", 4096)).isSameAs(first);
        assertThat(keys.cached()).isOne();
    }

    @Test
    void aServerThatSaltsAnewEachTimeDoesNotFillTheMemory() {
        for (int i = 0; i < 100; i++) {
            keys.keys("W22ZaJ0SNY7soEsUEjb6gQ==", 1 + i);
        }
        assertThat(keys.cached()).isEqualTo(64);
    }

    @Test
    void aServerThatCannotSignIsRefused() {
        reachTheProof();
        assertThat(authentication(12, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="))
                .isEqualTo(new Login.Progress.Failed(new ServerError("08P01", "server's SCRAM signature is wrong")));
    }

    @Test
    void aServerThatSkipsItsSignatureIsRefused() {
        reachTheProof();
        authentication(0, "");
        assertThat(login.on((byte) 'Z', Unpooled.buffer().writeByte('I'), out))
                .isEqualTo(
                        new Login.Progress.Failed(new ServerError("08P01", "server let us in without proving itself")));
    }

    @Test
    void malformedChallengesAreErrorsOfTheServer() {
        authentication(10, "SCRAM-SHA-256\0\0");
        for (String challenge : new String[] {
            "",
            "r=other,s=W22Z,i=4096",
            "r=" + NONCE + "x,s=W22Z,i=many",
            "r=" + NONCE + "x,s=W22Z,i=99999999",
            "r=" + NONCE + "x,s=!,i=1",
            "r=" + NONCE + "x,i=1"
        }) {
            assertThat(authentication(11, challenge)).as(challenge).isInstanceOf(Login.Progress.Failed.class);
        }
        assertThat(authentication(12, "v=!")).isInstanceOf(Login.Progress.Failed.class);
        assertThat(authentication(7, "")).isInstanceOf(Login.Progress.Failed.class);
        assertThat(authentication(10, "SCRAM-SHA-512\0\0")).isInstanceOf(Login.Progress.Failed.class);
        assertThat(login.on((byte) 'T', Unpooled.EMPTY_BUFFER, out)).isInstanceOf(Login.Progress.Failed.class);
    }
}
