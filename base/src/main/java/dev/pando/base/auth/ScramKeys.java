package dev.pando.base.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What SCRAM clients make of a password, thousands of hashes at a time, and keep: salt and rounds belong to the role, so one derivation
 * serves all its connections to a server. Safe for use by several threads.
 */
public final class ScramKeys {
    /** More salts than roles and servers would need: one that shows another each time makes us pay, but not with memory. */
    private static final int MOST = 1024;

    private final Map<Salt, Keys> known = new ConcurrentHashMap<>();

    /** {@code base64} as the server sent it; {@code password} as a hash, since a role may get another and keep its salt. */
    record Salt(String user, String base64, int rounds, String password) {
        static Salt of(String user, String base64, int rounds, String password) {
            byte[] hash = ScramVerifier.sha256(password.getBytes(StandardCharsets.UTF_8));
            return new Salt(user, base64, rounds, Base64.getEncoder().encodeToString(hash));
        }

        @Override
        public String toString() {
            return "Salt[" + user + "]";
        }
    }

    /** Never compared, never changed. */
    @SuppressWarnings("ArrayRecordComponent")
    record Keys(byte[] client, byte[] server) {
        @Override
        public String toString() {
            return "Keys";
        }
    }

    @Nullable
    Keys known(Salt salt) {
        return known.get(salt);
    }

    /** Takes milliseconds when they are not known; who comes meanwhile waits for the same result. */
    Keys derive(Salt salt, String password) {
        if (known.size() >= MOST) {
            known.clear();
        }
        return known.computeIfAbsent(salt, missing -> {
            byte[] salted =
                    ScramVerifier.salted(password, Base64.getDecoder().decode(missing.base64()), missing.rounds());
            return new Keys(ScramVerifier.hmac(salted, "Client Key"), ScramVerifier.hmac(salted, "Server Key"));
        });
    }
}
