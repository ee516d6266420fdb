package dev.pando.server.auth;

import dev.pando.base.auth.ClientProof;
import dev.pando.base.auth.ServerCredential;
import dev.pando.base.auth.StoredSecret;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.hba.HbaMethod;
import dev.pando.core.hba.HbaRule;
import dev.pando.core.hba.LoginAttempt;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's way from its startup packet to its identity: the rule that is about it, the user's secret, the proof. Owned by the
 * connection's event loop; what takes time happens elsewhere, and meanwhile the client may say nothing.
 */
public final class Authentication {
    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);
    /** Of an IPv6 address, so much is one customer's. */
    private static final int NETWORK_BYTES = 8;

    private final Authenticator shared;
    private final Authenticator.InForce inForce;
    private final LoginClient client;
    private final Wanted wanted;
    private final FailureDelays.Pair pair;
    private final Consumer<Identity> accepted;
    private @Nullable HbaMethod method;
    private @Nullable ClientProof proof;
    /** The user's own; null for a made-up one. */
    private @Nullable StoredSecret tried;

    private boolean lookedUp;

    /** Who the client says it is, and what it wants to connect to. */
    public record Wanted(String user, String database, boolean streamsLog) {}

    /** {@code accepted} hears of success, once, on the loop; failures are the client's to be told. */
    public Authentication(Authenticator shared, LoginClient client, Wanted wanted, Consumer<Identity> accepted) {
        this.shared = shared;
        this.inForce = shared.inForce();
        this.client = client;
        this.wanted = wanted;
        this.accepted = accepted;
        this.pair = new FailureDelays.Pair(network(client.address()), wanted.user());
    }

    private static String network(@Nullable InetAddress address) {
        if (address == null) {
            return "local";
        }
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
    }

    /** Finds out how the client has to prove itself, and asks for it. Throws what the rules refuse. */
    public void begin() {
        PandoConfig.Rules rules = inForce.rules();
        if (rules != null) {
            X509Certificate certificate = client.certificate();
            HbaRule rule = rules.access()
                    .rule(
                            new LoginAttempt(
                                    wanted.user(),
                                    wanted.database(),
                                    client.address(),
                                    client.encrypted(),
                                    wanted.streamsLog(),
                                    certificate == null ? null : CertificateNames.of(certificate)),
                            inForce.own());
            method = rule.method();
            if (method == HbaMethod.PEER) {
                rules.access().peer(rule, client.peer(), wanted.user());
            }
        }
        String user = wanted.user();
        SecretLookup lookup = inForce.lookup();
        if (lookup == null || inForce.directory().decides(user)) {
            prove(inForce.directory().of(user), inForce.directory().exists(user));
        } else {
            lookedUp = true;
            then(
                    lookup.find(user),
                    found -> prove(
                            found.entry(), found.exists() || inForce.directory().names(user)));
        }
    }

    private <T> void then(CompletableFuture<T> answer, Consumer<T> use) {
        CompletableFuture<T> _ = answer.whenComplete((value, failure) -> client.onLoop(() -> {
            if (failure == null) {
                use.accept(value);
            } else {
                client.refuse(
                        failure instanceof PandoException ours
                                ? ours
                                : PandoException.causedBy(failure, PandoError.LOOKUP_FAILED));
            }
        }));
    }

    private void prove(UserDirectory.@Nullable Entry entry, boolean exists) {
        if (method != null && Questions.withoutPassword(method)) {
            if (!exists) {
                throw new PandoException(PandoError.ROLE_UNKNOWN, wanted.user());
            }
            finish(
                    entry == null
                            ? ServerCredential.Nothing.CONFIGURED
                            : entry.secret().credential());
            return;
        }
        tried = entry == null ? null : entry.secret();
        UserDirectory.Entry asked = entry == null ? lookAlike() : entry;
        ClientProof question =
                new Questions(shared, inForce.directory(), client).of(wanted.user(), method, asked, entry != null);
        proof = question;
        ByteBuf out = client.buffer();
        question.ask(out);
        client.write(out);
        client.flush();
    }

    /** For a user without a secret. */
    private UserDirectory.Entry lookAlike() {
        UserDirectory directory = inForce.directory();
        SecretLookup lookup = inForce.lookup();
        if (lookup == null) {
            return directory.lookAlike(wanted.user(), null);
        }
        UserDirectory.Entry typical = lookup.typical();
        return directory.lookAlike(wanted.user(), typical == null ? directory.scramLookAlike(wanted.user()) : typical);
    }

    /** Takes the body of a 'p' message. Throws PROTOCOL_VIOLATION for what was not asked for. */
    public void message(ByteBuf body) {
        ClientProof asked = proof;
        if (asked == null) {
            throw new PandoException(PandoError.PROTOCOL_VIOLATION, "an answer that nobody asked for during login");
        }
        if (!asked.deciding()) {
            ByteBuf out = client.buffer();
            answer(asked, body, out);
            client.write(out);
            client.flush();
            return;
        }
        proof = null;
        byte[] kept = new byte[body.readableBytes()];
        body.readBytes(kept);
        Duration delay = shared.delays().delay(pair, inForce.longestDelay(), System.nanoTime());
        if (delay.isZero()) {
            decide(asked, kept, false);
        } else {
            client.later(delay, () -> decide(asked, kept, false));
        }
    }

    private static void answer(ClientProof asked, ByteBuf body, ByteBuf out) {
        try {
            asked.answer(body, out);
        } catch (PandoException refusal) {
            out.release();
            throw refusal;
        } catch (IndexOutOfBoundsException cut) {
            out.release();
            throw PandoException.causedBy(cut, PandoError.PROTOCOL_VIOLATION, "a message of the login is cut short");
        }
    }

    /** {@code again}: with a secret asked for a second time. */
    private void decide(ClientProof asked, byte[] body, boolean again) {
        if (!asked.slow()) {
            decided(asked, body, again, outcome(asked, body));
            return;
        }
        shared.slowly(() -> {
            Outcome outcome = outcome(asked, body);
            client.onLoop(() -> decided(asked, body, again, outcome));
        });
    }

    /** The last message to the client, or why there is none. */
    private record Outcome(ByteBuf message, @Nullable PandoException refusal) {}

    private static Outcome outcome(ClientProof asked, byte[] body) {
        // On the heap: where the connection ends meanwhile nobody releases it.
        ByteBuf out = Unpooled.buffer();
        try {
            answer(asked, Unpooled.wrappedBuffer(body), out);
            return new Outcome(out, null);
        } catch (PandoException refusal) {
            return new Outcome(Unpooled.EMPTY_BUFFER, refusal);
        }
    }

    private void decided(ClientProof asked, byte[] body, boolean again, Outcome outcome) {
        PandoException refusal = outcome.refusal();
        if (refusal == null) {
            client.write(outcome.message());
            shared.delays().succeeded(pair);
            finish(asked.credential());
        } else if (refusal.error() != PandoError.LOGIN_FAILED) {
            throw refusal;
        } else {
            wrong(asked, body, again, refusal);
        }
    }

    private void wrong(ClientProof asked, byte[] body, boolean again, PandoException refusal) {
        SecretLookup lookup = inForce.lookup();
        if (lookup == null || !lookedUp || again) {
            refuse(refusal);
            return;
        }
        // The password may be another by now.
        then(lookup.findAnew(wanted.user()), found -> {
            UserDirectory.Entry entry = found.entry();
            // The same once more would take time that tells that there is such a user.
            ClientProof second = entry == null || entry.secret().equals(tried) ? null : asked.against(entry.secret());
            if (second == null) {
                refuse(refusal);
            } else {
                decide(second, body, true);
            }
        });
    }

    private void refuse(PandoException refusal) {
        shared.delays().failed(pair, System.nanoTime());
        LOG.debug("wrong password from {}", pair.network());
        client.refuse(refusal);
    }

    private void finish(ServerCredential credential) {
        Identity identity = new Identity(wanted.user(), credential);
        shared.learned(identity);
        accepted.accept(identity);
    }
}
