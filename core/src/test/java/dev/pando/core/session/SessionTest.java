package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The main flows of a session, message by message, in a world of four shards without faults. */
class SessionTest {
    private static final long ONE = SessionRun.ONE;
    private static final long TWO = SessionRun.TWO;

    private final SessionRun run = new SessionRun();

    private List<String> answers(SessionRun.Step... steps) {
        return run.answers(steps);
    }

    private List<String> batch(int earned, SessionRun.Step step) {
        return run.batch(earned, step);
    }

    private Map<Long, String> rows(int shard, String table) {
        return run.rows(shard, table);
    }

    @Test
    void aStatementWithItsKeyTouchesOneShard() {
        assertThat(answers(m -> m.query("INSERT INTO play0 (k, v) VALUES (" + ONE + ", 'x')")))
                .containsExactly("C INSERT 0 1", "Z I");
        assertThat(rows(1, "play0")).containsEntry(ONE, "x");
        assertThat(run.world().pools().stream()
                        .map(pool -> pool.statistics(run.world().nanos()).idle())
                        .toList())
                .containsExactly(0, 1, 0, 0);
    }

    @Test
    void aConnectionGoesBackAfterEachTransaction() {
        answers(m -> m.query("BEGIN"), m -> m.query("SELECT v FROM play0 WHERE k = " + ONE));
        assertThat(run.leased()).isEqualTo(1);
        run.world()
                .pools()
                .forEach(pool -> assertThat(pool.statistics(run.world().nanos()).waiting())
                        .isZero());
        assertThat(answers(m -> m.query("BEGIN; SELECT v FROM play0 WHERE k = " + ONE + "; COMMIT")))
                .containsExactly("C BEGIN", "T [v 25 0]", "C SELECT 0", "C COMMIT", "Z I");
        assertThat(run.leased()).isEqualTo(1);
    }

    @Test
    void rowsOfSeveralShardsComeBackInOrder() {
        assertThat(answers(
                        m -> m.query(
                                "INSERT INTO play0 (k, v) VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd') RETURNING k"),
                        m -> m.query("SELECT 'o' AS o, k, v FROM play0 ORDER BY k DESC LIMIT 2")))
                .containsExactly(
                        "T [k 20 0]",
                        "D 1",
                        "D 2",
                        "D 3",
                        "D 4",
                        "C INSERT 0 4",
                        "Z I",
                        "T [o 25 0, k 20 0, v 25 0]",
                        "D o|4|d",
                        "D o|3|c",
                        "C SELECT 2",
                        "Z I");
    }

    @Test
    void aTransactionOverTwoShardsIsDecidedOnHome() {
        assertThat(answers(
                        m -> m.query("BEGIN"),
                        m -> m.query("INSERT INTO unit0 (k, v) VALUES (" + ONE + ", 'x')"),
                        m -> m.query("INSERT INTO unit0 (k, v) VALUES (" + TWO + ", 'y')"),
                        m -> m.query("COMMIT")))
                .containsExactly("C BEGIN", "Z T", "C INSERT 0 1", "Z T", "C INSERT 0 1", "Z T", "C COMMIT", "Z I");
        assertThat(rows(1, "unit0")).containsOnlyKeys(ONE);
        assertThat(rows(2, "unit0")).containsOnlyKeys(TWO);
        assertThat(run.world().servers().getFirst().database().outcome("g1")).isTrue();
        assertThat(run.leased()).isZero();
    }

    @Test
    void anErrorOnOneShardUndoesTheOther() {
        assertThat(answers(
                        m -> m.query("INSERT INTO unit0 (k, v) VALUES (" + TWO + ", 'first')"),
                        m -> m.query("INSERT INTO unit0 (k, v) VALUES (" + ONE + ", 'x'), (" + TWO + ", 'y')")))
                .element(2)
                .asString()
                .startsWith("E 23505");
        assertThat(rows(1, "unit0")).isEmpty();
        assertThat(rows(2, "unit0")).containsEntry(TWO, "first");
    }

