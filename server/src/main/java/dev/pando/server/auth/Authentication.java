package dev.pando.server.auth;

import dev.pando.base.auth.ClientProof;
import dev.pando.base.auth.Md5Proof;
import dev.pando.base.auth.ScramProof;
import dev.pando.base.auth.ScramServer;
import dev.pando.base.auth.ScramVerifier;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import java.util.Base64;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One client's way from its startup packet to its identity. Owned by the connection's event loop. */
public final class Authentication {
    private static final int NONCE_BYTES = 18;
    private static final int MD5_SALT_BYTES = 4;

    private final Authenticator shared;
    private final LoginClient client;
    private final String user;
    private final Consumer<Identity> accepted;
    private @Nullable ClientProof proof;

    /** {@code accepted} hears of success, once, on the loop; failures are the client's to be told. */
    public Authentication(Authenticator shared, LoginClient client, String user, Consumer<Identity> accepted) {
        this.shared = shared;
        this.client = client;
        this.user = user;
        this.accepted = accepted;
    }

    /** Asks the client for its proof. */
    public void begin() {
        UserDirectory directory = shared.directory();
        UserDirectory.Entry entry = directory.of(user);
        ClientProof question = entry == null ? proof(directory.lookAlike(user), false) : proof(entry, true);
        proof = question;
        ByteBuf out = client.buffer();
        question.ask(out);
        client.write(out);
        client.flush();
    }

    private ClientProof proof(UserDirectory.Entry entry, boolean known) {
        ScramVerifier verifier = entry.verifier();
        if (verifier == null) {
            return new Md5Proof(user, entry.secret(), known, shared.bytes(MD5_SALT_BYTES));
        }
        String nonce = Base64.getEncoder().encodeToString(shared.bytes(NONCE_BYTES));
        byte[] hash = client.encrypted() ? client.certificateHash() : null;
        return new ScramProof(entry.secret(), verifier, new ScramServer(user, verifier, known, nonce, hash));
    }

    /** Takes the body of a 'p' message. Throws PROTOCOL_VIOLATION for what was not asked for, and LOGIN_FAILED. */
    public void message(ByteBuf body) {
        ClientProof asked = proof;
        if (asked == null) {
            throw new PandoException(PandoError.PROTOCOL_VIOLATION, "an answer that nobody asked for during login");
        }
        boolean deciding = asked.deciding();
        ByteBuf out = client.buffer();
        try {
            asked.answer(body, out);
        } catch (PandoException refusal) {
            out.release();
            throw refusal;
        }
        client.write(out);
        if (deciding) {
            proof = null;
            Identity identity = new Identity(user, asked.credential());
            shared.learned(identity);
            accepted.accept(identity);
        } else {
            client.flush();
        }
    }
}
