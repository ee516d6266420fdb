package dev.pando.base.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScramServerTest {
    // The exchange of RFC 7677, section 3.
    private static final String CLIENT_FIRST = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String SALT = "W22ZaJ0SNY7soEsUEjb6gQ==";
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO" + SERVER_NONCE;
    private static final String CLIENT_FINAL = "c=biws,r=" + NONCE + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private static final ScramVerifier PENCIL =
            ScramVerifier.derive("pencil", Base64.getDecoder().decode(SALT), 4096);

    private static ScramServer exchange() {
        return new ScramServer("user", PENCIL, true, SERVER_NONCE, null);
    }

    private static void fails(PandoError error, Runnable step) {
        assertThatThrownBy(step::run)
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    @Test
    void theExchangeOfTheRfc() {
        ScramServer server = exchange();
        assertThat(server.serverFirst(ScramServer.MECHANISM, CLIENT_FIRST))
                .isEqualTo("r=" + NONCE + ",s=" + SALT + ",i=4096");
        assertThat(server.serverFinal(CLIENT_FINAL).message())
                .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    @Test
    void everyChangedCharacterOfTheAnswerFails() {
        for (int at = 0; at < CLIENT_FINAL.length() - 1; at++) {
            ScramServer server = exchange();
            server.serverFirst(ScramServer.MECHANISM, CLIENT_FIRST);
            char other = CLIENT_FINAL.charAt(at) == 'A' ? 'B' : 'A';
            String changed = CLIENT_FINAL.substring(0, at) + other + CLIENT_FINAL.substring(at + 1);
            assertThatThrownBy(() -> server.serverFinal(changed)).as(changed).isInstanceOf(PandoException.class);
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownUserFailAlike() {
        ScramServer wrong = new ScramServer(
                "user", ScramVerifier.derive("pen", Base64.getDecoder().decode(SALT), 4096), true, SERVER_NONCE, null);
        wrong.serverFirst(ScramServer.MECHANISM, CLIENT_FIRST);
        fails(PandoError.LOGIN_FAILED, () -> wrong.serverFinal(CLIENT_FINAL));
        // Even keys that fit admit nobody when the user is unknown.
        ScramServer unknown = new ScramServer("user", PENCIL, false, SERVER_NONCE, null);
        unknown.serverFirst(ScramServer.MECHANISM, CLIENT_FIRST);
        fails(PandoError.LOGIN_FAILED, () -> unknown.serverFinal(CLIENT_FINAL));
    }

    @Test
    void malformedMessagesAreViolations() {
        for (String first : List.of(
                "",
                "n",
                "n,",
                "n,,",
                "x,,n=,r=abc",
                "p=tls-server-end-point,,n=,r=abc",
                "n,a=root,n=,r=abc",
                "nonsense,,n=,r=abc",
                "n,,m=1,n=,r=abc",
                "n,,n=user",
                "n,,n=user,r=",
                "n,,n=user,r=a b",
                "n,,n=user,r=ä",
                "n,,n=user,r=" + "a".repeat(1025))) {
            fails(PandoError.PROTOCOL_VIOLATION, () -> exchange().serverFirst(ScramServer.MECHANISM, first));
        }
        fails(PandoError.PROTOCOL_VIOLATION, () -> exchange().serverFinal(CLIENT_FINAL));
        for (String last : List.of("", ",p=", "c=biws,r=x", "c=biws,p=AA==", "c=!,r=x,p=AA==", "c=biws,r=x,p=!")) {
            ScramServer server = exchange();
            server.serverFirst(ScramServer.MECHANISM, CLIENT_FIRST);
            fails(PandoError.PROTOCOL_VIOLATION, () -> server.serverFinal(last));
        }
    }

    private static final byte[] HASH = "hash of the certificate".getBytes(StandardCharsets.UTF_8);

    private static ScramServer overTls() {
        return new ScramServer("user", PENCIL, true, SERVER_NONCE, HASH);
    }

    private static ScramClient client(byte[] certificateSeen) {
        return ScramClient.builder()
                .advertisedMechanisms(overTls().mechanisms())
                .username("user")
                .password("pencil".toCharArray())
                .channelBinding("tls-server-end-point", certificateSeen)
                .build();
    }

    @Test
    void overTlsTheLoginIsBoundToTheCertificate() throws ScramException {
        ScramServer server = overTls();
        ScramClient client = client(HASH);
        assertThat(client.getScramMechanism().getName()).isEqualTo(ScramServer.MECHANISM_PLUS);
        client.serverFirstMessage(server.serverFirst(
                ScramServer.MECHANISM_PLUS, client.clientFirstMessage().toString()));
        client.serverFinalMessage(
                server.serverFinal(client.clientFinalMessage().toString()).message());
    }

    @Test
    void aLoginThatSawAnotherCertificateFails() throws ScramException {
        ScramServer server = overTls();
        ScramClient client = client("another".getBytes(StandardCharsets.UTF_8));
        client.serverFirstMessage(server.serverFirst(
                ScramServer.MECHANISM_PLUS, client.clientFirstMessage().toString()));
        String last = client.clientFinalMessage().toString();
        fails(PandoError.LOGIN_FAILED, () -> server.serverFinal(last));
    }

    @Test
    void theBindingCannotBeTalkedAway() {
        // Who could have bound the login, and was told that he cannot, has somebody between himself and us.
        fails(
                PandoError.PROTOCOL_VIOLATION,
                () -> overTls().serverFirst(ScramServer.MECHANISM, "y" + CLIENT_FIRST.substring(1)));
        fails(PandoError.PROTOCOL_VIOLATION, () -> overTls().serverFirst(ScramServer.MECHANISM_PLUS, CLIENT_FIRST));
        fails(
                PandoError.PROTOCOL_VIOLATION,
                () -> exchange().serverFirst(ScramServer.MECHANISM_PLUS, "p=tls-server-end-point,,n=,r=abc"));
        fails(
                PandoError.PROTOCOL_VIOLATION,
                () -> overTls().serverFirst(ScramServer.MECHANISM_PLUS, "p=tls-unique,,n=,r=abc"));
        // Old clients do without.
        assertThat(overTls().serverFirst(ScramServer.MECHANISM, CLIENT_FIRST)).startsWith("r=" + NONCE);
    }

    @Test
    void anyTextIsRefusedCleanly() {
        long seed = 5L;
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            String first = damaged(CLIENT_FIRST, random);
            String last = damaged(CLIENT_FINAL, random);
            ScramServer server = exchange();
            try {
                server.serverFirst(ScramServer.MECHANISM, first);
                server.serverFinal(last);
                assertThat(CLIENT_FINAL).as("seed %s", seed).startsWith(last).hasSizeLessThan(last.length() + 2);
            } catch (PandoException e) {
                assertThat(e.error()).isIn(PandoError.PROTOCOL_VIOLATION, PandoError.LOGIN_FAILED);
            }
        }
    }

    private static String damaged(String text, Random random) {
        var damaged = new StringBuilder(text);
        int changes = random.nextInt(3);
        for (int i = 0; i < changes && !damaged.isEmpty(); i++) {
            int at = random.nextInt(damaged.length());
            switch (random.nextInt(3)) {
                case 0 -> damaged.setCharAt(at, (char) random.nextInt(300));
                case 1 -> damaged.setLength(at);
                default -> damaged.insert(at, ",=np\0".charAt(random.nextInt(5)));
            }
        }
        return damaged.toString();
    }

    @Test
    void aMadeUpVerifierIsAlwaysTheSameForAUserAndAdmitsNobody() {
        byte[] secret = "per process".getBytes(StandardCharsets.UTF_8);
        ScramVerifier first = ScramVerifier.madeUp(secret, "nobody", 16, 4096);
        assertThat(first).isEqualTo(ScramVerifier.madeUp(secret, "nobody", 16, 4096));
        assertThat(first.salt()).hasSameSizeAs(PENCIL.salt());
        assertThat(first.salt())
                .isNotEqualTo(ScramVerifier.madeUp(secret, "nobody2", 16, 4096).salt())
                .isNotEqualTo(
                        ScramVerifier.madeUp(new byte[] {1}, "nobody", 16, 4096).salt());
        assertThat(first.storedKey()).hasSize(32).isNotEqualTo(first.serverKey());
        assertThatThrownBy(() -> ScramVerifier.madeUp(secret, "nobody", 0, 4096))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void verifiersAreReadAndWrittenAsPostgresHasThem() {
        assertThat(ScramVerifier.parse(PENCIL.text())).isEqualTo(PENCIL);
        assertThat(PENCIL.text()).startsWith("SCRAM-SHA-256$4096:" + SALT + "$");
        assertThat(PENCIL).hasToString("ScramVerifier[iterations=4096]").hasSameHashCodeAs(exchangeable());
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        for (String other : List.of(
                "",
                "pencil",
                "SCRAM-SHA-256$",
                "SCRAM-SHA-256$4096:" + SALT + "$" + key,
                "SCRAM-SHA-256$0:" + SALT + "$" + key + ":" + key,
                "SCRAM-SHA-256$-1:" + SALT + "$" + key + ":" + key,
                "SCRAM-SHA-256$4096:$" + key + ":" + key,
                "SCRAM-SHA-256$4096:" + SALT + "$" + key + ":AAAA",
                "SCRAM-SHA-256$4096:" + SALT + "$" + key + ":!",
                "SCRAM-SHA-256$4096:" + SALT + "$" + key + ":" + key + "$")) {
            assertThat(ScramVerifier.parse(other)).as(other).isNull();
        }
    }

    private static ScramVerifier exchangeable() {
        return ScramVerifier.derive("pencil", Base64.getDecoder().decode(SALT), 4096);
    }
}
