package dev.pando.core.sight;

import dev.pando.base.sql.Shape;
import dev.pando.base.sql.Shaper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one event loop, by account and shape; owned by the loop.
 *
 * <p>What can go wrong: an application that makes names up (savepoints, temporary tables, lists of columns) has a new shape each time, and
 * memory would grow for ever. So there is a limit, and when it is reached the least used twentieth is dropped and counted. Use fades with
 * each such clearing, so that what was busy yesterday does not keep out what is busy today. Looking a statement up allocates nothing.
 */
final class StatementTable {
    /** Stands for statements that are not read. */
    static final Shape UNREAD =
            new Shaper().shape("session_mode".getBytes(StandardCharsets.UTF_8)).shape();

    private static final int PART_DROPPED = 20;
    private static final double FADING = 0.99;

    /** Looked up with one that is changed, kept with others that never are. */
    private static final class Key {
        private Account account = LoopSight.NOBODY;
        private Shape shape = UNREAD;

        Key set(Account on, Shape of) {
            account = on;
            shape = of;
            return this;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && shape.equals(key.shape) && account.equals(key.account);
        }

        @Override
        public int hashCode() {
            return shape.hashCode() * 31 + account.hashCode();
        }
    }

    private final Map<Key, StatementEntry> entries = new HashMap<>();
    private final Key wanted = new Key();
    private int most;
    private long dropped;
    private long droppedCalls;

    StatementTable(int most) {
        this.most = most;
    }

    void limit(int next) {
        most = next;
        drop(entries.size() - most);
    }

    /** The entry of a statement, made if there is none. */
    StatementEntry of(Account account, Flight flight) {
        Shape shape = flight.shape().upTo(StatementText.LONGEST);
        StatementEntry known = entries.get(wanted.set(account, shape));
        if (known != null) {
            return known;
        }
        if (entries.size() >= most) {
            drop(Math.max(1, entries.size() / PART_DROPPED));
        }
        StatementEntry fresh = new StatementEntry(account, shape, flight.planned(), flight.searchPath);
        entries.put(new Key().set(account, shape), fresh);
        return fresh;
    }

    /** So many of the least used. */
    private void drop(int count) {
        if (count <= 0) {
            return;
        }
        List<Map.Entry<Key, StatementEntry>> all = new ArrayList<>(entries.entrySet());
        all.sort(Comparator.comparingDouble(entry -> entry.getValue().use()));
        for (Map.Entry<Key, StatementEntry> entry : all.subList(0, Math.min(count, all.size()))) {
            entries.remove(entry.getKey());
            dropped++;
            droppedCalls += entry.getValue().calls();
        }
        entries.values().forEach(entry -> entry.fade(FADING));
    }

    int size() {
        return entries.size();
    }

    void reset() {
        entries.clear();
        dropped = 0;
        droppedCalls = 0;
    }

    /** How many have been dropped, and how often those had been called. */
    long dropped() {
        return dropped;
    }

    long droppedCalls() {
        return droppedCalls;
    }

    List<StatementStats> snapshot() {
        return entries.values().stream().map(StatementEntry::snapshot).toList();
    }

    /** Of the statement with that number; none when there is none. */
    Optional<Explainable> explainable(long id) {
        return entries.values().stream()
                .filter(entry -> entry.id() == id)
                .findFirst()
                .map(StatementEntry::explainable);
    }

    /** Of each its number: what is the same on several loops counts once. */
    long[] ids() {
        return entries.values().stream().mapToLong(StatementEntry::id).toArray();
    }

    /** How often statements were one question asked many times, by database. */
    Map<String, SightCounts.Repeated> repeated() {
        Map<String, SightCounts.Repeated> found = new HashMap<>();
        entries.values().forEach(entry -> {
            SightCounts.Repeated repeated = entry.repeated();
            if (repeated != null) {
                found.merge(entry.account().database(), repeated, SightCounts.Repeated::plus);
            }
        });
        return found;
    }
}
