package dev.pando.server.auth;

import dev.pando.base.auth.ServerCredential;
import dev.pando.base.auth.StoredSecret;
import dev.pando.core.config.PandoConfig;
import java.security.SecureRandom;

/** What all logins share. Safe for use by all event loops. */
public final class Authenticator {
    private final SecureRandom random = new SecureRandom();
    private final byte[] salting = bytes(32);
    private final Credentials credentials = new Credentials();
    private volatile UserDirectory directory;

    public Authenticator(PandoConfig config) {
        this.directory = new UserDirectory(config, salting);
    }

    /** Takes milliseconds per password. Once what is returned has run, logins go by this configuration. */
    public Runnable prepare(PandoConfig next) {
        UserDirectory made = directory.isOf(next) ? directory : new UserDirectory(next, salting);
        return () -> {
            directory = made;
            credentials.forget();
        };
    }

    UserDirectory directory() {
        return directory;
    }

    /** With what to log in to servers now: the stored password, else what the user's latest login showed. */
    public ServerCredential credential(Identity identity) {
        UserDirectory.Entry entry = directory.of(identity.user());
        if (entry != null && entry.secret() instanceof StoredSecret.Plain plain) {
            return plain.credential();
        }
        ServerCredential shown = credentials.of(identity.user());
        return shown == null ? identity.credential() : shown;
    }

    void learned(Identity identity) {
        credentials.learned(identity);
    }

    /** Random ones. */
    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