    @Test
    void rowsOfAnInsertAreNotAnnouncedWhenItsLastShardRefusesThem() {
        assertThat(answers(
                        m -> m.query("INSERT INTO play0 (k, v) VALUES (" + TWO + ", 'x')"),
                        m -> m.query(
                                "INSERT INTO play0 (k, v) VALUES (" + ONE + ", 'y'), (" + TWO + ", 'z') RETURNING k")))
                .containsExactly(
                        "C INSERT 0 1",
                        "Z I",
                        "E 23505 duplicate key value violates unique constraint \"play0_pkey\"",
                        "Z I");
    }

    @Test
    void afterAnErrorAPipelineIsSkippedUpToSync() {
        assertThat(answers(m -> m.parse("", "SELECT 1/0")
                        .bind("", "", List.of())
                        .execute("", 0)
                        .parse("s1", "SELECT v FROM play0 WHERE k = $1")
                        .bind("", "s1", List.of(ONE))
                        .execute("", 0)
                        .sync()))
                .containsExactly("1", "2", "E 22012 division by zero", "Z I");
    }

    @Test
    void aPipelineOverShardsIsOneTransaction() {
        assertThat(answers(m -> m.parse("", "INSERT INTO unit0 (k, v) VALUES ($1, $2)")
                        .bind("", "", List.of(ONE, "x"))
                        .execute("", 0)
                        .bind("", "", List.of(TWO, "y"))
                        .execute("", 0)
                        .parse("", "SELECT 1/0")
                        .bind("", "", List.of())
                        .execute("", 0)
                        .sync()))
                .containsExactly(
                        "1", "2", "C INSERT 0 1", "2", "C INSERT 0 1", "1", "2", "E 22012 division by zero", "Z I");
        assertThat(rows(1, "unit0")).isEmpty();
        assertThat(rows(2, "unit0")).isEmpty();
    }

    @Test
    void aPreparedStatementWorksOnEveryConnection() {
        SessionRun.Step read =
                m -> m.bind("", "s1", List.of(TWO)).execute("", 0).sync();
        assertThat(answers(
                        m -> m.parse("s1", "SELECT v FROM play0 WHERE k = $1")
                                .bind("", "s1", List.of(ONE))
                                .execute("", 0)
                                .sync(),
                        read,
                        read))
                .containsExactly("1", "2", "C SELECT 0", "Z I", "2", "C SELECT 0", "Z I", "2", "C SELECT 0", "Z I");
    }

    @Test
    void deallocateEndsTheClientsStatementsAndLeavesTheServersAlone() {
        String insert = "INSERT INTO play0 (k, v) VALUES ($1, $2)";
        assertThat(answers(
                        m -> m.parse("s", insert).parse("t", insert).sync(),
                        m -> m.query("DEALLOCATE s"),
                        m -> m.bind("", "s", List.of(ONE, "x")).sync(),
                        m -> m.bind("", "t", List.of(ONE, "x")).execute("", 0).sync(),
                        m -> m.parse("", "DEALLOCATE ALL")
                                .bind("", "", List.of())
                                .execute("", 0)
                                .sync(),
                        m -> m.bind("", "t", List.of(ONE, "x")).sync(),
                        m -> m.query("DEALLOCATE t"),
                        m -> m.parse("t", insert)
                                .bind("", "t", List.of(TWO, "y"))
                                .execute("", 0)
                                .sync()))
                .containsExactly(
                        "1",
                        "1",
                        "Z I",
                        "C DEALLOCATE",
                        "Z I",
                        "E 26000 prepared statement \"s\" does not exist",
                        "Z I",
                        "2",
                        "C INSERT 0 1",
                        "Z I",
                        "1",
                        "2",
                        "C DEALLOCATE ALL",
                        "Z I",
                        "E 26000 prepared statement \"t\" does not exist",
                        "Z I",
                        "E 26000 prepared statement \"t\" does not exist",
                        "Z I",
                        "1",
                        "2",
                        "C INSERT 0 1",
                        "Z I");
    }

    @Test
    void copyIsDealtOutWithoutWaitingForItsAnswer() {
        assertThat(answers(m -> m.query("COPY unit0 (k, v) FROM STDIN")
                        .copyData(ONE + "\tx\n" + TWO)
                        .copyData("\ty\n")
                        .copyDone()))
                .containsExactly("G", "C COPY 2", "Z I");
        assertThat(rows(1, "unit0")).containsEntry(ONE, "x");
        assertThat(rows(2, "unit0")).containsEntry(TWO, "y");
    }

