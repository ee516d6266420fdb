package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.DatabaseConfig;
import dev.pando.core.config.PandoConfig;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All databases behind one address. Those of the configuration stay; those made on the fly for other names are counted, bounded, and
 * forgotten when they have had no client for a while. Used by all event loops at the beginning and end of a client, under one lock.
 */
public final class Databases {
    private final @Nullable Backstage sharded;
    private final Function<String, Backstage> plain;
    private final Map<String, Database> named = new LinkedHashMap<>();
    private final Map<String, OnTheFly> onTheFly = new LinkedHashMap<>();
    private PandoConfig config;

    private static final class OnTheFly {
        private final Database database;
        private long idleSince;

        OnTheFly(Database database) {
            this.database = database;
        }
    }

    /**
     * @param sharded of the sharded database, null when there is none
     * @param plain makes that of a plain one, by its name
     */
    public Databases(PandoConfig config, @Nullable Backstage sharded, Function<String, Backstage> plain) {
        this.config = config;
        this.sharded = sharded;
        this.plain = plain;
        reconfigure(config);
    }

    /** Follows the configuration. Who is in a database that is there no longer stays in it until he leaves. */
    synchronized void reconfigure(PandoConfig next) {
        config = next;
        Map<String, Database> before = new LinkedHashMap<>(named);
        named.clear();
        if (sharded != null) {
            put(before, next.database(), Database.Definition.sharded(next), sharded);
        }
        for (DatabaseConfig entry : next.databases()) {
            if (!entry.any()) {
                String name = entry.name();
                put(before, name, Database.Definition.plain(name, entry, next.pool()), plain.apply(name));
            }
        }
        DatabaseConfig any = any();
        if (any == null) {
            onTheFly.clear();
        } else {
            onTheFly.keySet().removeAll(named.keySet());
            onTheFly.forEach((name, made) -> made.database.redefine(Database.Definition.plain(name, any, next.pool())));
        }
    }

    private void put(Map<String, Database> before, String name, Database.Definition definition, Backstage backstage) {
        Database known = before.get(name);
        if (known == null) {
            named.put(name, new Database(name, definition, backstage));
        } else {
            known.redefine(definition);
            named.put(name, known);
        }
    }

    /** The entry for names that no other has. */
    private @Nullable DatabaseConfig any() {
        return config.databases().stream()
                .filter(DatabaseConfig::any)
                .findFirst()
                .orElse(null);
    }

    /** A client comes that has logged in, and {@link #left} when it goes. Throws NO_SUCH_DATABASE, TOO_MANY_DATABASES. */
    synchronized Database entered(String name) {
        Database known = find(name);
        Database database = known == null ? make(name) : known;
        database.entered();
        return database;
    }

    private Database make(String name) {
        DatabaseConfig any = any();
        if (any == null) {
            throw new PandoException(PandoError.NO_SUCH_DATABASE, name);
        }
        int most = config.limits().maxWildcardDatabases();
        if (onTheFly.size() >= most) {
            OnTheFly idlest = onTheFly.values().stream()
                    .filter(made -> made.database.clients() == 0)
                    .min(Comparator.comparingLong(made -> made.idleSince))
                    .orElseThrow(() -> new PandoException(PandoError.TOO_MANY_DATABASES, name, onTheFly.size(), most));
            onTheFly.remove(idlest.database.name());
        }
        Database made = new Database(name, Database.Definition.plain(name, any, config.pool()), plain.apply(name));
        onTheFly.put(name, new OnTheFly(made));
        return made;
    }

    synchronized void left(Database database, long now) {
        database.left();
        OnTheFly made = onTheFly.get(database.name());
        if (made != null) {
            made.idleSince = now;
        }
    }

    /** Forgets what has been without clients for {@code idle}; {@code keep} says what must stay all the same. */
    synchronized void forgetIdle(long now, Duration idle, Predicate<Database> keep) {
        onTheFly.values()
                .removeIf(made -> made.database.clients() == 0
                        && now - made.idleSince >= idle.toNanos()
                        && !keep.test(made.database));
    }

    /** Whether it is still one of these, or was forgotten. */
    synchronized boolean has(Database database) {
        return find(database.name()) == database;
    }

    /** Those of the configuration. */
    synchronized List<Database> named() {
        return List.copyOf(named.values());
    }

    /** Whether the configuration has it. */
    synchronized boolean isNamed(String name) {
        return named.containsKey(name);
    }

    /** Those there are at the moment, in the order of the configuration. */
    public synchronized List<Database> all() {
        return Stream.concat(named.values().stream(), onTheFly.values().stream().map(made -> made.database))
                .toList();
    }

    private @Nullable Database find(String name) {
        Database known = named.get(name);
        OnTheFly made = onTheFly.get(name);
        return known == null && made != null ? made.database : known;
    }

    /** The smallest pool that any of these has. */
    synchronized int smallestPool() {
        DatabaseConfig any = any();
        int standard = config.pool().size();
        IntStream sizes =
                named.values().stream().mapToInt(database -> database.pooling().size());
        if (any != null) {
            Integer own = any.poolSize();
            sizes = IntStream.concat(sizes, IntStream.of(own == null ? standard : own));
        }
        return sizes.min().orElse(standard);
    }
}
