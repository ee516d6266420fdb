package dev.pando.base.auth;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.ClientFirstMessage;
import com.ongres.scram.common.ServerFirstMessage;
import com.ongres.scram.common.StringPreparation;
import com.ongres.scram.common.exception.ScramException;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.Strings;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Pando's side of logging in to a server: reads Authentication messages, says what to answer. With SCRAM the server has to prove itself
 * too: its acceptance without a valid signature is refused.
 */
public final class BackendLogin {
    private static final int OK = 0;
    private static final int CLEARTEXT = 3;
    private static final int MD5 = 5;
    private static final int SASL = 10;
    private static final int SASL_CONTINUE = 11;
    private static final int SASL_FINAL = 12;

    /** A server's own choice of rounds would otherwise keep this thread busy for as long as it likes; PostgreSQL's default is 4096. */
    private static final int MAX_ITERATIONS = 100_000;

    private final String shard;
    private final String user;
    private final ServerCredential credential;
    private final ScramKeys keys;
    private final boolean elsewhere;
    private @Nullable ScramClient scram;
    private byte @Nullable [] certificateHash;
    private List<String> mechanisms = List.of();
    private String nonce = "";
    private @Nullable Challenge challenge;
    private boolean proven;
    private boolean done;

    /** What the server said first in a SCRAM exchange, and to which nonce. */
    private record Challenge(String nonce, String text, ScramKeys.Salt salt) {}

    /** For one login, which derives its keys when they are due. */
    public BackendLogin(String shard, String user, String password) {
        this(shard, user, ServerCredential.password(password), new ScramKeys(), false);
    }

    /** For one of several logins: keys that are not known are the caller's to have derived, see {@link #awaitsKeys}. */
    public BackendLogin(String shard, String user, ServerCredential credential, ScramKeys keys) {
        this(shard, user, credential, keys, true);
    }

    private BackendLogin(String shard, String user, ServerCredential credential, ScramKeys keys, boolean elsewhere) {
        this.shard = shard;
        this.user = user;
        this.credential = credential;
        this.keys = keys;
        this.elsewhere = elsewhere;
    }

    /** The connection is encrypted, by a server whose certificate has this {@link EndPointHash}: SCRAM binds itself to it where the server offers that. */
    public void over(byte[] hash) {
        certificateHash = hash.clone();
    }

    /** The message just taken has no answer before {@link #deriveKeys} has run, on whatever thread, and then {@link #answer}. */
    public boolean awaitsKeys() {
        return challenge != null;
    }

    /** Takes milliseconds. */
    public void deriveKeys() {
        keys.derive(awaited().salt(), password("SCRAM"));
    }

    /** Appends the answer for which the keys were missing. */
    public void answer(ByteBuf out) {
        try {
            proveOurselves(awaited(), out);
        } catch (ScramException | IllegalArgumentException | IllegalStateException e) {
            throw PandoException.causedBy(e, PandoError.BACKEND_LOGIN, shard, user, reason(e));
        }
    }

    private Challenge awaited() {
        return Objects.requireNonNull(challenge);
    }

    public boolean done() {
        return done;
    }

    /**
     * Takes the body of an 'R' message and appends the answer, if one is due, to {@code out} as a whole 'p' message.
     *
     * @throws PandoException BACKEND_LOGIN when the server wants what Pando cannot give or proves wrong
     */
    public void authentication(ByteBuf body, ByteBuf out) {
        try {
            step(body, out);
        } catch (IndexOutOfBoundsException e) {
            throw PandoException.causedBy(e, PandoError.BACKEND_LOGIN, shard, user, "its message is cut short");
        } catch (ScramException | IllegalArgumentException | IllegalStateException e) {
            throw PandoException.causedBy(e, PandoError.BACKEND_LOGIN, shard, user, reason(e));
        }
    }

    private void step(ByteBuf body, ByteBuf out) throws ScramException {
        int code = body.readInt();
        if (done) {
            throw refused("authentication message " + code + " after the login");
        }
        if (challenge != null) {
            throw refused("authentication message " + code + " before the answer to the one before");
        }
        if (scram != null && (code == CLEARTEXT || code == MD5)) {
            throw refused("it began with SCRAM and goes on with another method");
        }
        switch (code) {
            case OK -> accepted();
            case CLEARTEXT -> answer(out, password("the password itself"));
            case MD5 -> {
                byte[] salt = new byte[4];
                body.readBytes(salt);
                answer(out, Md5Password.answer(md5(), salt));
            }
            case SASL -> saslStart(body, out);
            case SASL_CONTINUE -> saslContinue(body, out);
            case SASL_FINAL -> saslFinal(body);
            default -> throw refused("authentication method " + code + " is not supported");
        }
    }

    private void accepted() {
        if (scram != null && !proven) {
            throw refused("the server did not prove that it knows the password");
        }
        done = true;
    }

    /** The password; {@code asked} is what the server wants. */
    private String password(String asked) {
        return switch (credential) {
            case ServerCredential.Password(String text) -> text;
            case ServerCredential.Md5Hash md5 -> throw unfit(asked, "an MD5 hash of the password");
            case ServerCredential.Keys keysOfClient -> throw unfit(asked, "a SCRAM verifier");
            case ServerCredential.Nothing(String why, PandoError error) ->
                throw new PandoException(error, shard, user, why);
        };
    }

    private String md5() {
        return credential instanceof ServerCredential.Md5Hash(String hash)
                ? hash
                : Md5Password.hash(user, password("MD5"));
    }