    @Test
    void settingsFollowTheSessionAndNobodyElse() {
        assertThat(run.answers(
                        Map.of("work_mem", "7"),
                        List.of(
                                m -> m.query("SET lock_timeout TO '5'"),
                                m -> m.query("SELECT v FROM play0 WHERE k = " + ONE),
                                m -> m.query("SHOW lock_timeout"),
                                m -> m.query("ROLLBACK"),
                                m -> m.query("RESET work_mem"),
                                m -> m.query("SHOW work_mem"))))
                .containsSubsequence("D 5", "N 25P01", "C ROLLBACK", "C RESET", "D 7");
        assertThat(answers(m -> m.query("SHOW lock_timeout"), m -> m.query("SHOW work_mem")))
                .containsSubsequence("D 0", "D 4MB");
    }

    @Test
    void rollbackToASavepointBringsSettingsBack() {
        assertThat(answers(
                        m -> m.query("BEGIN; SELECT v FROM play0 WHERE k = " + ONE),
                        m -> m.query("SAVEPOINT s; SET work_mem TO '9'; SELECT 1/0"),
                        m -> m.query("ROLLBACK TO SAVEPOINT s; COMMIT"),
                        m -> m.query("SHOW work_mem")))
                .containsSubsequence(
                        "E 22012 division by zero", "Z E", "C ROLLBACK", "C COMMIT", "Z I", "D 4MB", "Z I");
    }

    @Test
    void rollbackBringsTheSearchPathBackThatStatementsAreRoutedBy() {
        assertThat(answers(
                        m -> m.query("INSERT INTO play0 (k, v) VALUES (" + ONE + ", 'there')"),
                        m -> m.query("BEGIN; SET search_path TO 'elsewhere'; ROLLBACK"),
                        m -> m.query("SELECT v FROM play0 WHERE k = " + ONE)))
                .containsSubsequence("C ROLLBACK", "D there", "Z I");
    }

    @Test
    void rollbackToASavepointBringsTheSearchPathBack() {
        assertThat(answers(
                        m -> m.query("INSERT INTO play0 (k, v) VALUES (" + ONE + ", 'there')"),
                        m -> m.query("BEGIN; SELECT v FROM play0 WHERE k = " + ONE),
                        m -> m.query("SAVEPOINT s; SET search_path TO 'elsewhere'; ROLLBACK TO SAVEPOINT s"),
                        m -> m.query("SELECT v FROM play0 WHERE k = " + ONE + "; COMMIT")))
                .containsSubsequence("C ROLLBACK", "D there", "C COMMIT", "Z I");
    }

    private static Messages insert(Messages messages, long key) {
        return messages.parse("", "INSERT INTO play0 (k, v) VALUES ($1, 'x')")
                .bind("", "", List.of(key))
                .execute("", 0);
    }

    private static Messages fail(Messages messages) {
        return messages.parse("", "SELECT 1/0").bind("", "", List.of()).execute("", 0);
    }

    @Test
    void aSimpleQueryBeforeSyncJoinsTheBatch() {
        assertThat(batch(
                        2,
                        m -> fail(insert(m, ONE).query("SELECT v FROM play0 WHERE k = " + TWO))
                                .sync()))
                .containsExactly(
                        "1",
                        "2",
                        "C INSERT 0 1",
                        "T [v 25 0]",
                        "C SELECT 0",
                        "Z T",
                        "1",
                        "2",
                        "E 22012 division by zero",
                        "Z I");
        assertThat(rows(1, "play0")).isEmpty();
    }

    @Test
    void whatASimpleQueryWritesBeforeSyncIsUndoneWithTheBatch() {
        assertThat(batch(
                        2,
                        m -> fail(m.parse("", "SELECT v FROM play0 WHERE k = $1")
                                        .bind("", "", List.of(ONE))
                                        .execute("", 0)
                                        .query("INSERT INTO play0 (k, v) VALUES (" + TWO + ", 'y')"))
                                .sync()))
                .endsWith("C INSERT 0 1", "Z T", "1", "2", "E 22012 division by zero", "Z I");
        assertThat(rows(2, "play0")).isEmpty();
    }

