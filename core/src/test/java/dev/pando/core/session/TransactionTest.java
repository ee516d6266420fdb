package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
    void amongSeveralShardsAFunctionCallIsRefused() {
        List<String> answers = run.answers(m -> m.functionCall(2026), m -> m.query("SELECT v FROM home1 WHERE k = 1"));
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
}
