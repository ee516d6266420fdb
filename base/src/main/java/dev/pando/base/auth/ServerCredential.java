package dev.pando.base.auth;

import dev.pando.base.error.PandoError;

/** With what Pando logs in to servers as one user. None of them ever shows itself. */
public sealed interface ServerCredential {
    /** Serves whatever method the server asks for. */
    record Password(String text) implements ServerCredential {
        @Override
        public String toString() {
            return "Password";
        }
    }

    /** Serves servers that ask for MD5. */
    record Md5Hash(String hash) implements ServerCredential {
        @Override
        public String toString() {
            return "Md5Hash";
        }
    }

    /** What a client's SCRAM login revealed: serves servers that have the same verifier. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    record Keys(ScramVerifier verifier, byte[] clientKey) implements ServerCredential {
        @Override
        public String toString() {
            return "Keys";
        }
    }

    /**
     * Serves servers that ask for nothing.
     *
     * @param why there is nothing else
     * @param error what it is when a server does ask: BACKEND_LOGIN or SECRET_UNFIT
     */
    record Nothing(String why, PandoError error) implements ServerCredential {
        public static final Nothing CONFIGURED =
                new Nothing("it asks for a password and none is configured", PandoError.BACKEND_LOGIN);
    }

    static ServerCredential password(String text) {
        return text.isEmpty() ? Nothing.CONFIGURED : new Password(text);
    }
}
