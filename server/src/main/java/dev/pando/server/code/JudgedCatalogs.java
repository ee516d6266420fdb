package dev.pando.server.code;

import dev.pando.core.topology.Catalog;
import dev.pando.core.topology.HiddenCode;
import dev.pando.core.topology.Oids;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Catalogs of databases that are pooled as they are, of which nothing but the code is known: databases with the same code have the same
 * one, and share their plans. Used by all threads.
 */
public final class JudgedCatalogs {
    private static final int MOST = 1_000;
    /** No shard map has such epochs, which count downwards. */
    private static final long UNREADABLE = -1;

    private static final long UNREAD = -2;

    private final Catalog unread = catalog(UNREAD, HiddenCode.UNREAD);
    private final Catalog unreadable = catalog(UNREADABLE, HiddenCode.UNKNOWN);
    private final SequencedMap<HiddenCode, Catalog> judged = new LinkedHashMap<>(16, 0.75f, true);
    private long last = UNREAD;

    private static Catalog catalog(long epoch, HiddenCode code) {
        return new Catalog(epoch, 1, Map.of(), Map.of(), code, Set.of(), true, Oids.ALIKE);
    }

    /** Of a database whose code has not been read yet. */
    Catalog unread() {
        return unread;
    }

    /** Of a database whose code cannot be read. */
    Catalog unreadable() {
        return unreadable;
    }

    synchronized Catalog of(HiddenCode code) {
        Catalog known = judged.get(code);
        if (known == null) {
            known = catalog(--last, code);
            judged.put(code, known);
            if (judged.size() > MOST) {
                judged.pollFirstEntry();
            }
        }
        return known;
    }
}
