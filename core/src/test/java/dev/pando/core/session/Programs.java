package dev.pando.core.session;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes programs by chance. Each client works on tables of its own, so that what it sees does not depend on the others. */
final class Programs {
    private final Chance chance;
    private final int client;
    private final Program.Builder program;
    private final ChannelSteps channels;
    private final OwnRows own;
    private final OwnStatements statements;
    private int portals;
    private int prepared;

    private Programs(Chance chance, int client, boolean sharded) {
        this.chance = chance;
        this.client = client;
        this.program = new Program.Builder(sharded);
        this.own = new OwnRows(chance, client, program);
        this.statements = new OwnStatements(chance, client, own);
        this.channels = new ChannelSteps(program, chance, client);
    }

    static Program write(long seed, int client, boolean sharded, boolean deaf) {
        Programs writer = new Programs(new Chance(seed * 31 + client), client, sharded);
        return writer.write(new Chance(~seed * 31).oneIn(4), deaf);
    }

    /** {@code talks}: as the other clients of its world do, so that they hear each other; {@code deaf}: one of them does not read. */
    private Program write(boolean talks, boolean deaf) {
        if (deaf) {
            channels.listenFirst();
        }
        for (int i = chance.between(1, 6); i > 0; i--) {
            if (deaf && chance.oneIn(3)) {
                channels.flood();
            }
            if (talks && !chance.oneIn(3)) {
                channels.add();
                continue;
            }
            switch (chance.between(0, 16)) {
                case 15, 16 -> atOnce();
                case 13 -> channels.add();
                case 14 -> prepared();
                case 0, 1 -> single();
                case 2 -> several();
                case 3, 4 -> transaction();
                case 5, 6, 7 -> burst();
                case 8 -> copy();
                case 9 -> interrupted();
                case 10, 11 -> cursors();
                default -> savepoints();
            }
        }
        return program.build();
    }

    /** A batch with simple queries before its Sync. Its own statements cause no error, after which queries would be discarded. */
    private void interrupted() {
        Messages messages = new Messages();
        int queries = 0;
        boolean block = false;
        for (int i = chance.between(2, 6); i > 0; i--) {
            if (chance.oneIn(3)) {
                queries++;
                String sql = simple(block);
                block |= sql.startsWith("BEGIN");
                messages.query(sql);
            } else if (chance.oneIn(4)) {
                String name = "a" + ++portals;
                messages.parse(name, statements.harmless().sql()).describe('S', name);
                if (chance.oneIn(2)) {
                    messages.flush();
                }
                messages.close('S', name);
            } else {
                Statement statement = statements.harmless();
                String portal = chance.oneIn(3) ? "p" + ++portals : "";
                messages.parse("", statement.sql())
                        .bind(portal, "", parameters(statement))
                        .execute(portal, 0);
            }
        }
        if (chance.oneIn(4)) {
            use(messages, statements.mishap());
        }
        program.interrupted(messages.label(), messages.sync().bytes(), queries);
        if (block) {
            query(chance.of("COMMIT", "ROLLBACK"), true);
        }
    }

    /** A query in the middle of a batch. In a block it must not fail: the batch's next statement would. */
    private String simple(boolean block) {
        return switch (chance.between(0, block ? 3 : 7)) {
            case 0, 1 -> statements.harmless().literal();
            case 2 ->
                statements.harmless().literal() + "; " + statements.harmless().literal();
            case 3 -> "";
            case 4 -> "BEGIN";
            case 5 -> chance.of("COMMIT", "ROLLBACK");
            case 6 -> "SAVEPOINT s1";
            default -> statements.mishap().literal();
        };
    }

    private void query(String sql, boolean wait) {
        Messages messages = new Messages().query(sql);
        program.step(messages.label(), messages.bytes(), 1, wait);
    }

    private void single() {
        if (chance.oneIn(12)) {
            String sql = chance.of("", "DISCARD ALL", "RESET ALL", "PREPARE TRANSACTION 'nothing'");
            if (sql.startsWith("DISCARD")) {
                program.discard();
            }
            query(sql, true);
            return;
        }
        Statement statement = statements.any();
        own.seal(program.segment());
        query(statement.literal(), !chance.oneIn(5));
    }

    private void several() {
        List<String> parts = new ArrayList<>();
        for (int i = chance.between(2, 4); i > 0; i--) {
            parts.add(statements.any().literal());
        }
        boolean block = chance.oneIn(3);
        if (block) {
            parts.addFirst("BEGIN");
            parts.add(chance.oneIn(4) ? "ROLLBACK" : "COMMIT");
        }
        own.seal(program.segment());
        query(String.join("; ", parts), true);
        if (block) {
            query("ROLLBACK", true);
        }
    }

