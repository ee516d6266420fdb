package dev.pando.core.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a shard that joins a transaction later has to run after its BEGIN to be where the others are: the settings made so far, and the
 * savepoints that stand, in their order. What is undone or released leaves nothing behind.
 */
final class Prelude {
    /**
     * What ROLLBACK TO goes back to.
     *
     * @param serial grows from one savepoint of the session to the next
     * @param local what SET LOCAL had done
     * @param steps how many came up to it, itself included
     * @param characteristics how many came up to it
     */
    record Savepoint(
            long serial,
            String name,
            Map<String, String> settings,
            String local,
            SearchPath.State searchPath,
            int steps,
            int characteristics) {}

    private final List<String> steps = new ArrayList<>();
    private final List<Savepoint> savepoints = new ArrayList<>();
    /** Those of the steps that say of what kind the transaction is: one chained to it is of that kind too. */
    private final List<String> characteristics = new ArrayList<>();

    private long serial;

    List<String> steps() {
        return steps;
    }

    void add(String sql) {
        steps.add(sql);
    }

    List<String> characteristics() {
        return characteristics;
    }

    /** What is noted as a step too. */
    void characteristic(String sql) {
        characteristics.add(sql);
    }

    /** The serial of the last savepoint set. */
    long serial() {
        return serial;
    }

    /** The serial of a savepoint that stands. */
    long serial(String name) {
        return savepoints.get(indexOf(name)).serial();
    }

    /** SAVEPOINT ran, where the session was as described. */
    void savepoint(String name, String sql, Settings settings, SearchPath.State searchPath) {
        steps.add(sql);
        savepoints.add(new Savepoint(
                ++serial,
                name,
                settings.snapshot(),
                settings.local(),
                searchPath,
                steps.size(),
                characteristics.size()));
    }

    boolean hasSavepoints() {
        return !savepoints.isEmpty();
    }

    boolean has(String name) {
        return indexOf(name) >= 0;
    }

    /** A name that is there several times means the last one. */
    private int indexOf(String name) {
        for (int i = savepoints.size() - 1; i >= 0; i--) {
            if (savepoints.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** The savepoint and those after it are gone; what was done since stays. */
    void release(String name) {
        int at = indexOf(name);
        for (int i = savepoints.size() - 1; i >= at; i--) {
            steps.remove(savepoints.remove(i).steps() - 1);
        }
    }

    /** The savepoint stands; what was done since is gone. */
    Savepoint back(String name) {
        int at = indexOf(name);
        Savepoint savepoint = savepoints.get(at);
        steps.subList(savepoint.steps(), steps.size()).clear();
        characteristics
                .subList(savepoint.characteristics(), characteristics.size())
                .clear();
        savepoints.subList(at + 1, savepoints.size()).clear();
        return savepoint;
    }

    void clear() {
        steps.clear();
        characteristics.clear();
        savepoints.clear();
    }
}
