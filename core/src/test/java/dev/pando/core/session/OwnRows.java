package dev.pando.core.session;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** Names of one client's tables, and what it stores in them. */
final class OwnRows {
    private final Chance chance;
    private final int client;
    private final Program.Builder program;
    private long fresh = 1_000;
    private int words;
    /** Keys inserted by the segment in the making. */
    private final Set<Long> unit = new TreeSet<>();

    OwnRows(Chance chance, int client, Program.Builder program) {
        this.chance = chance;
        this.client = client;
        this.program = program;
    }

    String table(String kind) {
        return kind + client;
    }

    long key() {
        return chance.between(1, 20);
    }

    long freshKey() {
        fresh++;
        unit.add(fresh);
        return fresh;
    }

    String word() {
        return "w" + ++words;
    }

    Set<Long> unit() {
        return unit;
    }

    /** The keys inserted so far belong to the answer that ends with this segment. */
    void seal(int segment) {
        if (!unit.isEmpty()) {
            program.unit(table("unit"), new HashSet<>(unit), segment);
            unit.clear();
        }
    }
}
