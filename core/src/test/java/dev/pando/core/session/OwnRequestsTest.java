package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.wire.FrontendMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What Pando asks of a server on its own account, for the client's statement to find what it expects there, is refused, or the server dies. */
class OwnRequestsTest {
    private static final String WORD = "SELECT 'x' AS word";
    private static final String VIEW = "SELECT name FROM pg_prepared_statements";
    private static final String SEARCH = "SELECT 1 FROM pg_catalog.pg_cursors";
    private static final String DIVISION = "E 22012 division by zero";

    private static final String OWN = "PREPARE p AS SELECT k, v FROM home0";
    private static final String OF_CODE = "SELECT statement FROM pg_catalog.pg_prepared_statements";

    private final SessionRun one = SessionRun.onOneShard();
    private final SessionRun four = new SessionRun();

    private static byte[] query(String sql) {
        return new Messages().query(sql).bytes();
    }

    /** Words by which a message is known: a query's text, or what it is and the name. */
    private static String words(byte[] frame) {
        return switch (Frames.message(frame)) {
            case FrontendMessage.Query query -> new String(query.sql(), StandardCharsets.UTF_8);
            case FrontendMessage.Parse parse -> "Parse " + parse.statement();
            case FrontendMessage.Close close -> "Close " + close.name();
            default -> "";
        };
    }

    /** In place of messages that begin so the server hears what another makes. */
    private record Ear(String beginning, Supplier<byte[]> instead) {}

    private static Ear as(String beginning, String sql) {
        return new Ear(beginning, () -> query(sql));
    }

    /** A message of the extended protocol that fails, up to Sync. */
    private static Ear refused(String beginning) {
        return new Ear(
                beginning,
                () -> new Messages().parse("", "SELECT nope FROM home0").bytes());
    }

    private static void hears(SessionRun run, int shard, Ear... ears) {
        run.world().servers().get(shard).mishears(frame -> {
            for (Ear ear : ears) {
                if (words(frame).startsWith(ear.beginning())) {
                    return ear.instead().get();
                }
            }
            return frame;
        });
    }

    /** The server's connections are gone when it hears this. */
    private static Ear deadly(SessionRun run, int shard, String beginning) {
        return new Ear(beginning, () -> {
            run.world().servers().get(shard).dropAll();
            return query("SELECT 1/0");
        });
    }

    private static boolean namesALostShard(String answer) {
        return answer.startsWith("E 08006 connection to shard ");
    }

    private static int connections(SessionRun run) {
        return run.world().pools().stream()
                .mapToInt(pool -> pool.statistics(run.world().nanos()).connections())
                .sum();
    }

    /** With a statement of its own, in a transaction that has written. */
    private List<String> showing(SessionRun.Step... after) {
        List<SessionRun.Step> steps = new ArrayList<>(List.of(
                m -> m.parse("s", WORD).sync(),
                m -> m.query("BEGIN"),
                m -> m.query("INSERT INTO home0 (k, v) VALUES (1, 'a')"),
                m -> m.query(VIEW)));
        steps.addAll(List.of(after));
        return one.answers(java.util.Map.of(), steps);
    }

    private void goesOn(SessionRun run) {
        hears(run, 0);
        assertThat(run.leased()).isZero();
        assertThat(run.answers(m -> m.query(WORD))).endsWith("D x", "C SELECT 1", "Z I");
    }

    @Test
    void aSavepointThatIsRefusedFailsTheStatement() {
        for (String step : List.of("SAVEPOINT pando_", "RELEASE pando_")) {
            hears(one, 0, as(step, "SELECT 1/0"));
            assertThat(showing(m -> m.query("ROLLBACK")))
                    .as(step)
                    .endsWith("Z T", DIVISION, "Z E", "C ROLLBACK", "Z I");
            assertThat(one.rows(0, "home0")).isEmpty();
            goesOn(one);
        }
    }

    @Test
    void aStatementThatIsRefusedIsLeftOutUnlessItsSavepointIsLost() {
        hears(one, 0, refused("Parse s"), as(VIEW, WORD));
        assertThat(showing(m -> m.query("COMMIT"))).endsWith("D x", "C SELECT 1", "Z T", "C COMMIT", "Z I");
        assertThat(one.rows(0, "home0")).hasSize(1);
        one.answers(m -> m.query("DELETE FROM home0"));
        hears(one, 0, refused("Parse s"), as("ROLLBACK TO", "SELECT 1/0"));
        assertThat(showing(m -> m.query("ROLLBACK")))
                .endsWith("E 25P02 current transaction is aborted", "Z E", "C ROLLBACK", "Z I");
        goesOn(one);
    }

    @Test
    void aServerThatDiesOnTheWayFailsTheTransaction() {
        for (String step : List.of("SAVEPOINT pando_", "Parse s", "RELEASE pando_")) {
            hears(one, 0, deadly(one, 0, step));
            assertThat(showing(m -> m.query("ROLLBACK")))
                    .as(step)
                    .anyMatch(OwnRequestsTest::namesALostShard)
                    .endsWith("Z E", "C ROLLBACK", "Z I");
            assertThat(one.rows(0, "home0")).isEmpty();
            goesOn(one);
        }
    }

    /** The name that clients share for it. */
    private List<String> usedAndShown() {
        return one.answers(
                m -> m.parse("s", WORD).bind("", "s", List.of()).execute("", 0).sync(), m -> m.query(VIEW));
    }

