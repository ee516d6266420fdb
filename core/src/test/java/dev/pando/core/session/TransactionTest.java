package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How transactions begin, and what else is a message of its own kind: the function call. */
class TransactionTest {
    private static final long ONE = SessionRun.ONE;
    private static final String REFUSED = "E 0A000";

    private final SessionRun run = new SessionRun();

    private static Messages insert(Messages messages, long key) {
        return messages.parse("", "INSERT INTO play0 (k, v) VALUES ($1, $2)")
                .bind("", "", List.of(key, "x"))
                .execute("", 0);
    }

    @Test
    void aFunctionCallGoesToTheOnlyShard() {
        SessionRun one = SessionRun.onOneShard();
        assertThat(one.answers(
                        m -> m.functionCall(2026),
                        m -> m.query("BEGIN"),
                        m -> m.functionCall(2026),
                        m -> m.query("COMMIT")))
                .containsSubsequence("V", "Z I", "C BEGIN", "Z T", "V", "Z T", "C COMMIT", "Z I");
    }

    @Test
    void amongSeveralShardsAFunctionCallRunsAtHome() {
        List<String> answers = run.answers(m -> m.functionCall(2026), m -> m.query("SELECT v FROM home1 WHERE k = 1"));
        assertThat(answers).startsWith("V", "Z I").endsWith("Z I", "T [v 25 0]", "C SELECT 0", "Z I");
        assertThat(run.heard(1)).isEmpty();
    }

    @Test
    void aFunctionCallThatChangesTheSessionUnseenIsRefused() {
        List<String> answers = run.answers(m -> m.functionCall(2078), m -> m.query("SELECT v FROM home1 WHERE k = 1"));
        assertThat(answers.getFirst()).startsWith(REFUSED);
        assertThat(answers).endsWith("Z I", "T [v 25 0]", "C SELECT 0", "Z I");
    }

    /** PostgreSQL refuses a level after a query; the server that ran it is asked. */
    @Test
    void anIsolationLevelReachesTheServersOfTheTransactionThatBecomesABlock() {
        run.batch(
                2,
                m -> insert(m, ONE).query("BEGIN ISOLATION LEVEL SERIALIZABLE").sync());
        assertThat(run.heard(1)).contains("BEGIN ISOLATION LEVEL SERIALIZABLE");
    }

    /** It was prepared on home alone, and the client was told of success. */
    @Test
    void aClientsPrepareTransactionIsRefusedForSeveralShards() {
        List<String> answers = run.answers(
                m -> m.query("BEGIN"),
                m -> insert(m, ONE).sync(),
                m -> m.query("PREPARE TRANSACTION 'mine'"),
                m -> m.query("ROLLBACK"));
        assertThat(answers).anyMatch(line -> line.startsWith("E 0A000")).doesNotContain("C PREPARE TRANSACTION");
        assertThat(run.world().servers().getFirst().database().prepared()).isEmpty();
    }

    /** What came next ran, and was committed, by itself. */
    @Test
    void aPrepareTransactionThatIsRefusedAtOnceFailsTheTransaction() {
        SessionRun one = SessionRun.onOneShard();
        List<String> answers = one.answers(
                m -> m.query("BEGIN"),
                m -> m.query("PREPARE TRANSACTION 'on a standby'"),
                m -> insert(m, ONE).sync(),
                m -> m.query("ROLLBACK"));
        assertThat(answers)
                .extracting(line -> line.startsWith("E") ? line.substring(0, 7) : line)
                .containsExactly("C BEGIN", "Z T", "E 25006", "Z E", "E 25P02", "Z E", "C ROLLBACK", "Z I");
    }

    @Test
    void aLevelOfSnapshotsIsRefusedForSeveralShards() {
        List<String> answers = run.batch(
                2,
                m -> insert(insert(m, ONE), SessionRun.TWO)
                        .query("BEGIN ISOLATION LEVEL REPEATABLE READ")
                        .sync());
        assertThat(answers).anyMatch(answer -> answer.startsWith(REFUSED));
        assertThat(run.rows(1, "play0")).isEmpty();
    }

