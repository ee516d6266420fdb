package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The client's unnamed portal lives on its server while Pando and other portals use the same connection. */
class UnnamedPortalTest {
    private static final String ROWS = "SELECT k, v FROM home0";

    private final SessionRun run = new SessionRun();

    UnnamedPortalTest() {
        run.answers(
                m -> m.query("INSERT INTO home0 (k, v) VALUES (1, 'a'), (2, 'b'), (3, 'c')"),
                m -> m.query("INSERT INTO play0 (k, v) VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e')"));
    }

    private static Messages open(Messages messages, String portal, String sql) {
        return messages.parse("", sql).bind(portal, "", List.of());
    }

    @Test
    void aWriteOnSeveralShardsLeavesItWhereItWas() {
        assertThat(run.answers(m -> open(open(m, "", ROWS).execute("", 1), "p", "UPDATE play0 SET v = 'x'")
                        .execute("p", 0)
                        .execute("", 10)
                        .sync()))
                .containsExactly("1", "2", "D 1|a", "s", "1", "2", "C UPDATE 5", "D 2|b", "D 3|c", "C SELECT 2", "Z I");
        assertThat(run.leased()).isZero();
    }

    @Test
    void aReadOfSeveralShardsLeavesAWriteToBeRun() {
        String insert = "INSERT INTO home0 (k, v) VALUES (4, 'd')";
        assertThat(run.answers(m -> open(open(m, "", insert), "p", "SELECT count(*) FROM play0")
                        .execute("p", 0)
                        .execute("", 0)
                        .sync()))
                .containsExactly("1", "2", "1", "2", "D 5", "C SELECT 1", "C INSERT 0 1", "Z I");
        assertThat(run.rows(0, "home0")).containsKey(4L);
    }

    @Test
    void savepointsAndSettingsLeaveItToo() {
        assertThat(run.answers(
                        m -> m.query("BEGIN"),
                        m -> open(open(m, "", ROWS).execute("", 1), "p", "SAVEPOINT a")
                                .execute("p", 0)
                                .sync(),
                        m -> open(m.execute("", 1), "q", "SET work_mem TO '5MB'")
                                .execute("q", 0)
                                .execute("", 1)
                                .execute("", 1)
                                .sync(),
                        m -> m.query("COMMIT")))
                .containsSubsequence("D 1|a", "s", "C SAVEPOINT", "Z T", "D 2|b", "s", "C SET", "D 3|c", "s")
                .containsSubsequence("C SELECT 0", "Z T", "C COMMIT", "Z I");
    }

    @Test
    void aStatementOfPandosThatFailedIsNotInTheWay() {
        String insert = "INSERT INTO play0 (k, v) VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e')";
        String bound = "SELECT v FROM play0 WHERE k = " + SessionRun.ONE;
        assertThat(run.answers(
                        m -> m.query("BEGIN"),
                        m -> open(m, "", bound).sync(),
                        m -> open(open(m, "s", "SAVEPOINT a").execute("s", 0), "p", insert)
                                .execute("p", 0)
                                .sync(),
                        m -> open(m, "q", "ROLLBACK TO SAVEPOINT a")
                                .execute("q", 0)
                                .execute("", 0)
                                .sync(),
                        m -> m.query("COMMIT")))
                .anyMatch(answer -> answer.startsWith("E 23505"))
                .containsSubsequence("Z E", "1", "2", "C ROLLBACK", "C SELECT 1", "Z T", "C COMMIT", "Z I");
    }

    @Test
    void aSimpleQueryEndsIt() {
        assertThat(run.answers(
                        m -> m.query("BEGIN"),
                        m -> open(m, "", ROWS).execute("", 1).sync(),
                        m -> m.query("SELECT count(*) FROM play0"),
                        m -> m.execute("", 1).sync()))
                .endsWith("E 34000 portal \"\" does not exist", "Z E");
    }
}
