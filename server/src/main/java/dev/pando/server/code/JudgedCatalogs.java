package dev.pando.server.code;

import dev.pando.core.topology.Catalog;
import dev.pando.core.topology.HiddenCode;
import dev.pando.core.topology.Oids;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Catalogs of databases that are pooled as they are, of which nothing but the code is known: databases with the same code have the same
 * one, and share their plans. One is remembered as long as some database has it. Used by all threads.
 */
public final class JudgedCatalogs {
    /** Readings at once, of all databases: each may hold {@link ReadingBounds#bytes}. */
    private static final int MOST_READINGS = 2;

    /** No shard map has such epochs, which count downwards. */
    private static final long UNREAD = -1;

    private final ReadingBounds bounds;
    private final Catalog unread = catalog(UNREAD, HiddenCode.UNREAD);
    /** The catalog holds its key. */
    private final Map<HiddenCode, WeakReference<Catalog>> judged = new WeakHashMap<>();

    private long last = UNREAD;
    private int readings;

    public JudgedCatalogs() {
        this(ReadingBounds.USUAL);
    }

    public JudgedCatalogs(ReadingBounds bounds) {
        this.bounds = bounds;
    }

    /** Of each reading. */
    ReadingBounds bounds() {
        return bounds;
    }

    private static Catalog catalog(long epoch, HiddenCode code) {
        return new Catalog(epoch, 1, Map.of(), Map.of(), code, Set.of(), true, Oids.ALIKE);
    }

    /** Of a database whose code has not been read yet. */
    Catalog unread() {
        return unread;
    }

    /** Whether a reading may begin, which {@link #ended} is told of. */
    synchronized boolean admits() {
        if (readings == MOST_READINGS) {
            return false;
        }
        readings++;
        return true;
    }

    synchronized void ended() {
        readings--;
    }

    synchronized Catalog of(HiddenCode code) {
        WeakReference<Catalog> known = judged.get(code);
        Catalog found = known == null ? null : known.get();
        if (found == null) {
            found = catalog(--last, code);
            // With its own key: the one before may belong to a catalog that is gone.
            judged.remove(code);
            judged.put(found.code(), new WeakReference<>(found));
        }
        return found;
    }
}
