package dev.pando.lint.fact;

import dev.pando.lab.oracle.Relation;
import java.util.OptionalLong;

/**
 * Work in proportion to a table that was there before the migration.
 *
 * @param bytes of the table, empty when nobody knows
 * @param times how many indexes are built; 1 of the other kinds
 */
public record Work(Kind kind, Relation table, OptionalLong bytes, int times) {
    public enum Kind {
        SCAN("scans"),
        INDEX_BUILD("builds an index on"),
        REWRITE("rewrites");

        private final String verb;

        Kind(String verb) {
            this.verb = verb;
        }
    }

    public double seconds(Speeds speeds) {
        int speed = switch (kind) {
            case SCAN -> speeds.scan();
            case INDEX_BUILD -> speeds.build();
            case REWRITE -> speeds.rewrite();
        };
        return times * bytes.orElse(0) / 1e6 / Math.max(1, speed);
    }

    /** What it does to the table, which follows. */
    public String verb() {
        return times == 1 ? kind.verb : "builds " + times + " indexes on";
    }
}
