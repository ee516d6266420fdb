package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Execute with a row limit where several shards answer. */
class PortalTest {
    private static final String ORDERED = "SELECT 'o' AS o, k, v FROM play0 ORDER BY k";

    private final SessionRun run = new SessionRun();

    PortalTest() {
        run.answers(m -> m.query("INSERT INTO play0 (k, v) VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e')"));
    }

    private static Messages open(Messages messages, String portal, String sql) {
        return messages.parse("", sql).bind(portal, "", List.of());
    }

    private long idle() {
        return run.world().pools().stream()
                .mapToLong(pool -> pool.statistics(run.world().nanos()).idle())
                .sum();
    }

    @Test
    void oneRowAndSyncAsDriversFetchIt() {
        assertThat(run.answers(m -> open(m, "", ORDERED).execute("", 1).sync()))
                .containsExactly("1", "2", "D o|1|a", "s", "Z I");
        assertThat(run.leased()).isZero();
    }

    @Test
    void aPortalGoesOnUpToSync() {
        assertThat(run.answers(m -> open(m, "", ORDERED)
                        .execute("", 2)
                        .execute("", 2)
                        .execute("", 0)
                        .execute("", 1)
                        .sync()))
                .containsExactly(
                        "1",
                        "2",
                        "D o|1|a",
                        "D o|2|b",
                        "s",
                        "D o|3|c",
                        "D o|4|d",
                        "s",
                        "D o|5|e",
                        "C SELECT 1",
                        "C SELECT 0",
                        "Z I");
        assertThat(idle()).isEqualTo(4);
    }

    @Test
    void syncOutsideATransactionEndsPortals() {
        assertThat(run.answers(
                        m -> open(m, "p", ORDERED).execute("p", 1).sync(),
                        m -> m.execute("p", 1).sync()))
                .endsWith("s", "Z I", "E 34000 portal \"p\" does not exist", "Z I");
    }

    @Test
    void portalsOfATransactionTakeTurnsAndDoNotSeeLaterWrites() {
        assertThat(run.answers(
                        m -> m.query("BEGIN"),
                        m -> open(m, "p", ORDERED).execute("p", 2).sync(),
                        m -> open(m, "q", ORDERED + " DESC").execute("q", 1).sync(),
                        m -> m.query("DELETE FROM play0"),
                        m -> m.execute("p", 2).execute("q", 1).sync(),
                        m -> m.close('P', "p").execute("q", 0).execute("p", 1).sync(),
                        m -> m.query("ROLLBACK")))
                .containsSubsequence("D o|1|a", "D o|2|b", "s", "Z T", "D o|5|e", "s", "Z T", "C DELETE 5", "Z T")
                .containsSubsequence("D o|3|c", "D o|4|d", "s", "D o|4|d", "s", "Z T", "3", "D o|3|c", "D o|2|b")
                .endsWith("C SELECT 3", "E 34000 portal \"p\" does not exist", "Z E", "C ROLLBACK", "Z I");
        assertThat(run.leased()).isZero();
    }

    @Test
    void offsetLimitAndGroupsAreThoseOfTheWhole() {
        assertThat(run.answers(m -> open(m, "", ORDERED + " LIMIT 3 OFFSET 1")
                        .execute("", 2)
                        .execute("", 2)
                        .sync()))
                .containsExactly("1", "2", "D o|2|b", "D o|3|c", "s", "D o|4|d", "C SELECT 1", "Z I");
        assertThat(run.answers(m -> open(m, "", "SELECT count(*) FROM play0")
                        .execute("", 1)
                        .execute("", 1)
                        .sync()))
                .containsExactly("1", "2", "D 5", "s", "C SELECT 0", "Z I");
    }

    @Test
    void aWriteRunsToItsEndAndItsRowsAreHandedOut() {
        String insert = "INSERT INTO unit0 (k, v) VALUES (1, 'a'), (2, 'b'), (3, 'c') RETURNING k";
        assertThat(run.answers(
                        m -> open(m, "", insert).execute("", 2).execute("", 2).sync()))
                .containsExactly("1", "2", "D 1", "D 2", "s", "D 3", "C INSERT 0 1", "Z I");
        assertThat(run.answers(m -> open(m, "", insert.replace("unit0", "play1"))
                        .execute("", 1)
                        .sync()))
                .containsExactly("1", "2", "D 1", "s", "Z I");
        assertThat(run.answers(m -> m.query("SELECT count(*) FROM play1"))).contains("D 3");
    }

