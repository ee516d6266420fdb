package dev.pando.core.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a shard that joins a transaction later has to run after its BEGIN to be where the others are: the settings made so far, and the
 * savepoints that stand, in their order. What is undone or released leaves nothing behind.
 */
final class Prelude {
    /** What ROLLBACK TO goes back to; {@code steps} is how many came up to it, itself included. */
    record Savepoint(String name, Map<String, String> settings, SearchPath.State searchPath, int steps) {}

    private final List<String> steps = new ArrayList<>();
    private final List<Savepoint> savepoints = new ArrayList<>();

    List<String> steps() {
        return steps;
    }

    void add(String sql) {
        steps.add(sql);
    }

    /** SAVEPOINT ran, where the session was as described. */
    void savepoint(String name, String sql, Map<String, String> settings, SearchPath.State searchPath) {
        steps.add(sql);
        savepoints.add(new Savepoint(name, settings, searchPath, steps.size()));
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
        savepoints.subList(at + 1, savepoints.size()).clear();
        return savepoint;
    }

    void clear() {
        steps.clear();
        savepoints.clear();
    }
}
