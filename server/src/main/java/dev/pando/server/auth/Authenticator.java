package dev.pando.server.auth;

import dev.pando.base.auth.ServerCredential;
import dev.pando.base.auth.StoredSecret;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.hba.Network;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** What all logins share. Safe for use by all event loops. */
public final class Authenticator implements AutoCloseable {
    /** Cores that stretch keys at the same time. */
    private static final int SLOW_AT_ONCE = 2;

    private final SecureRandom random = new SecureRandom();
    private final byte[] salting = bytes(32);
    private final Credentials credentials = new Credentials();
    private final FailureDelays delays = new FailureDelays();
    private final Semaphore slow = new Semaphore(SLOW_AT_ONCE, true);
    private volatile InForce inForce;

    /**
     * What the configuration says of logins, in one piece.
     *
     * @param longestDelay after wrong passwords
     */
    record InForce(
            PandoConfig config,
            UserDirectory directory,
            List<Network> own,
            @Nullable SecretLookup lookup,
            Duration longestDelay) {
        PandoConfig.@Nullable Rules rules() {
            return config.auth().rules();
        }
    }

    public Authenticator(PandoConfig config) {
        this.inForce = made(config, new UserDirectory(config, salting), null);
    }

    /** Takes milliseconds per password. Once what is returned has run, logins go by this configuration. */
    public Runnable prepare(PandoConfig next) {
        InForce before = inForce;
        UserDirectory directory = before.directory().isOf(next) ? before.directory() : new UserDirectory(next, salting);
        InForce made = made(next, directory, before);
        return () -> {
            inForce = made;
            credentials.forget();
            SecretLookup old = before.lookup();
            if (old != null && old != made.lookup()) {
                old.close();
            }
        };
    }

    private InForce made(PandoConfig config, UserDirectory directory, @Nullable InForce before) {
        Duration half = config.limits().loginTimeout().dividedBy(2);
        Duration delay = config.auth().failureDelay();
        return new InForce(
                config,
                directory,
                config.auth().rules() == null ? List.of() : OwnNetworks.now(),
                lookup(config, directory, before),
                delay.compareTo(half) < 0 ? delay : half);
    }

    private static @Nullable SecretLookup lookup(
            PandoConfig config, UserDirectory directory, @Nullable InForce before) {
        PandoConfig.Lookup lookup = config.auth().lookup();
        if (lookup == null) {
            return null;
        }
        if (before != null
                && lookup.equals(before.config().auth().lookup())
                && directory == before.directory()
                && config.shards().equals(before.config().shards())
                && config.databases().equals(before.config().databases())
                && config.serverTls().equals(before.config().serverTls())) {
            return before.lookup();
        }
        return new SecretLookup(
                AuthQuery.of(config, lookup),
                directory::entry,
                new SecretLookup.Limits(lookup.cache(), config.limits().loginTimeout()),
                System::nanoTime);
    }

    InForce inForce() {
        return inForce;
    }

    FailureDelays delays() {
        return delays;
    }

    /** Runs what takes milliseconds of a core away from the event loops, a few at a time. */
    void slowly(Runnable task) {
        Thread.ofVirtual().name("pando-scram").start(() -> {
            slow.acquireUninterruptibly();
            try {
                task.run();
            } finally {
                slow.release();
            }
        });
    }

    /** With what to log in to servers now: the stored password, else what the user's latest login showed. */
    public ServerCredential credential(Identity identity) {
        UserDirectory.Entry entry = inForce.directory().of(identity.user());
        if (entry != null && entry.secret() instanceof StoredSecret.Plain plain) {
            return plain.credential();
        }
        ServerCredential shown = credentials.of(identity.user());
        return shown == null ? identity.credential() : shown;
    }

    /** A server has refused the user: what is known of its password may be out of date. */
    public void refusedByServer(String user) {
        SecretLookup lookup = inForce.lookup();
        if (lookup != null) {
            lookup.doubt(user);
        }
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

    @Override
    public void close() {
        SecretLookup lookup = inForce.lookup();
        if (lookup != null) {
            lookup.close();
        }
    }
}