    @Test
    void aConnectionThatDoesNotCloseASharedStatementServesNobodyElse() {
        hears(one, 0, refused("Close pando"));
        assertThat(usedAndShown()).endsWith("C SELECT 1", "Z I", "E 42703 column \"nope\" does not exist", "Z I");
        assertThat(connections(one)).isZero();
        goesOn(one);
        hears(one, 0, deadly(one, 0, "Close pando"));
        assertThat(usedAndShown()).element(5).asString().matches(OwnRequestsTest::namesALostShard);
        goesOn(one);
    }

    @Test
    void aConnectionThatKeepsTheSessionsStatementServesNobodyElse() {
        for (Ear ear : List.of(refused("Close s"), deadly(one, 0, "Close s"))) {
            hears(one, 0, as(VIEW, WORD), ear);
            assertThat(showing(m -> m.query("ROLLBACK"))).endsWith("C SELECT 1", "Z T", "C ROLLBACK", "Z I");
            assertThat(connections(one)).isZero();
            goesOn(one);
        }
    }

    /** Of a cursor that none of its statements has declared. */
    private List<String> fetching(SessionRun.Step... before) {
        List<SessionRun.Step> steps = new ArrayList<>(List.of(before));
        steps.add(m -> m.query("BEGIN"));
        steps.add(m -> m.query("INSERT INTO play0 (k, v) VALUES (" + SessionRun.ONE + ", 'x')"));
        steps.add(m -> m.query("INSERT INTO play0 (k, v) VALUES (" + SessionRun.TWO + ", 'y')"));
        steps.add(m -> m.query("FETCH c"));
        steps.add(m -> m.query("ROLLBACK"));
        return four.answers(java.util.Map.of(), steps);
    }

    private void nothingIsLeft() {
        hears(four, 1);
        hears(four, 2);
        assertThat(four.rows(1, "play0")).isEmpty();
        assertThat(four.rows(2, "play0")).isEmpty();
        goesOn(four);
    }

    @Test
    void theSearchForACursorIsRefused() {
        for (int shard : List.of(1, 2)) {
            hears(four, shard, as(SEARCH, "SELECT 1/0"));
            hears(four, 3 - shard, as(SEARCH, "SELECT v FROM play0 WHERE k = 0"));
            assertThat(fetching()).endsWith("Z T", DIVISION, "Z E", "C ROLLBACK", "Z I");
            nothingIsLeft();
        }
    }

    @Test
    void aServerDiesThatIsAskedForACursor() {
        for (int shard : List.of(1, 2)) {
            hears(four, shard, deadly(four, shard, SEARCH));
            hears(four, 3 - shard, as(SEARCH, "SELECT v FROM play0 WHERE k = 0"));
            assertThat(fetching()).anyMatch(OwnRequestsTest::namesALostShard).endsWith("Z E", "C ROLLBACK", "Z I");
            nothingIsLeft();
        }
    }

    @Test
    void aCursorThatIsOnSeveralShardsIsRefused() {
        for (int shard : List.of(1, 2)) {
            hears(four, shard, as(SEARCH, WORD));
        }
        assertThat(fetching())
                .anyMatch(answer -> answer.startsWith("E 0A000") && answer.contains("which is on several shards"))
                .endsWith("Z E", "C ROLLBACK", "Z I");
        nothingIsLeft();
    }

    @Test
    void aCursorThatIsOneTooManyIsRefused() {
        hears(four, 1, as(SEARCH, WORD));
        hears(four, 2, as(SEARCH, "SELECT v FROM play0 WHERE k = 0"));
        assertThat(fetching(m -> {
                    for (int i = 0; i < 20; i++) {
                        m.parse("s" + i, WORD);
                    }
                    m.sync();
                }))
                .anyMatch(answer -> answer.startsWith("E 53") || answer.startsWith("E 54"))
                .endsWith("Z E", "C ROLLBACK", "Z I");
        nothingIsLeft();
    }

    /** What a DO has PREPAREd is asked for, and becomes the session's own. */
    private List<String> executing() {
        String prepare = "DO $$ BEGIN EXECUTE 'PREPARE p AS SELECT 1'; END $$";
        return one.answers(
                m -> m.query("BEGIN"),
                m -> m.query("INSERT INTO home0 (k, v) VALUES (1, 'a')"),
                m -> m.query(prepare),
                m -> m.query("EXECUTE p"),
                m -> m.query("ROLLBACK"));
    }

    private static Ear told(String text) {
        return as(OF_CODE, "SELECT '" + text + "' AS word");
    }

    @Test
    void aStatementOfCodeThatItsServerKeepsFailsTheTransaction() {
        hears(one, 0, as("DO", WORD), told(OWN), as("DEALLOCATE", "SELECT 1/0"));
        assertThat(executing()).endsWith("Z T", DIVISION, "Z E", "C ROLLBACK", "Z I");
        assertThat(one.rows(0, "home0")).isEmpty();
    }

    @Test
    void aServerThatDiesWithAStatementOfCodeFailsTheTransaction() {
        for (String step : List.of(OF_CODE, "Parse pando", "DEALLOCATE")) {
            hears(one, 0, as("DO", WORD), deadly(one, 0, step), told(OWN));
            assertThat(executing())
                    .as(step)
                    .anyMatch(OwnRequestsTest::namesALostShard)
                    .endsWith("Z E", "C ROLLBACK", "Z I");
            assertThat(one.rows(0, "home0")).isEmpty();
            goesOn(one);
        }
    }

    @Test
    void aTextOfCodeThatNobodyCanReadIsRefused() {
        hears(one, 0, as("DO", WORD), told("SELECT 1"));
        assertThat(executing())
                .anyMatch(answer -> answer.startsWith("E 0A000") && answer.contains("\"p\""))
                .endsWith("Z E", "C ROLLBACK", "Z I");
    }
}
