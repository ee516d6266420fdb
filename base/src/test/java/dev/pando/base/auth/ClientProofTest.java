package dev.pando.base.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Both sides of a login talk to each other: what the client proves, and with what Pando then logs in to a server. */
class ClientProofTest {
    private static final String USER = "app";
    private static final String PASSWORD = "a pässword";
    private static final byte[] SALT = {9, 8, 7, 6, 5, 4, 3, 2};
    private static final ScramVerifier VERIFIER = ScramVerifier.derive(PASSWORD, SALT, 4096);
    private static final StoredSecret PLAIN = StoredSecret.of(PASSWORD);
    private static final StoredSecret SCRAM = StoredSecret.of(VERIFIER.text());
    private static final StoredSecret MD5 = StoredSecret.of(Md5Password.hash(USER, PASSWORD));

    private static ClientProof scram(StoredSecret secret, ScramVerifier verifier) {
        var exchange = new ScramServer(USER, verifier, true, "server-nonce-of-enough-length", null);
        return new ScramProof(secret, verifier, exchange);
    }

    private static ClientProof md5(StoredSecret secret) {
        return new Md5Proof(USER, secret, true, new byte[] {1, 2, 3, 4});
    }

    private static ClientProof cleartext(StoredSecret secret) {
        return new CleartextProof(USER, secret, true);
    }

