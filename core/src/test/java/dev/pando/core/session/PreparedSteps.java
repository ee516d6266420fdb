package dev.pando.core.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The end of a transaction that the client prepares itself, and what it does about it then. */
final class PreparedSteps {
    private PreparedSteps() {}

    /** {@code keys}: of the rows that the transaction has inserted into {@code table}. */
    static void add(Program.Builder program, Chance chance, String name, String table, Set<Long> keys) {
        int segment = program.segment();
        run(program, chance, "PREPARE TRANSACTION '" + name + "'");
        if (program.sharded() || chance.oneIn(4)) {
            run(program, chance, "ROLLBACK");
        }
        List<Program.Finish> finishes = new ArrayList<>();
        boolean commit = !chance.oneIn(3);
        for (int i = chance.between(0, 3); i > 0; i--) {
            if (chance.oneIn(4)) {
                query(program, "SELECT pg_sleep(1)", true);
            }
            finishes.add(new Program.Finish(commit, program.segment()));
            run(program, chance, (commit ? "COMMIT PREPARED '" : "ROLLBACK PREPARED '") + name + "'");
            commit ^= chance.oneIn(4);
        }
        program.prepared(new Program.Prepared(name, table, Set.copyOf(keys), segment, finishes));
    }

    private static void query(Program.Builder program, String sql, boolean wait) {
        Messages messages = new Messages().query(sql);
        program.step(messages.label(), messages.bytes(), 1, wait);
    }

    private static void run(Program.Builder program, Chance chance, String sql) {
        if (chance.oneIn(2)) {
            query(program, sql, !chance.oneIn(4));
            return;
        }
        Messages messages = new Messages();
        messages.parse("", sql).bind("", "", List.of()).execute("", 0).sync();
        program.step(messages.label(), messages.bytes(), 1, !chance.oneIn(4));
    }
}