    private void transaction() {
        query(chance.of("BEGIN", "START TRANSACTION", "BEGIN ISOLATION LEVEL READ COMMITTED"), !chance.oneIn(4));
        for (int i = chance.between(1, 4); i > 0; i--) {
            if (chance.oneIn(6)) {
                query("SET LOCAL " + chance.of("work_mem", "timezone") + " TO '" + chance.between(10, 19) + "'", true);
            } else {
                within(statements.any());
            }
        }
        end();
    }

    /** A statement of a transaction, in either protocol. */
    private void within(Statement statement) {
        if (chance.oneIn(2)) {
            query(statement.literal(), !chance.oneIn(4));
        } else {
            Messages messages = new Messages();
            use(messages, statement);
            messages.sync();
            program.step(messages.label(), messages.bytes(), 1, !chance.oneIn(4));
        }
    }

    private void end() {
        String command = chance.oneIn(5) ? "ROLLBACK" : "COMMIT";
        own.seal(program.segment());
        if (chance.oneIn(3)) {
            Messages messages = new Messages()
                    .parse("", command)
                    .bind("", "", List.of())
                    .execute("", 0)
                    .sync();
            program.step(messages.label(), messages.bytes(), 1, true);
        } else {
            query(command, true);
        }
    }

    /** A transaction before one Sync, and perhaps something behind it. Then it has no unit, whose outcome the answer would not tell. */
    private void atOnce() {
        Messages messages = new Messages();
        boolean more = chance.oneIn(3);
        command(messages, "BEGIN");
        for (int i = chance.between(0, 4); i > 0; i--) {
            use(messages, more || chance.oneIn(3) ? statements.keyed() : statements.any());
        }
        own.seal(program.segment());
        command(messages, chance.oneIn(5) ? "ROLLBACK" : "COMMIT");
        if (more) {
            switch (chance.between(0, 2)) {
                case 0 -> messages.flush();
                case 1 -> use(messages, statements.any());
                default -> {
                    command(messages, "BEGIN");
                    use(messages, statements.any());
                    command(messages, chance.of("COMMIT", "ROLLBACK"));
                }
            }
            own.unit().clear();
        }
        program.step(messages.sync().label(), messages.bytes(), 1, !chance.oneIn(4));
        query("ROLLBACK", true);
    }

    private void command(Messages messages, String sql) {
        messages.parse("", sql).bind("", "", List.of());
        if (chance.oneIn(3)) {
            messages.describe('P', "");
        }
        messages.execute("", 0);
    }

    /** Prepared by the client. What another client of PostgreSQL would have to wait for is not touched. */
    private void prepared() {
        query("BEGIN", !chance.oneIn(4));
        for (int i = chance.between(1, 3); i > 0; i--) {
            within(statements.insertFresh());
        }
        if (chance.oneIn(8)) {
            within(statements.mishap());
        }
        if (chance.oneIn(8)) {
            query(ChannelSteps.unpreparable(chance), true);
        }
        PreparedSteps.add(program, chance, "p" + client + "_" + ++prepared, own.table("unit"), own.unit());
        own.unit().clear();
    }

    private void savepoints() {
        query("BEGIN", true);
        Set<Long> kept = new HashSet<>();
        for (int i = chance.between(1, 2); i > 0; i--) {
            if (chance.oneIn(2)) {
                within(statements.any());
            }
            query("SAVEPOINT s" + i, true);
            kept.addAll(own.unit());
            own.unit().clear();
            within(chance.oneIn(3) ? statements.mishap() : statements.any());
            boolean back = chance.oneIn(2);
            query((back ? "ROLLBACK TO SAVEPOINT s" : "RELEASE SAVEPOINT s") + i, true);
            if (back) {
                own.unit().clear();
            } else {
                kept.addAll(own.unit());
            }
            own.unit().clear();
        }
        own.unit().addAll(kept);
        end();
    }

    /** Parse, Bind, perhaps Describe, Execute. */
    private void use(Messages messages, Statement statement) {
        // What a name already stands for is checked last, after the statement: Pando checks it first.
        boolean named = !statement.sql().startsWith("SELECT nope") && chance.oneIn(3);
        String name = named ? "s" + chance.between(1, 5) : "";
        String portal = chance.oneIn(5) ? "p" + ++portals : "";
        if (named && chance.oneIn(4)) {
            messages.close('S', name);
        }
        messages.parse(name, statement.sql());
        if (chance.oneIn(4)) {
            messages.describe('S', name);
        }
        messages.bind(portal, name, parameters(statement));
        if (chance.oneIn(3)) {
            messages.describe('P', portal);
        }
        if (chance.oneIn(6)) {
            messages.flush();
        }
        messages.execute(portal, 0);
        if (!portal.isEmpty() && chance.oneIn(2)) {
            messages.close('P', portal);
        }
    }

