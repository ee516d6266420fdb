package dev.pando.server.auth;

import dev.pando.base.auth.CleartextProof;
import dev.pando.base.auth.ClientProof;
import dev.pando.base.auth.Md5Proof;
import dev.pando.base.auth.ScramProof;
import dev.pando.base.auth.ScramServer;
import dev.pando.base.auth.ScramVerifier;
import dev.pando.base.auth.StoredSecret;
import dev.pando.core.hba.HbaMethod;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a client is asked for, by the method of its rule and by what is stored of the user. */
final class Questions {
    private static final int NONCE_BYTES = 18;
    private static final int MD5_SALT_BYTES = 4;

    private final Authenticator shared;
    private final UserDirectory directory;
    private final LoginClient client;

    Questions(Authenticator shared, UserDirectory directory, LoginClient client) {
        this.shared = shared;
        this.directory = directory;
        this.client = client;
    }

    static boolean withoutPassword(HbaMethod method) {
        return switch (method) {
            case TRUST, CERT, PEER -> true;
            case REJECT, SCRAM, MD5, PASSWORD -> false;
        };
    }

    /** {@code method} is null without rules; what is asked for is the user's own secret if it is {@code known}, else a made-up one. */
    ClientProof of(String user, @Nullable HbaMethod method, UserDirectory.Entry asked, boolean known) {
        if (method == HbaMethod.PASSWORD) {
            return new CleartextProof(user, asked.secret(), known);
        }
        ScramVerifier verifier = asked.verifier();
        boolean md5 = method == HbaMethod.MD5 && !(asked.secret() instanceof StoredSecret.Scram);
        if (md5 || (verifier == null && method == null)) {
            return new Md5Proof(user, asked.secret(), known, shared.bytes(MD5_SALT_BYTES));
        }
        if (verifier == null) {
            // A rule that asks for SCRAM, and a user for whom only MD5 could be checked.
            return scram(user, directory.scramLookAlike(user), false);
        }
        return scram(user, asked, known);
    }

    private ClientProof scram(String user, UserDirectory.Entry entry, boolean known) {
        ScramVerifier verifier = Objects.requireNonNull(entry.verifier());
        String nonce = Base64.getEncoder().encodeToString(shared.bytes(NONCE_BYTES));
        byte[] hash = client.encrypted() ? client.certificateHash() : null;
        return new ScramProof(entry.secret(), verifier, new ScramServer(user, verifier, known, nonce, hash));
    }
}