    @Test
    void aPortalThatHasRunDoesNotRunAgain() {
        assertThat(run.answers(m -> open(m, "", ORDERED + " LIMIT 1")
                        .execute("", 0)
                        .execute("", 0)
                        .sync()))
                .containsExactly("1", "2", "D o|1|a", "C SELECT 1", "C SELECT 0", "Z I");
        assertThat(run.answers(m -> open(m, "", "DELETE FROM play0")
                        .execute("", 0)
                        .execute("", 0)
                        .sync()))
                .containsExactly("1", "2", "C DELETE 5", "E 55000 portal \"\" cannot be run", "Z I");
        assertThat(run.answers(m -> m.query("SELECT count(*) FROM play0"))).contains("D 5");
    }

    @Test
    void bindingTheUnnamedPortalAnewClosesItOnTheShards() {
        run.answers(
                m -> m.query("BEGIN"),
                m -> open(m, "", ORDERED).execute("", 1).sync(),
                m -> open(m, "", ORDERED).execute("", 2).sync(),
                m -> open(m, "", ORDERED).execute("", 1).sync(),
                m -> m.query("SELECT 'a' AS word"));
        run.world()
                .servers()
                .forEach(server -> server.connections()
                        .forEach(connection ->
                                assertThat(connection.openPortals()).isEmpty()));
    }

    @Test
    void rollbackToASavepointEndsThePortalsBoundSince() {
        List<String> answers = run.answers(
                m -> m.query("INSERT INTO home0 (k, v) VALUES (1, 'a'), (2, 'b')"),
                m -> m.query("BEGIN"),
                m -> open(open(m, "p", ORDERED).execute("p", 1), "h", "SELECT k, v FROM home0")
                        .execute("h", 1)
                        .sync(),
                m -> m.query("SAVEPOINT a"),
                m -> open(open(m, "q", ORDERED).execute("q", 1), "r", "SELECT k, v FROM home0")
                        .execute("r", 1)
                        .sync(),
                m -> m.query("ROLLBACK TO SAVEPOINT a"),
                m -> m.execute("p", 1).execute("h", 1).execute("q", 1).sync(),
                m -> m.query("ROLLBACK TO SAVEPOINT a"),
                m -> m.execute("p", 1).execute("r", 1).sync(),
                m -> m.query("ROLLBACK"));
        assertThat(answers)
                .containsSubsequence("D o|2|b", "s", "D 2|b", "s", "E 34000 portal \"q\" does not exist", "Z E")
                .containsSubsequence("D o|3|c", "s", "E 34000 portal \"r\" does not exist", "Z E", "C ROLLBACK", "Z I");
        assertThat(run.leased()).isZero();
    }

    @Test
    void rowsOfAWriteThatIsUndoneAreGone() {
        String insert = "INSERT INTO unit0 (k, v) VALUES (1, 'a'), (2, 'b'), (3, 'c') RETURNING k";
        assertThat(run.answers(
                        m -> m.query("BEGIN"),
                        m -> m.query("SAVEPOINT a"),
                        m -> open(m, "p", insert).execute("p", 1).sync(),
                        m -> m.query("ROLLBACK TO SAVEPOINT a"),
                        m -> open(m, "p", insert).execute("p", 2).sync(),
                        m -> m.query("COMMIT")))
                .containsSubsequence("D 1", "s", "C ROLLBACK", "Z T", "1", "2", "D 1", "D 2", "s", "Z T", "C COMMIT");
    }

    @Test
    void openPortalsShareTheMemoryForMerging() {
        run.answers(m -> {
            m.query("COPY play0 (k, v) FROM STDIN");
            for (int key = 10; key < 400; key++) {
                m.copyData(key + "\t" + "x".repeat(5_000) + "\n");
            }
            m.copyDone();
        });
        List<String> answers = run.answers(
                m -> m.query("BEGIN"),
                m -> open(m, "p", ORDERED).execute("p", 30).sync(),
                m -> open(m, "q", ORDERED).execute("q", 30).sync(),
                m -> open(m, "r", ORDERED).execute("r", 30).sync(),
                m -> m.query("ROLLBACK"));
        assertThat(answers.stream().filter(line -> !line.startsWith("D")))
                .containsSubsequence("C BEGIN", "Z T", "1", "2", "s", "Z T", "1", "2", "s", "Z T", "1", "2")
                .anyMatch(line -> line.startsWith("E 53200"))
                .endsWith("Z E", "C ROLLBACK", "Z I");
        assertThat(run.leased()).isZero();
    }
}