    @Test
    void aSimpleQueryBeforeAnythingWasExecutedCommitsByItself() {
        assertThat(batch(
                        2,
                        m -> fail(m.parse("s1", "SELECT v FROM play0 WHERE k = $1")
                                        .describe('S', "s1")
                                        .flush()
                                        .bind("p", "s1", List.of(ONE))
                                        .query("INSERT INTO play0 (k, v) VALUES (" + TWO + ", 'y')")
                                        .execute("p", 0))
                                .sync()))
                .containsExactly(
                        "1",
                        "t 20",
                        "T [v 25 0]",
                        "2",
                        "C INSERT 0 1",
                        "Z I",
                        "E 34000 portal \"p\" does not exist",
                        "Z I");
        assertThat(rows(2, "play0")).containsEntry(TWO, "y");
    }

    @Test
    void severalStatementsInOneQueryCommitWhatTheBatchDid() {
        assertThat(batch(
                        2,
                        m -> fail(insert(m, ONE).query("SELECT 'a' AS word; SELECT 'b' AS word"))
                                .sync()))
                .containsSubsequence("D b", "C SELECT 1", "Z I", "E 22012 division by zero", "Z I");
        assertThat(rows(1, "play0")).containsEntry(ONE, "x");
    }

    @Test
    void anErrorOfASimpleQueryUndoesTheBatchButSkipsNothing() {
        assertThat(batch(2, m -> insert(insert(m, ONE).query("SELECT 1/0"), TWO).sync()))
                .containsSubsequence("E 22012 division by zero", "Z I", "1", "2", "C INSERT 0 1", "Z I");
        assertThat(rows(1, "play0")).isEmpty();
        assertThat(rows(2, "play0")).containsEntry(TWO, "x");
    }

    @Test
    void afterAnErrorASimpleQueryIsDiscardedUpToSync() {
        assertThat(batch(
                        1,
                        m -> fail(insert(m, ONE))
                                .query("INSERT INTO play0 (k, v) VALUES (" + TWO + ", 'y')")
                                .sync()))
                .containsExactly("1", "2", "C INSERT 0 1", "1", "2", "E 22012 division by zero", "Z I");
        assertThat(rows(2, "play0")).isEmpty();
    }

    @Test
    void aSimpleQueryEndsTheUnnamedStatement() {
        assertThat(batch(
                        2,
                        m -> m.parse("", "SELECT v FROM play0 WHERE k = $1")
                                .query("SELECT 'a' AS word")
                                .bind("", "", List.of(ONE))
                                .sync()))
                .containsExactly(
                        "1",
                        "T [word 25 0]",
                        "D a",
                        "C SELECT 1",
                        "Z I",
                        "E 26000 unnamed prepared statement does not exist",
                        "Z I");
    }

    @Test
    void beginInASimpleQueryTakesTheBatchIntoTheBlock() {
        assertThat(batch(
                        3,
                        m -> insert(insert(m, ONE).query("BEGIN"), TWO).sync().query("ROLLBACK")))
                .containsExactly(
                        "1",
                        "2",
                        "C INSERT 0 1",
                        "C BEGIN",
                        "Z T",
                        "1",
                        "2",
                        "C INSERT 0 1",
                        "Z T",
                        "C ROLLBACK",
                        "Z I");
        assertThat(rows(1, "play0")).isEmpty();
        assertThat(rows(2, "play0")).isEmpty();
    }

    private List<String> afterAlter(SessionRun.Step prepare, String shape, SessionRun.Step use) {
        Program.Builder program = new Program.Builder();
        for (SessionRun.Step step : List.<SessionRun.Step>of(prepare, m -> m.query("SELECT pg_sleep(1)"), use)) {
            Messages messages = new Messages();
            step.accept(messages);
            program.step(messages.label(), messages.bytes(), 1, true);
        }
        run.world().agenda().after(3_000, () -> run.world().alter(shape));
        return run.answers(Map.of(), program.build());
    }