    @Test
    void aChainedTransactionIsLikeTheOneBefore() {
        run.answers(
                m -> m.query("BEGIN ISOLATION LEVEL SERIALIZABLE"),
                m -> m.query("COMMIT AND CHAIN"),
                m -> m.query("SELECT v FROM play0 WHERE k = " + ONE),
                m -> m.query("COMMIT"));
        assertThat(run.heard(1)).contains("BEGIN ISOLATION LEVEL SERIALIZABLE");
    }

    @Test
    void whatWasSetForTheTransactionHoldsInTheOneChained() {
        String set = "SET LOCAL transaction_read_only TO 'on'";
        run.answers(
                m -> m.query("BEGIN READ WRITE"),
                m -> m.query("SAVEPOINT a"),
                m -> m.query("SET LOCAL transaction_deferrable TO 'on'"),
                m -> m.query("ROLLBACK TO SAVEPOINT a"),
                m -> m.query(set),
                m -> m.query("COMMIT AND CHAIN"),
                m -> m.query("ROLLBACK AND CHAIN"),
                m -> m.query("SELECT v FROM play0 WHERE k = " + ONE),
                m -> m.query("COMMIT"),
                m -> m.query("SELECT v FROM play0 WHERE k = " + SessionRun.TWO));
        assertThat(run.heard(1)).containsSubsequence("BEGIN READ WRITE", set);
        assertThat(run.heard(1)).noneMatch(sql -> sql.contains("deferrable"));
        assertThat(run.heard(2)).doesNotContain(set);
    }

    @Test
    void chainNeedsATransactionBlock() {
        assertThat(run.answers(
                        m -> m.query("COMMIT AND CHAIN"),
                        m -> m.query("ROLLBACK AND CHAIN"),
                        m -> m.query("SELECT 'a' AS word; COMMIT AND CHAIN")))
                .containsSubsequence(
                        "E 25P01 COMMIT AND CHAIN can only be used in transaction blocks",
                        "Z I",
                        "E 25P01 ROLLBACK AND CHAIN can only be used in transaction blocks",
                        "Z I",
                        "E 25P01 COMMIT AND CHAIN can only be used in transaction blocks",
                        "Z I");
        assertThat(run.leased()).isZero();
    }

    @Test
    void beginWithinAQueryStringKeepsItsOptions() {
        run.answers(m -> m.query("BEGIN READ ONLY; SELECT v FROM play0 WHERE k = " + ONE + "; COMMIT"));
        assertThat(run.heard(1)).contains("BEGIN READ ONLY");
    }

    @Test
    void theTimeoutOfTransactionsIsASettingAsOthers() {
        run.answers(m -> m.query("SET transaction_timeout TO '5s'"));
        assertThat(run.answers(
                        m -> m.query("BEGIN"),
                        m -> m.query("SELECT v FROM home1 WHERE k = 1"),
                        m -> m.query("SHOW transaction_timeout"),
                        m -> m.query("COMMIT")))
                .contains("D ")
                .doesNotContain("D 5s");
    }

    @Test
    void nothingRunsBehindTerminate() {
        String insert = "INSERT INTO home1 (k, v) VALUES (1, 'a')";
        for (int i = 0; i < 10; i++) {
            Program.Builder program = new Program.Builder();
            Messages messages = new Messages()
                    .query("BEGIN")
                    .query("SELECT v FROM home1 WHERE k = 1")
                    .terminate()
                    .query(insert);
            program.step(messages.label(), messages.bytes(), 3, true);
            assertThat(run.run(Map.of(), program.build()).readies()).isEqualTo(2);
        }
        assertThat(run.heard(0)).doesNotContain(insert);
        assertThat(run.leased()).isZero();
    }
}