    private List<Object> parameters(Statement statement) {
        boolean binary = chance.oneIn(2);
        return statement.parameters().stream()
                .map(value -> value instanceof Long && !binary ? (Object) value.toString() : value)
                .toList();
    }

    /** Extended messages with one or more Syncs, sent without waiting. */
    private void burst() {
        Messages messages = new Messages();
        int syncs = chance.between(1, 3);
        for (int i = 0; i < syncs; i++) {
            for (int uses = chance.between(0, 3); uses > 0; uses--) {
                if (chance.oneIn(8)) {
                    fetch(messages);
                } else {
                    use(messages, statements.any());
                }
            }
            own.seal(program.segment() + i);
            messages.sync();
        }
        program.step(messages.label(), messages.bytes(), syncs, !chance.oneIn(4));
    }

    /** Reads a portal in pieces. */
    private void fetch(Messages messages) {
        Statement statement = readable();
        messages.parse("", statement.sql()).bind("", "", parameters(statement));
        for (int i = chance.between(1, 4); i > 0; i--) {
            messages.execute("", chance.between(0, 4));
        }
    }

    /** Rows in an order that one server would have, too, and a piece of them is the same piece. */
    private Statement readable() {
        String play = own.table("play");
        return switch (chance.between(0, 6)) {
            case 0 -> Statement.of("SELECT k, v FROM " + own.table(chance.of("home", "ref")));
            case 1 -> Statement.of("SELECT count(*) FROM " + play);
            case 2 ->
                Statement.of(
                        "INSERT INTO " + play + " (k, v) VALUES ($1, $2), ($3, $4), ($5, $6) RETURNING k",
                        own.key(),
                        own.word(),
                        own.key(),
                        own.word(),
                        own.key(),
                        own.word());
            case 3 -> Statement.of("SELECT 'o' AS o, k, v FROM " + play + " ORDER BY k LIMIT 5 OFFSET 1");
            case 4 -> Statement.of("SELECT 'o' AS o, k, v FROM " + play + " ORDER BY k DESC");
            default -> Statement.of("SELECT 'o' AS o, k, v FROM " + play + " ORDER BY k");
        };
    }

    /** Portals read in turns, among other statements of their transaction. */
    private void cursors() {
        query("BEGIN", !chance.oneIn(4));
        List<String> open = new ArrayList<>();
        for (int steps = chance.between(1, 4); steps > 0; steps--) {
            Messages messages = new Messages();
            for (int i = chance.between(1, 4); i > 0; i--) {
                cursor(messages, open);
            }
            messages.sync();
            program.step(messages.label(), messages.bytes(), 1, !chance.oneIn(4));
            if (chance.oneIn(5)) {
                query(statements.harmless().literal(), true);
            }
        }
        end();
    }

    private void cursor(Messages messages, List<String> open) {
        if (open.isEmpty() || chance.oneIn(4)) {
            Statement statement = readable();
            String kind = statement.sql().startsWith("INSERT") ? "w" : "p";
            String portal = chance.oneIn(4) ? "" : kind + ++portals;
            messages.parse("", statement.sql())
                    .bind(portal, "", parameters(statement))
                    .execute(portal, chance.between(0, 3));
            if (portal.isEmpty()) {
                messages.execute("", chance.between(0, 3));
            } else {
                open.add(portal);
            }
            return;
        }
        String portal = chance.pick(open);
        switch (chance.between(0, 7)) {
            case 0 -> {
                messages.close('P', portal);
                open.removeIf(portal::equals);
            }
            case 1 -> use(messages, statements.harmless());
            case 2 -> {
                if (portal.startsWith("p")) {
                    messages.describe('P', portal);
                }
            }
            default -> messages.execute(portal, chance.between(0, 3));
        }
    }

    private void copy() {
        String kind = chance.of("play", "unit", "unit", "home", "ref");
        String table = own.table(kind);
        if (chance.oneIn(4)) {
            query("COPY " + own.table(chance.of("play", "home")) + " (k, v) TO STDOUT", true);
            return;
        }
        String sql = "COPY " + table + " (k, v) FROM STDIN";
        StringBuilder rows = new StringBuilder();
        for (int i = chance.between(0, 30); i > 0; i--) {
            rows.append(kind.equals("unit") ? own.freshKey() : own.key() + 100L * i)
                    .append('\t')
                    .append(own.word().repeat(chance.between(1, 20)))
                    .append('\n');
        }
        if (chance.oneIn(5)) {
            rows.append("7\n");
        }
        own.seal(program.segment());
        Messages data = new Messages();
        int cut = chance.between(0, rows.length());
        data.copyData(rows.substring(0, cut)).copyData(rows.substring(cut));
        if (chance.oneIn(6)) {
            data.copyFail();
        } else {
            data.copyDone();
        }
        CopySteps.add(program, chance.between(0, 3), sql, data);
    }
}