    @Test
    void aDescribedStatementDoesNotAnswerWithOtherColumns() {
        List<String> answers = afterAlter(
                m -> m.parse("s1", "SELECT shape FROM home0")
                        .describe('S', "s1")
                        .sync(),
                "figure",
                m -> m.bind("", "s1", List.of()).execute("", 0).sync());
        assertThat(answers)
                .contains("T [shape 25 0]")
                .endsWith("E 0A000 cached plan must not change result type", "Z I");
    }

    @Test
    void describingSuchAStatementAgainTellsOfIt() {
        List<String> answers = afterAlter(
                m -> m.parse("s1", "SELECT shape FROM home0")
                        .bind("", "s1", List.of())
                        .describe('P', "")
                        .sync(),
                "figure",
                m -> m.describe('S', "s1").sync());
        assertThat(answers).endsWith("E 0A000 cached plan must not change result type", "Z I");
    }

    @Test
    void aChangeThatLeavesTheColumnsIsNotNoticed() {
        List<String> answers = afterAlter(
                m -> m.parse("s1", "SELECT shape FROM home0")
                        .describe('S', "s1")
                        .sync(),
                "shape",
                m -> m.bind("", "s1", List.of()).execute("", 0).sync());
        assertThat(answers).endsWith("2", "D round", "C SELECT 1", "Z I");
    }

    @Test
    void savepointsHoldOnEveryShardAndOnThoseThatJoinLater() {
        assertThat(answers(
                        m -> m.query("BEGIN; INSERT INTO unit0 (k, v) VALUES (" + ONE + ", 'kept')"),
                        m -> m.query("SAVEPOINT a; SET work_mem TO '9'"),
                        m -> m.query("INSERT INTO unit0 (k, v) VALUES (" + TWO + ", 'undone'); SHOW work_mem"),
                        m -> m.query("SAVEPOINT b; SELECT 1/0"),
                        m -> m.query("ROLLBACK TO SAVEPOINT a; SHOW work_mem"),
                        m -> m.query("RELEASE SAVEPOINT b"),
                        m -> m.query("ROLLBACK TO SAVEPOINT a; RELEASE SAVEPOINT a"),
                        m -> m.query("INSERT INTO unit0 (k, v) VALUES (" + TWO + ", 'kept too'); COMMIT")))
                .filteredOn(answer -> !answer.startsWith("T") && !answer.startsWith("Z"))
                .containsExactly(
                        "C BEGIN",
                        "C INSERT 0 1",
                        "C SAVEPOINT",
                        "C SET",
                        "C INSERT 0 1",
                        "D 9",
                        "C SHOW",
                        "C SAVEPOINT",
                        "E 22012 division by zero",
                        "C ROLLBACK",
                        "D 4MB",
                        "C SHOW",
                        "E 3B001 savepoint \"b\" does not exist",
                        "C ROLLBACK",
                        "C RELEASE",
                        "C INSERT 0 1",
                        "C COMMIT");
        assertThat(rows(1, "unit0")).containsEntry(ONE, "kept");
        assertThat(rows(2, "unit0")).containsEntry(TWO, "kept too");
        assertThat(run.leased()).isZero();
    }

    @Test
    void savepointsNeedABlock() {
        assertThat(batch(2, m -> insert(m, ONE).query("SAVEPOINT s").sync()))
                .containsSubsequence("E 25P01 SAVEPOINT can only be used in transaction blocks", "Z I", "Z I");
        assertThat(rows(1, "play0")).isEmpty();
    }

    @Test
    void aQueryWhereCopyDataIsDueBreaksTheProtocol() {
        Messages messages = new Messages().parse("", "COPY play0 (k, v) FROM STDIN");
        messages.bind("", "", List.of()).execute("", 0).flush().query("SELECT 'a' AS word");
        Program.Builder program = new Program.Builder();
        program.step("query in COPY", messages.bytes(), 1, true);
        Script script = run.run(Map.of(), program.build());
        assertThat(script.wasHungUpOn()).isTrue();
        assertThat(script.answers()).last().asString().startsWith("E 08P01");
    }
}
