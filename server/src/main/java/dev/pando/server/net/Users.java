package dev.pando.server.net;

import dev.pando.base.auth.ScramServer;
import dev.pando.base.auth.ScramVerifier;
import dev.pando.core.config.PandoConfig;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who may log in. Verifiers are made once, so that a login costs a few hashes and an attacker cannot make us pay for key stretching. */
final class Users {
    private static final int ITERATIONS = 4096;
    private static final int SALT_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, ScramVerifier> verifiers = new HashMap<>();
    private final Map<String, String> passwords = new HashMap<>();
    /** Makes up the salts of users that do not exist, so that they look like any others. */
    private final byte[] madeUpSecret = bytes(32);

    Users(PandoConfig config) {
        for (PandoConfig.User user : config.users()) {
            String password = user.password().reveal();
            passwords.put(user.name(), password);
            verifiers.put(user.name(), ScramVerifier.derive(password, bytes(SALT_BYTES), ITERATIONS));
        }
    }

    /** {@code certificateHash}: of the certificate the client sees, null without TLS. */
    ScramServer exchange(String user, byte @Nullable [] certificateHash) {
        ScramVerifier verifier = verifiers.get(user);
        String nonce = Base64.getEncoder().encodeToString(bytes(18));
        return verifier == null
                ? new ScramServer(
                        user,
                        ScramVerifier.madeUp(madeUpSecret, user, SALT_BYTES, ITERATIONS),
                        false,
                        nonce,
                        certificateHash)
                : new ScramServer(user, verifier, true, nonce, certificateHash);
    }

    String password(String user) {
        return passwords.getOrDefault(user, "");
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
