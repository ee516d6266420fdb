package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All databases behind one address. Those of the configuration stay; those made on the fly for other names are counted, bounded, and
 * forgotten when they have had no client for a while. Used by all event loops at the beginning and end of a client, under one lock.
 */
public final class Databases {
    private final Map<String, Database> named = new LinkedHashMap<>();
    private final @Nullable Function<String, Database> maker;
    private final int most;
    private final long idleNanos;
    private final Map<String, Use> onTheFly = new LinkedHashMap<>();

    private static final class Use {
        private final Database database;
        private int clients;
        private long idleSince;

        Use(Database database) {
            this.database = database;
        }
    }

    /**
     * @param maker makes one for a name that is not among {@code named}; null when such names are refused
     * @param most of those it may make
     * @param idle how long one that was made is kept without clients
     */
    public Databases(List<Database> named, @Nullable Function<String, Database> maker, int most, Duration idle) {
        named.forEach(database -> this.named.put(database.name(), database));
        this.maker = maker;
        this.most = most;
        this.idleNanos = idle.toNanos();
    }

    /** A client comes that has logged in, and {@link #left} when it goes. Throws NO_SUCH_DATABASE, TOO_MANY_DATABASES. */
    synchronized Database entered(String name) {
        Database known = named.get(name);
        if (known != null) {
            return known;
        }
        if (maker == null) {
            throw new PandoException(PandoError.NO_SUCH_DATABASE, name);
        }
        Use use = onTheFly.get(name);
        if (use == null) {
            makeRoom(name);
            use = new Use(maker.apply(name));
            onTheFly.put(name, use);
        }
        use.clients++;
        return use.database;
    }

    private void makeRoom(String name) {
        if (onTheFly.size() < most) {
            return;
        }
        Use idlest = onTheFly.values().stream()
                .filter(use -> use.clients == 0)
                .min(Comparator.comparingLong(use -> use.idleSince))
                .orElseThrow(() -> new PandoException(PandoError.TOO_MANY_DATABASES, name, onTheFly.size(), most));
        onTheFly.remove(idlest.database.name());
    }

    synchronized void left(Database database, long now) {
        Use use = onTheFly.get(database.name());
        if (use != null && use.database == database) {
            use.clients--;
            use.idleSince = now;
        }
    }

    /** Forgets what has been without clients for long; {@code keep} says what must stay all the same. */
    synchronized void forgetIdle(long now, Predicate<Database> keep) {
        for (Iterator<Use> all = onTheFly.values().iterator(); all.hasNext(); ) {
            Use use = all.next();
            if (use.clients == 0 && now - use.idleSince >= idleNanos && !keep.test(use.database)) {
                all.remove();
            }
        }
    }

    /** Whether it is still one of these, or was forgotten. */
    synchronized boolean has(Database database) {
        Use use = onTheFly.get(database.name());
        return use == null ? named.get(database.name()) == database : use.database == database;
    }

    /** Those there are at the moment, in the order of the configuration. */
    public synchronized List<Database> all() {
        return Stream.concat(named.values().stream(), onTheFly.values().stream().map(use -> use.database))
                .toList();
    }

    /** The one of that name, if it is there at the moment. */
    synchronized @Nullable Database find(String name) {
        Database known = named.get(name);
        Use use = onTheFly.get(name);
        return known == null && use != null ? use.database : known;
    }

    /** The smallest pool that any of these has. */
    int smallestPool() {
        List<Database> examples = new ArrayList<>(all());
        if (maker != null) {
            examples.add(maker.apply(""));
        }
        return examples.stream()
                .mapToInt(database -> database.pooling().size())
                .min()
                .orElse(1);
    }
}