    private PandoException unfit(String asked, String stored) {
        return new PandoException(
                PandoError.SECRET_UNFIT, shard, user, "it asks for " + asked + ", and only " + stored + " is stored");
    }

    private void saslStart(ByteBuf body, ByteBuf out) {
        List<String> offered = new ArrayList<>();
        while (body.bytesBefore((byte) 0) > 0) {
            offered.add(Strings.readZeroTerminated(body));
        }
        mechanisms = offered.stream()
                .filter(name -> name.equals(ScramServer.MECHANISM)
                        || (name.equals(ScramServer.MECHANISM_PLUS) && certificateHash != null))
                .toList();
        if (mechanisms.isEmpty()) {
            throw refused("none of its mechanisms " + offered + " is supported");
        }
        if (scram != null) {
            throw refused("SASL began twice");
        }
        ScramClient client = bound(credentialed()).build();
        scram = client;
        ClientFirstMessage message = client.clientFirstMessage();
        nonce = message.getClientNonce();
        byte[] first = message.toString().getBytes(StandardCharsets.UTF_8);
        String mechanism = client.getScramMechanism().getName();
        out.writeByte('p').writeInt(4 + mechanism.length() + 1 + 4 + first.length);
        Strings.writeZeroTerminated(out, mechanism);
        out.writeInt(first.length).writeBytes(first);
    }

    private ScramClient.FinalBuildStage credentialed() {
        var builder = ScramClient.builder().advertisedMechanisms(mechanisms).username("*");
        if (credential instanceof ServerCredential.Keys passed) {
            return builder.clientAndServerKey(
                    passed.clientKey(), passed.verifier().serverKey());
        }
        return builder.password(password("SCRAM").toCharArray())
                .stringPreparation(StringPreparation.POSTGRESQL_PREPARATION);
    }

    private ScramClient.FinalBuildStage bound(ScramClient.FinalBuildStage builder) {
        byte[] hash = certificateHash;
        return hash == null ? builder : builder.channelBinding("tls-server-end-point", hash);
    }

    private void saslContinue(ByteBuf body, ByteBuf out) throws ScramException {
        ScramClient client = started();
        String text = body.toString(StandardCharsets.UTF_8);
        ServerFirstMessage first = client.serverFirstMessage(text);
        int iterations = first.getIterationCount();
        if (iterations > MAX_ITERATIONS) {
            throw refused("it demands " + iterations + " rounds of hashing, the limit is " + MAX_ITERATIONS);
        }
        if (credential instanceof ServerCredential.Keys passed) {
            passOn(passed, client, first, out);
            return;
        }
        String password = password("SCRAM");
        Challenge posed = new Challenge(nonce, text, ScramKeys.Salt.of(user, first.getSalt(), iterations, password));
        challenge = posed;
        if (!elsewhere) {
            deriveKeys();
        }
        if (keys.known(posed.salt()) != null) {
            proveOurselves(posed, out);
        }
    }

    /** The client's keys are of one salt and one number of rounds: with others the server has other keys, though it be the same password. */
    private void passOn(ServerCredential.Keys passed, ScramClient client, ServerFirstMessage first, ByteBuf out)
            throws ScramException {
        ScramVerifier ours = passed.verifier();
        boolean sameSalt = Arrays.equals(Base64.getDecoder().decode(first.getSalt()), ours.salt());
        if (!sameSalt || first.getIterationCount() != ours.iterations()) {
            String why = sameSalt
                    ? "it hashes " + first.getIterationCount() + " times and the stored SCRAM verifier "
                            + ours.iterations()
                    : "its SCRAM verifier has another salt than the one stored here";
            throw new PandoException(
                    PandoError.SECRET_UNFIT,
                    shard,
                    user,
                    why + ", so what the client proved here does not prove it there");
        }
        writeFinal(client, out);
    }

    /** The library wants keys before the first message, when no salt is known yet: so the exchange is told once more to one that has them. */
    private void proveOurselves(Challenge posed, ByteBuf out) throws ScramException {
        ScramKeys.Keys derived = keys.derive(posed.salt(), password("SCRAM"));
        ScramClient client = bound(ScramClient.builder()
                        .advertisedMechanisms(mechanisms)
                        .username("*")
                        .clientAndServerKey(derived.client(), derived.server())
                        .nonceSupplier(posed::nonce))
                .build();
        client.clientFirstMessage();
        client.serverFirstMessage(posed.text());
        scram = client;
        challenge = null;
        writeFinal(client, out);
    }

    private static void writeFinal(ScramClient client, ByteBuf out) throws ScramException {
        byte[] last = client.clientFinalMessage().toString().getBytes(StandardCharsets.UTF_8);
        out.writeByte('p').writeInt(4 + last.length).writeBytes(last);
    }

    private void saslFinal(ByteBuf body) throws ScramException {
        started().serverFinalMessage(body.toString(StandardCharsets.UTF_8));
        proven = true;
    }

    private ScramClient started() {
        ScramClient client = scram;
        if (client == null) {
            throw refused("SASL data before SASL began");
        }
        return client;
    }

    private static void answer(ByteBuf out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte('p').writeInt(4 + bytes.length + 1).writeBytes(bytes).writeByte(0);
    }

    private PandoException refused(String why) {
        return new PandoException(PandoError.BACKEND_LOGIN, shard, user, why);
    }

    private static String reason(Exception e) {
        String why = e.getMessage();
        return "SCRAM failed: " + (why == null ? e.getClass().getSimpleName() : why);
    }
}
