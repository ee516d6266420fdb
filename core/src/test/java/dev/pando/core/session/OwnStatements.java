package dev.pando.core.session;

import java.util.ArrayList;
import java.util.List;

/** Statements by chance, on one client's tables. */
final class OwnStatements {
    private final Chance chance;
    private final int client;
    private final OwnRows own;

    OwnStatements(Chance chance, int client, OwnRows own) {
        this.chance = chance;
        this.client = client;
        this.own = own;
    }

    /** A statement that may stand anywhere. */
    Statement any() {
        return switch (chance.between(0, 9)) {
            case 0, 1, 2 -> keyed();
            case 3, 4 -> insertFresh();
            case 5, 6 -> spread();
            case 7 -> elsewhere();
            case 8 -> setting();
            default -> mishap();
        };
    }

    Statement keyed() {
        String play = own.table("play");
        return switch (chance.between(0, 3)) {
            case 0 -> Statement.of("INSERT INTO " + play + " (k, v) VALUES ($1, $2)", own.key(), own.word());
            case 1 -> Statement.of("SELECT v FROM " + play + " WHERE k = $1", own.key());
            case 2 -> Statement.of("UPDATE " + play + " SET v = $1 WHERE k = $2", own.word(), own.key());
            default -> Statement.of("DELETE FROM " + play + " WHERE k = $1", own.key());
        };
    }

    Statement insertFresh() {
        int rows = chance.between(1, 3);
        List<Object> values = new ArrayList<>();
        List<String> tuples = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            tuples.add("($" + (2 * i + 1) + ", $" + (2 * i + 2) + ")");
            values.add(own.freshKey());
            values.add(own.word());
        }
        String returning = chance.oneIn(3) ? " RETURNING k" : "";
        return new Statement(
                "INSERT INTO " + own.table("unit") + " (k, v) VALUES " + String.join(", ", tuples) + returning, values);
    }

    private Statement spread() {
        String play = own.table("play");
        return switch (chance.between(0, 7)) {
            case 0 -> Statement.of("SELECT k, v FROM " + play);
            case 1 -> Statement.of("SELECT 'o' AS o, k, v FROM " + play + " ORDER BY k");
            case 2 -> Statement.of("SELECT 'o' AS o, k, v FROM " + play + " ORDER BY k DESC LIMIT 3");
            case 3 -> Statement.of("SELECT 'o' AS o, k, v FROM " + play + " ORDER BY k LIMIT 2 OFFSET 1");
            case 4 -> Statement.of("SELECT count(*) FROM " + play);
            case 5 -> Statement.of("UPDATE " + play + " SET v = $1", own.word());
            case 6 -> Statement.of("DELETE FROM " + play);
            default ->
                Statement.of(
                        "INSERT INTO " + play + " (k, v) VALUES ($1, $2), ($3, $4) RETURNING k",
                        own.key(),
                        own.word(),
                        own.key(),
                        own.word());
        };
    }

    private Statement elsewhere() {
        String ref = own.table("ref");
        String home = own.table("home");
        return switch (chance.between(0, 8)) {
            case 6, 7 -> moment();
            case 8 -> lock();
            case 0 -> Statement.of("INSERT INTO " + ref + " (k, v) VALUES ($1, $2)", own.key(), own.word());
            case 1 -> Statement.of("SELECT v FROM " + ref + " WHERE k = $1", own.key());
            case 2 -> Statement.of("SELECT k, v FROM " + ref);
            case 3 -> Statement.of("INSERT INTO " + home + " (k, v) VALUES ($1, $2)", own.key(), own.word());
            case 4 -> Statement.of("SELECT k, v FROM " + home);
            default -> Statement.of("SELECT '" + own.word() + "' AS word");
        };
    }

    /** What a server reads by the session's time zone; the same few texts in all programs, so that sessions meet in their names. */
    private Statement moment() {
        return Statement.of("SELECT 'm" + chance.between(1, 2) + "'::timestamptz::text AS moment");
    }

    /** Each client has a lock of its own, as one that somebody else has would be waited for. */
    private Statement lock() {
        return Statement.of("SELECT pg_advisory_" + chance.of("lock", "unlock", "unlock") + "(" + client + ")");
    }

    private Statement setting() {
        String name = chance.of("work_mem", "lock_timeout", "timezone");
        return switch (chance.between(0, 4)) {
            case 0, 1 -> Statement.of("SET " + name + " TO '" + chance.between(1, 9) + "'");
            case 2 -> Statement.of("RESET " + name);
            default -> Statement.of("SHOW " + name);
        };
    }

    Statement mishap() {
        return switch (chance.between(0, 3)) {
            case 0 -> Statement.of("SELECT nope FROM " + own.table("play"));
            case 1 -> Statement.of("SELEC 1");
            case 2 -> Statement.of("SELECT pg_sleep(1)");
            default -> Statement.of("SELECT 1/0");
        };
    }

    /** Without units, whose outcome several ReadyForQuery would tell. */
    Statement harmless() {
        return switch (chance.between(0, 5)) {
            case 0 -> Statement.of("UPDATE " + own.table("play") + " SET v = $1 WHERE k = $2", own.word(), own.key());
            case 1 -> Statement.of("UPDATE " + own.table(chance.of("play", "home", "ref")) + " SET v = $1", own.word());
            case 2 -> Statement.of("DELETE FROM " + own.table("play") + " WHERE k = $1", own.key());
            case 3 -> Statement.of("SELECT 'o' AS o, k, v FROM " + own.table("play") + " ORDER BY k");
            case 4 -> setting();
            default -> Statement.of("SELECT v FROM " + own.table("play") + " WHERE k = $1", own.key());
        };
    }
}