    /** A user may store one for itself, and a login must not cost us half an hour. */
    @Test
    void aVerifierOfTooManyRoundsIsNotTried() {
        ScramVerifier endless =
                new ScramVerifier(Integer.MAX_VALUE, VERIFIER.salt(), VERIFIER.storedKey(), VERIFIER.serverKey());
        ByteBuf password = Unpooled.copiedBuffer(PASSWORD + "\0", StandardCharsets.UTF_8);
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThatThrownBy(
                                () -> cleartext(new StoredSecret.Scram(endless)).answer(password, Unpooled.buffer()))
                        .extracting(e -> ((PandoException) e).error())
                        .isEqualTo(PandoError.LOGIN_FAILED));
    }

    /** Runs the whole login of a client that has this credential, and returns what Pando has then. */
    private static ServerCredential login(ClientProof server, ServerCredential client) {
        BackendLogin login = new BackendLogin("s", USER, client, new ScramKeys());
        ByteBuf toClient = Unpooled.buffer();
        ByteBuf toServer = Unpooled.buffer();
        server.ask(toClient);
        boolean decided = false;
        while (toClient.isReadable()) {
            login.authentication(body(toClient), toServer);
            if (login.awaitsKeys()) {
                login.deriveKeys();
                login.answer(toServer);
            }
            if (toServer.isReadable()) {
                assertThat(decided).isFalse();
                decided = server.deciding();
                server.answer(body(toServer), toClient);
            }
        }
        assertThat(decided).isTrue();
        login.authentication(Unpooled.buffer().writeInt(0), toServer);
        assertThat(login.done()).isTrue();
        return server.credential();
    }

    private static ByteBuf body(ByteBuf messages) {
        messages.skipBytes(1);
        return messages.readSlice(messages.readInt() - 4);
    }

    @Test
    void kindsAreToldByTheirForm() {
        assertThat(List.of(PLAIN.kind(), SCRAM.kind(), MD5.kind())).containsExactly("password", "scram-sha-256", "md5");
        assertThat(StoredSecret.of("md5" + "0".repeat(31)).kind()).isEqualTo("password");
        assertThat(StoredSecret.of("md5" + "A".repeat(32)).kind()).isEqualTo("password");
        assertThat(StoredSecret.doubt("SCRAM-SHA-256$4096:half"))
                .startsWith("begins like")
                .doesNotContain("half");
        assertThat(StoredSecret.doubt(VERIFIER.text())).isNull();
    }

    @Test
    void nothingShowsItself() {
        ServerCredential keys = login(scram(SCRAM, VERIFIER), ServerCredential.password(PASSWORD));
        assertThat(List.of(PLAIN, SCRAM, MD5, PLAIN.credential(), MD5.credential(), keys)
                        .toString())
                .isEqualTo("[Plain, Scram, Md5, Password, Md5Hash, Keys]");
    }

    @Test
    void afterEveryLoginAServerOfTheSameSecretCanBeLoggedInTo() {
        ServerCredential client = ServerCredential.password(PASSWORD);
        ServerCredential keys = login(scram(SCRAM, VERIFIER), client);
        assertThat(keys).isInstanceOf(ServerCredential.Keys.class);
        // The keys prove as much to the next server, and that one learns them again.
        assertThat(login(scram(SCRAM, VERIFIER), keys)).isInstanceOf(ServerCredential.Keys.class);

        ServerCredential hash = login(md5(MD5), client);
        assertThat(hash).isInstanceOf(ServerCredential.Md5Hash.class);
        assertThat(login(md5(MD5), hash)).isEqualTo(hash);

        assertThat(login(md5(PLAIN), client)).isEqualTo(client);
        for (StoredSecret secret : List.of(PLAIN, SCRAM, MD5)) {
            assertThat(login(cleartext(secret), client)).isEqualTo(client);
        }
    }

    @Test
    void wrongPasswordsFailWhateverIsStored() {
        ServerCredential wrong = ServerCredential.password("wrong");
        List<ClientProof> all = List.of(
                scram(SCRAM, VERIFIER), md5(MD5), md5(PLAIN), cleartext(PLAIN), cleartext(SCRAM), cleartext(MD5));
        for (ClientProof proof : all) {
            assertThatThrownBy(() -> login(proof, wrong))
                    .isInstanceOfSatisfying(
                            PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.LOGIN_FAILED));
        }
    }

    @Test
    void madeUpSecretsNeverAdmit() {
        ServerCredential right = ServerCredential.password(PASSWORD);
        List<Function<StoredSecret, ClientProof>> unknown = List.of(
                secret -> new CleartextProof(USER, secret, false),
                secret -> new Md5Proof(USER, secret, false, new byte[4]),
                secret -> new ScramProof(
                        secret,
                        VERIFIER,
                        new ScramServer(USER, VERIFIER, false, "server-nonce-of-enough-length", null)));
        unknown.forEach(proof ->
                assertThatThrownBy(() -> login(proof.apply(PLAIN), right)).isInstanceOf(PandoException.class));
    }

    @Test
    void anAnswerCountsForASecretAskedForLaterExceptWithScram() {
        StoredSecret old = StoredSecret.of("old");
        ByteBuf answer = Unpooled.buffer().writeBytes("new\0".getBytes(StandardCharsets.UTF_8));
        ClientProof first = cleartext(old);
        assertThatThrownBy(() -> first.answer(answer.duplicate(), Unpooled.buffer()));
        ClientProof second = first.against(StoredSecret.of("new"));
        Objects.requireNonNull(second);
        second.answer(answer.duplicate(), Unpooled.buffer());
        assertThat(second.credential()).isEqualTo(ServerCredential.password("new"));
        assertThat(md5(MD5).against(SCRAM)).isNull();
        assertThat(scram(SCRAM, VERIFIER).against(SCRAM)).isNull();
    }

    @Test
    void whatDoesNotFitIsSaidWithTheWayOut() {
        ServerCredential keys = login(scram(SCRAM, VERIFIER), ServerCredential.password(PASSWORD));
        unfit(keys, md5(MD5), "it asks for MD5, and only a SCRAM verifier is stored");
        unfit(keys, cleartext(PLAIN), "it asks for the password itself");
        unfit(
                MD5.credential(),
                scram(SCRAM, VERIFIER),
                "it asks for SCRAM, and only an MD5 hash of the password is stored");
        unfit(SCRAM.credential(), scram(SCRAM, VERIFIER), "without showing the keys");
        ScramVerifier salted = ScramVerifier.derive(PASSWORD, new byte[] {1, 2}, 4096);
        unfit(keys, scram(SCRAM, salted), "another salt");
        ScramVerifier slower = ScramVerifier.derive(PASSWORD, SALT, 5000);
        unfit(keys, scram(SCRAM, slower), "it hashes 5000 times and the stored SCRAM verifier 4096");
    }

    private static void unfit(ServerCredential credential, ClientProof server, String why) {
        assertThatThrownBy(() -> login(server, credential))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.SECRET_UNFIT))
                .hasMessageContaining(why);
    }

    @Test
    void aPasswordChangedWithoutItsSaltIsDerivedAnew() {
        ScramKeys keys = new ScramKeys();
        for (String password : List.of("first", "second")) {
            ScramVerifier verifier = ScramVerifier.derive(password, SALT, 4096);
            ClientProof server = scram(StoredSecret.of(verifier.text()), verifier);
            BackendLogin login = new BackendLogin("s", USER, ServerCredential.password(password), keys);
            ByteBuf first = Unpooled.buffer();
            server.ask(first);
            ByteBuf out = Unpooled.buffer();
            login.authentication(body(first), out);
            ByteBuf second = Unpooled.buffer();
            server.answer(body(out), second);
            login.authentication(body(second), out);
            if (login.awaitsKeys()) {
                login.deriveKeys();
                login.answer(out);
            }
            server.answer(body(out), second);
        }
    }
}
