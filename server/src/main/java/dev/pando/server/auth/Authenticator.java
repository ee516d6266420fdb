package dev.pando.server.auth;

import dev.pando.core.config.PandoConfig;
import java.security.SecureRandom;

/** What all logins share. Safe for use by all event loops. */
public final class Authenticator {
    private final SecureRandom random = new SecureRandom();
    private final byte[] salting = bytes(32);
    private volatile UserDirectory directory;

    public Authenticator(PandoConfig config) {
        this.directory = new UserDirectory(config, salting);
    }

    /** From the next login on these users and rules hold. */
    public void use(PandoConfig config) {
        directory = new UserDirectory(config, salting);
    }

    UserDirectory directory() {
        return directory;
    }

    /** Random ones. */
    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
