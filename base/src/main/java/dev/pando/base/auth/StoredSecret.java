package dev.pando.base.auth;

import dev.pando.base.error.PandoError;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a user's password: the password itself, or one of the two forms that PostgreSQL keeps in {@code pg_authid.rolpassword}.
 * None of them ever shows itself.
 */
public sealed interface StoredSecret {
    /** The password. */
    record Plain(String password) implements StoredSecret {
        @Override
        public String toString() {
            return "Plain";
        }
    }

    /** Checks a SCRAM login; logs in to servers only with what a client's own login reveals. */
    record Scram(ScramVerifier verifier) implements StoredSecret {
        @Override
        public String toString() {
            return "Scram";
        }
    }

    /** {@code md5} and the hash of password and user; as good as the password for whoever asks for MD5. */
    record Md5(String hash) implements StoredSecret {
        @Override
        public String toString() {
            return "Md5";
        }
    }

    /** By the rule PostgreSQL has for it: what is neither hash nor verifier is a password. */
    static StoredSecret of(String text) {
        if (Md5Password.isHash(text)) {
            return new Md5(text);
        }
        ScramVerifier verifier = ScramVerifier.parse(text);
        return verifier == null ? new Plain(text) : new Scram(verifier);
    }

    /** What makes it likely that the text is not what its author meant; null when nothing does. Does not contain it. */
    static @Nullable String doubt(String text) {
        if (text.startsWith(ScramVerifier.PREFIX) && ScramVerifier.parse(text) == null) {
            return "begins like a SCRAM verifier but is none: " + ScramVerifier.PREFIX
                    + "iterations:salt$StoredKey:ServerKey is its form";
        }
        return null;
    }

    /** What it says of itself in tables. */
    default String kind() {
        return switch (this) {
            case Plain plain -> "password";
            case Scram scram -> "scram-sha-256";
            case Md5 md5 -> "md5";
        };
    }

    /** With what servers are logged in to when the client has shown nothing that would help, as with a certificate. */
    default ServerCredential credential() {
        return switch (this) {
            case Plain plain -> new ServerCredential.Password(plain.password());
            case Md5 md5 -> new ServerCredential.Md5Hash(md5.hash());
            case Scram scram ->
                new ServerCredential.Nothing(
                        "only a SCRAM verifier is stored, and the client logged in without showing the keys to it",
                        PandoError.SECRET_UNFIT);
        };
    }
}
