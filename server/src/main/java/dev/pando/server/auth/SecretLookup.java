package dev.pando.server.auth;

import dev.pando.base.auth.StoredSecret;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users who are in no list, asked for on virtual threads: some at a time, each user once however many log in as it, and what was answered,
 * that there is no such user included, is good for a while. Safe for use by all event loops.
 */
final class SecretLookup implements AutoCloseable {
    static final Logger LOG = LoggerFactory.getLogger(SecretLookup.class);

    private static final int AT_ONCE = 4;
    private static final int MOST_KEPT = 10_000;
    /** Who fails on purpose makes us ask no more often than this per user. */
    private static final Duration RESTED = Duration.ofSeconds(1);

    private final Source source;
    private final BiFunction<String, StoredSecret, UserDirectory.Entry> entries;
    private final Duration cache;
    private final Duration patience;
    private final LongSupplier nanos;
    private final Semaphore places = new Semaphore(AT_ONCE, true);
    private final Map<String, CompletableFuture<Found>> asking = new HashMap<>();
    private final Map<String, Found> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Found> eldest) {
            return size() > MOST_KEPT;
        }
    };

    /** The first secret that was found, as which users who do not exist are made to look. */
    private volatile UserDirectory.@Nullable Entry typical;

    /** Where the answers come from. */
    interface Source extends AutoCloseable {
        /** Null when there is no such user. */
        @Nullable
        Row ask(String user) throws Exception;

        @Override
        void close();
    }

    /** {@code secret} is null for a user without one. */
    record Row(String user, @Nullable String secret) {
        @Override
        public String toString() {
            return "Row[" + user + "]";
        }
    }

    /** An answer; {@code entry} is null for a user without a secret, too. */
    record Found(boolean exists, UserDirectory.@Nullable Entry entry, long at) {}

    /** Bounds of this lookup. {@code patience}: how long a login waits for its turn. */
    record Limits(Duration cache, Duration patience) {}

    SecretLookup(
            Source source,
            BiFunction<String, StoredSecret, UserDirectory.Entry> entries,
            Limits limits,
            LongSupplier nanos) {
        this.source = source;
        this.entries = entries;
        this.cache = limits.cache();
        this.patience = limits.patience();
        this.nanos = nanos;
    }

    /** What is known, if it is fresh enough, or else is asked for. Fails with LOOKUP_FAILED. */
    CompletableFuture<Found> find(String user) {
        return find(user, cache);
    }

    /** What {@code before} was is in doubt: another answer, unless that one is no older than a moment. */
    CompletableFuture<Found> findAnew(String user) {
        return find(user, RESTED.compareTo(cache) < 0 ? RESTED : cache);
    }

    /** What a user has who is found; null as long as none was. */
    UserDirectory.@Nullable Entry typical() {
        return typical;
    }

    /** A server refused what was logged in with: the next login asks anew. */
    synchronized void doubt(String user) {
        kept.remove(user);
    }

    private synchronized CompletableFuture<Found> find(String user, Duration fresh) {
        Found known = kept.get(user);
        if (known != null && nanos.getAsLong() - known.at() < fresh.toNanos()) {
            return CompletableFuture.completedFuture(known);
        }
        CompletableFuture<Found> running = asking.get(user);
        if (running != null) {
            return running;
        }
        CompletableFuture<Found> started = new CompletableFuture<>();
        asking.put(user, started);
        Thread.ofVirtual().name("pando-auth").start(() -> run(user, started));
        return started;
    }

    private void run(String user, CompletableFuture<Found> result) {
        try {
            Found found = ask(user);
            synchronized (this) {
                kept.put(user, found);
                asking.remove(user);
            }
            result.complete(found);
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            synchronized (this) {
                asking.remove(user);
            }
            LOG.warn("auth.query failed: {}", e.toString());
            result.completeExceptionally(PandoException.causedBy(e, PandoError.LOOKUP_FAILED));
        }
    }

    private Found ask(String user) throws Exception {
        if (!places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new PandoException(PandoError.LOOKUP_FAILED);
        }
        try {
            Row row = source.ask(user);
            if (row == null) {
                return new Found(false, null, nanos.getAsLong());
            }
            String secret = row.secret();
            boolean none = secret == null || secret.isEmpty() || !row.user().equals(user);
            UserDirectory.Entry entry = none ? null : entries.apply(user, StoredSecret.of(String.valueOf(secret)));
            if (typical == null) {
                typical = entry;
            }
            return new Found(row.user().equals(user), entry, nanos.getAsLong());
        } finally {
            places.release();
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
