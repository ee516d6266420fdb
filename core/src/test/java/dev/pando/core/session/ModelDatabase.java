package dev.pando.core.session;

import dev.pando.core.link.Requests;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a model server keeps over a crash: rows, prepared transactions, decisions. Uncommitted changes are made in place and undone. */
final class ModelDatabase {
    /** A committed NOTIFY, and when in the order of all that happens in a world. */
    record Told(long stamp, String channel, String payload) {}

    /** What has become of a transaction that a client has prepared. */
    enum Fate {
        PREPARED,
        COMMITTED,
        ROLLED_BACK
    }

    private final LongSupplier clock;
    private final List<Told> told = new ArrayList<>();
    private final Set<ModelChannels> ears = new LinkedHashSet<>();
    private final Map<String, Fate> fates = new TreeMap<>();
    private boolean sharded;
    private final List<String> heard = new ArrayList<>();

    /** What to do, last first, to undo a transaction. */
    static final class Undo {
        private final Deque<Runnable> steps = new ArrayDeque<>();

        void add(Runnable step) {
            steps.push(step);
        }

        int size() {
            return steps.size();
        }

        void back(int size) {
            while (steps.size() > size) {
                steps.pop().run();
            }
        }
    }

    private final Map<String, NavigableMap<Long, String>> tables = new TreeMap<>();
    /** The name of a column that changes with the schema. */
    private String shape = "shape";

    private final Map<String, Undo> prepared = new TreeMap<>();
    private final Map<String, Undo> deciding = new TreeMap<>();
    private final Set<String> decided = new HashSet<>();
    private final Set<String> givenUp = new HashSet<>();

    /** Advisory locks by number, with how often their holder has them. */
    private final Map<String, Held> locks = new TreeMap<>();

    private record Held(ModelSession by, int times) {}

    ModelDatabase(LongSupplier clock) {
        this.clock = clock;
    }

    /** Speaks of clients' own two-phase commit as Pando does before several shards. */
    void sharded(boolean on) {
        sharded = on;
    }

    boolean sharded() {
        return sharded;
    }

    void hears(ModelChannels ear, boolean on) {
        if (on) {
            ears.add(ear);
        } else {
            ears.remove(ear);
        }
    }

    /** A transaction with these has committed. */
    void tell(List<ModelChannels.Note> notes) {
        for (ModelChannels.Note note : notes) {
            told.add(new Told(clock.getAsLong(), note.channel(), note.payload()));
        }
        for (ModelChannels ear : List.copyOf(ears)) {
            notes.forEach(ear::hear);
        }
    }

    /** All that was notified, in the order of commits. */
    List<Told> told() {
        return told;
    }

    void prepare(String transaction, Undo undo) {
        if (fates.put(transaction, Fate.PREPARED) != null) {
            throw new World.Violation(transaction + " is prepared twice");
        }
        prepared.put(transaction, undo);
    }

    /** Commits, or rolls back, what is prepared; false when there is no such thing. */
    boolean finish(String transaction, boolean commit) {
        Undo undo = prepared.remove(transaction);
        if (undo == null) {
            return false;
        }
        fates.put(transaction, commit ? Fate.COMMITTED : Fate.ROLLED_BACK);
        if (!commit) {
            undo.back(0);
        }
        return true;
    }

    @Nullable
    Fate fate(String transaction) {
        return fates.get(transaction);
    }

    boolean hasEars() {
        return !ears.isEmpty();
    }

    /** False when somebody else has it: the model does not wait. */
    boolean lock(String number, ModelSession by) {
        Held held = locks.get(number);
        if (held != null && held.by() != by) {
            return false;
        }
        locks.put(number, new Held(by, held == null ? 1 : held.times() + 1));
        return true;
    }

    boolean unlock(String number, ModelSession by) {
        Held held = locks.get(number);
        if (held == null || held.by() != by) {
            return false;
        }
        if (held.times() == 1) {
            locks.remove(number);
        } else {
            locks.put(number, new Held(by, held.times() - 1));
        }
        return true;
    }

    void unlockAll(ModelSession by) {
        locks.values().removeIf(held -> held.by() == by);
    }

    boolean locks(ModelSession by) {
        return locks.values().stream().anyMatch(held -> held.by() == by);
    }

    String shape() {
        return shape;
    }

    void shape(String name) {
        shape = name;
    }

    NavigableMap<Long, String> table(String name) {
        return tables.computeIfAbsent(name, n -> new TreeMap<>());
    }

    Map<String, NavigableMap<Long, String>> tables() {
        return tables;
    }

    Map<String, Undo> prepared() {
        return prepared;
    }

    void put(Undo undo, String table, long key, String value) {
        String before = table(table).put(key, value);
        undo.add(() -> restore(table, key, before));
    }

    void remove(Undo undo, String table, long key) {
        String before = table(table).remove(key);
        undo.add(() -> restore(table, key, before));
    }

    private void restore(String table, long key, @Nullable String value) {
        if (value == null) {
            table(table).remove(key);
        } else {
            table(table).put(key, value);
        }
    }

    /** Records the decision to commit a global transaction; it counts once {@code undo}'s transaction has committed. */
    void decide(Undo undo, String transaction) {
        if (givenUp.contains(transaction) || decided.contains(transaction) || deciding.containsKey(transaction)) {
            throw new SqlError("40000", "transaction " + transaction + " was given up");
        }
        deciding.put(transaction, undo);
        undo.add(() -> deciding.remove(transaction));
    }

    void committed(Undo undo) {
        deciding.entrySet().removeIf(entry -> entry.getValue() == undo && decided.add(entry.getKey()));
    }

    /** Whether a global transaction commits, as recovery finds it; null while that is being decided. What has no decision is given up. */
    @Nullable
    Boolean outcome(String transaction) {
        if (deciding.containsKey(transaction)) {
            return null;
        }
        if (!decided.contains(transaction)) {
            givenUp.add(transaction);
        }
        return decided.contains(transaction);
    }

    /** Simple queries, and what Pando itself runs in another way, as they came: clients' own BEGIN and COMMIT never do. */
    List<String> heard() {
        return heard;
    }

    void bound(String portal, String sql) {
        if (portal.equals(Requests.OWN_PORTAL) || ModelSql.parse(sql).kind().controlsTransaction()) {
            heard.add(sql);
        }
    }
}
