package dev.pando.core.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Short programs for the many clients of a crowd. They share a few tables and each keeps to keys of its own; texts, settings' values and
 * literals are the same few for all, so that sessions meet in plans, in settings of connections, and in names of prepared statements.
 */
final class CrowdPrograms {
    private static final int KEYS_EACH = 1_000;

    private final Chance chance;
    private final int client;
    private final boolean transactions;
    private final Program.Builder program = new Program.Builder();
    private long fresh;
    private int names;

    private CrowdPrograms(Chance chance, int client, boolean transactions) {
        this.chance = chance;
        this.client = client;
        this.transactions = transactions;
        this.fresh = (long) KEYS_EACH * (client + 1) + 100;
    }

    /** {@code transactions}: whether transaction blocks and what needs them may come. */
    static Program write(long seed, int client, boolean transactions) {
        return new CrowdPrograms(new Chance(seed * 7_919 + client), client, transactions).write();
    }

    private Program write() {
        for (int i = chance.between(2, 5); i > 0; i--) {
            switch (chance.between(0, transactions ? 9 : 6)) {
                case 0, 1 -> run(statement());
                case 2 -> run(setting());
                case 3 -> moment();
                case 4 -> several();
                case 5 -> pipeline();
                case 6 -> run(mishap());
                case 7 -> lock();
                case 8 -> unit();
                default -> transaction();
            }
        }
        return program.build();
    }

    private String table(String kind) {
        return kind + client % SimulatedPlans.CLIENTS;
    }

    private long key() {
        return (long) KEYS_EACH * (client + 1) + chance.between(1, 4);
    }

    private String word() {
        return "w" + chance.between(1, 9);
    }

    private Statement statement() {
        String play = table("play");
        return switch (chance.between(0, 4)) {
            case 0, 1 -> Statement.of("INSERT INTO " + play + " (k, v) VALUES ($1, $2)", key(), word());
            case 2 -> Statement.of("SELECT v FROM " + play + " WHERE k = $1", key());
            case 3 -> Statement.of("UPDATE " + play + " SET v = $1 WHERE k = $2", word(), key());
            default -> Statement.of("DELETE FROM " + play + " WHERE k = $1", key());
        };
    }

    private Statement setting() {
        String name = chance.of("work_mem", "timezone");
        return switch (chance.between(0, 3)) {
            case 0, 1 -> Statement.of("SET " + name + " TO '" + chance.between(1, 3) + "'");
            case 2 -> Statement.of("RESET " + name);
            default -> Statement.of("SHOW " + name);
        };
    }

    private Statement mishap() {
        return chance.oneIn(2) ? Statement.of("SELECT 1/0") : Statement.of("SELECT pg_sleep(1)");
    }

    private void query(String sql) {
        Messages messages = new Messages().query(sql);
        program.step(messages.label(), messages.bytes(), 1, !chance.oneIn(4));
    }

    private void run(Statement statement) {
        if (chance.oneIn(2)) {
            query(statement.literal());
            return;
        }
        Messages messages = new Messages();
        add(messages, statement);
        messages.sync();
        program.step(messages.label(), messages.bytes(), 1, true);
    }

    private void add(Messages messages, Statement statement) {
        String name = chance.oneIn(2) ? "s" + ++names : "";
        messages.parse(name, statement.sql())
                .bind("", name, statement.parameters())
                .execute("", 0);
    }

    /** A literal whose sense depends on a setting, in a statement that the server prepares under a name that sessions may share. */
    private void moment() {
        if (chance.oneIn(2)) {
            query("SET timezone TO '" + chance.between(1, 3) + "'");
        }
        Messages messages = new Messages();
        for (int i = chance.between(1, 2); i > 0; i--) {
            String name = "m" + ++names;
            messages.parse(name, "SELECT 'm" + chance.between(1, 2) + "'::timestamptz::text AS moment")
                    .bind("", name, List.of())
                    .execute("", 0)
                    .close('S', name);
        }
        messages.sync();
        program.step(messages.label(), messages.bytes(), 1, true);
    }

    private void several() {
        query(statement().literal() + "; " + setting().literal() + "; "
                + statement().literal());
    }

    /** Several batches under way. */
    private void pipeline() {
        Messages messages = new Messages();
        int syncs = chance.between(1, 3);
        for (int i = 0; i < syncs; i++) {
            add(messages, statement());
            if (chance.oneIn(2)) {
                add(messages, statement());
            }
            messages.sync();
        }
        program.step(messages.label(), messages.bytes(), syncs, true);
    }

    /** Keeps its connection meanwhile; some leave it to their end. */
    private void lock() {
        query("SELECT pg_advisory_lock(" + client + ")");
        run(statement());
        if (!chance.oneIn(8)) {
            query("SELECT pg_advisory_unlock(" + client + ")");
        }
    }

    /** Rows that must be there all or not at all. */
    private void unit() {
        Set<Long> keys = new TreeSet<>();
        List<String> parts = new ArrayList<>();
        for (int i = chance.between(1, 3); i > 0; i--) {
            keys.add(++fresh);
            parts.add("INSERT INTO " + table("unit") + " (k, v) VALUES (" + fresh + ", '" + word() + "')");
        }
        if (chance.oneIn(2)) {
            program.unit(table("unit"), keys, program.segment());
            query(String.join("; ", parts));
            return;
        }
        query("BEGIN");
        parts.forEach(this::query);
        program.unit(table("unit"), keys, program.segment());
        query(chance.oneIn(5) ? "ROLLBACK" : "COMMIT");
    }

    private void transaction() {
        query("BEGIN");
        boolean savepoint = chance.oneIn(3);
        if (chance.oneIn(4)) {
            local();
        }
        if (savepoint) {
            query("SAVEPOINT s1");
        }
        for (int i = chance.between(1, 3); i > 0; i--) {
            switch (chance.between(0, 5)) {
                case 0 -> run(setting());
                case 1 -> local();
                case 2 -> moment();
                case 3 -> run(mishap());
                case 4 -> {
                    local();
                    query(chance.of("RESET timezone", "SET timezone TO '1'"));
                    moment();
                }
                default -> run(statement());
            }
        }
        if (savepoint && chance.oneIn(2)) {
            query("ROLLBACK TO SAVEPOINT s1");
            moment();
        }
        query(chance.oneIn(5) ? "ROLLBACK" : "COMMIT");
    }

    private void local() {
        query("SET LOCAL timezone TO '" + chance.between(1, 3) + "'");
    }
}
