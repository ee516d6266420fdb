package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.wire.FrontendMessage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What servers hear of a transaction before they have answered any of it. */
class FlightTest {
    private static final String WORD = "SELECT 'x' AS word";
    private static final String INSERT = "INSERT INTO home0 (k, v) VALUES ($1, $2)";
    private static final String WROTE = "C INSERT 0 1";
    private static final int MICROS = 1_000_000;

    private final SessionRun one = SessionRun.onOneShard();
    private final SessionRun four = new SessionRun();

    private static Messages command(Messages messages, String sql) {
        return messages.parse("", sql).bind("", "", List.of()).execute("", 0);
    }

    private static Messages insert(Messages messages, long key) {
        return messages.parse("", INSERT).bind("", "", List.of(key, "x")).execute("", 0);
    }

    private static Messages insertThere(Messages messages, long key) {
        return messages.parse("", "INSERT INTO play0 (k, v) VALUES ($1, $2)")
                .bind("", "", List.of(key, "x"))
                .execute("", 0);
    }

    /** The letters of messages that a shard's server hears while it says nothing, and what the client gets in the end. */
    private record Flight(String heard, List<String> answers) {}

    /** Says nothing for a while from the first message on that is not the pool's, which is an empty query. */
    private static final class Silence {
        private final SessionRun run;
        private final ModelServer server;
        private final StringBuilder heard = new StringBuilder();
        private long end;

        Silence(SessionRun run, int shard) {
            this.run = run;
            this.server = run.world().servers().get(shard);
        }

        byte[] hears(byte[] frame) {
            long now = run.world().agenda().now();
            if (end == 0 && !Arrays.equals(frame, new Messages().query("").bytes())) {
                end = now + MICROS;
                server.connections().forEach(link -> link.stall(false, MICROS));
            }
            if (now < end) {
                heard.append((char) frame[0]);
            }
            return frame;
        }
    }

    private static Flight flight(SessionRun run, int shard, SessionRun.Step... steps) {
        // There is a connection, and the tables are empty.
        run.answers(
                m -> insert(m, -1).sync(),
                m -> insertThere(m, SessionRun.ONE).sync(),
                m -> insertThere(m, SessionRun.TWO).sync(),
                m -> m.query("DELETE FROM home0"),
                m -> m.query("DELETE FROM play0"));
        Silence silence = new Silence(run, shard);
        silence.server.mishears(silence::hears);
        List<String> answers = run.answers(steps);
        silence.server.mishears(frame -> frame);
        assertThat(run.leased()).isZero();
        return new Flight(silence.heard.toString(), answers);
    }

    @Test
    void aTransactionThatIsSentAtOnceIsOneFlight() {
        for (String end : List.of("COMMIT", "END", "ROLLBACK")) {
            Flight flight = flight(one, 0, m -> {
                command(m, "BEGIN");
                insert(insert(m, 1), 2);
                command(m, end).sync();
            });
            boolean commits = !end.equals("ROLLBACK");
            assertThat(flight.heard()).as(end).isEqualTo("PBE" + "PBE" + "PBE" + "PBE" + "S");
            assertThat(flight.answers())
                    .containsExactly(
                            "1",
                            "2",
                            "C BEGIN",
                            "1",
                            "2",
                            WROTE,
                            "1",
                            "2",
                            WROTE,
                            "1",
                            "2",
                            commits ? "C COMMIT" : "C ROLLBACK",
                            "Z I");
            assertThat(one.rows(0, "home0")).hasSize(commits ? 2 : 0);
        }
    }

    @Test
    void beginDoesNotKeepAQueryWaiting() {
        Flight flight = flight(one, 0, m -> m.query("BEGIN READ ONLY"), m -> m.query(WORD), m -> m.query("COMMIT"));
        assertThat(flight.heard()).isEqualTo("PBE" + "Q");
        assertThat(one.heard(0)).endsWith("BEGIN READ ONLY", WORD, "COMMIT");
        assertThat(flight.answers()).endsWith("D x", "C SELECT 1", "Z T", "C COMMIT", "Z I");
    }

    @Test
    void whatSeveralShardsHaveToAgreeOnIsAskedFirst() {
        Flight flight = flight(four, 2, m -> {
            command(m, "BEGIN");
            insertThere(insertThere(m, SessionRun.ONE), SessionRun.TWO);
            command(m, "COMMIT").sync();
        });
        assertThat(flight.heard()).isEqualTo("PBE" + "PBE" + "H");
        assertThat(flight.answers()).endsWith("C COMMIT", "Z I");
        assertThat(four.heard(2)).anyMatch(sql -> sql.startsWith("PREPARE TRANSACTION"));
    }

    @Test
    void whatIsHeardFromCommitOnIsListenedToBefore() {
        Flight flight = flight(one, 0, m -> {
            command(m, "BEGIN");
            command(m, "LISTEN channel1");
            insert(m, 1);
            command(m, "COMMIT").sync();
        });
        assertThat(flight.heard()).isEqualTo("PBE" + "PBE" + "H");
        assertThat(flight.answers()).endsWith("C COMMIT", "Z I");
    }

    @Test
    void commitDoesNotWaitForSync() {
        Flight flight = flight(one, 0, m -> {
            command(m, "BEGIN");
            insert(m, 1);
            command(m, "COMMIT");
            command(m, "BEGIN");
            insert(m, 2);
            command(m, "COMMIT").sync();
        });
        assertThat(flight.heard()).as("its own Sync").isEqualTo("PBE" + "PBE" + "PBE" + "S");
        assertThat(flight.answers()).containsOnlyOnce("Z I").endsWith(WROTE, "1", "2", "C COMMIT", "Z I");
        assertThat(one.rows(0, "home0")).hasSize(2);
    }

    @Test
    void whatIsSentWithoutSyncIsCommitted() {
        Messages messages = new Messages();
        command(messages, "BEGIN");
        insert(messages, 1);
        command(messages, "COMMIT");
        Program.Builder program = new Program.Builder();
        program.step(messages.label(), messages.bytes(), 0, false);
        one.run(Map.of(), program.build());
        assertThat(one.rows(0, "home0")).hasSize(1);
    }

    @Test
    void anErrorLeavesTheTransactionOpen() {
        Flight flight = flight(
                one,
                0,
                m -> {
                    command(m, "BEGIN");
                    insert(insert(m, 1), 1);
                    command(m, "COMMIT").sync();
                },
                m -> command(m, "COMMIT").sync());
        assertThat(flight.answers())
                .containsSubsequence("C BEGIN", WROTE, "Z E", "1", "2", "C ROLLBACK", "Z I")
                .anyMatch(answer -> answer.startsWith("E 23505"));
        assertThat(one.rows(0, "home0")).isEmpty();
    }

    /** Behind a BEGIN that its server refuses a statement must not run by itself. */
    @Test
    void nothingRunsBehindABeginThatIsRefused() {
        ModelServer server = one.world().servers().getFirst();
        String refused = "E 42703 column \"nope\" does not exist";
        one.answers(m -> m.parse("s", INSERT).sync());
        server.mishears(frame -> {
            boolean begin = Frames.message(frame) instanceof FrontendMessage.Parse parse
                    && new String(parse.sql(), StandardCharsets.UTF_8).startsWith("BEGIN");
            return begin ? new Messages().parse("", "SELECT nope FROM home0").bytes() : frame;
        });
        assertThat(one.answers(
                        m -> m.query("BEGIN"),
                        m -> m.query("INSERT INTO home0 (k, v) VALUES (1, 'x')"),
                        m -> m.query(WORD),
                        m -> m.query("ROLLBACK")))
                .filteredOn(answer -> !answer.startsWith("E 25P02"))
                .containsExactly("C BEGIN", "Z T", refused, "Z E", "Z E", "C ROLLBACK", "Z I");
        assertThat(one.rows(0, "home0")).isEmpty();
        assertThat(one.answers(
                        m -> m.parse("s", INSERT).sync(),
                        m -> {
                            command(m, "BEGIN");
                            m.bind("", "s", List.of(1L, "x")).execute("", 0);
                            command(m, "COMMIT").sync();
                        },
                        m -> m.query("ROLLBACK"),
                        m -> m.bind("", "s", List.of(1L, "x")).execute("", 0).sync()))
                .containsExactly(
                        "1", "Z I", "1", "2", "C BEGIN", refused, "Z E", "C ROLLBACK", "Z I", "2", WROTE, "Z I");
        assertThat(one.leased()).isZero();
    }

    /** The server is gone when it hears Sync, and has not said anything before. */
    private List<String> lostAtSync(String sql) {
        one.answers(m -> m.query(WORD));
        ModelServer server = one.world().servers().getFirst();
        server.mishears(frame -> {
            if (frame[0] == 'S') {
                server.dropAll();
            }
            return frame;
        });
        List<String> answers = one.answers(
                m -> {
                    command(m, "BEGIN");
                    command(m, sql);
                    command(m, "COMMIT").sync();
                },
                m -> m.query("SELECT 1/0"),
                m -> m.query("COMMIT"));
        assertThat(one.leased()).isZero();
        return answers;
    }

    @Test
    void aServerThatIsLostBeforeItsAnswerLeavesCommitInDoubt() {
        List<String> answers = lostAtSync("INSERT INTO home0 (k, v) VALUES (1, 'x')");
        assertThat(answers).element(3).asString().startsWith("E 08007");
        assertThat(answers).element(4).isEqualTo("Z I");
        assertThat(answers).endsWith("N 25P01", "C COMMIT", "Z I");
    }

    /** As of a server that is told to end behind COMMIT: it says so, and is gone. */
    @Test
    void whatIsCommittedStaysSoWhenAnErrorFollows() {
        one.answers(m -> m.query(WORD));
        ModelServer server = one.world().servers().getFirst();
        server.mishears(frame -> {
            if (frame[0] != 'S') {
                return frame;
            }
            one.world().agenda().after(MICROS, server::dropAll);
            return command(new Messages(), "SELECT nope FROM home0").bytes();
        });
        List<String> answers = one.answers(
                m -> {
                    command(m, "BEGIN");
                    insert(m, 1);
                    command(m, "COMMIT").sync();
                },
                m -> m.query("COMMIT"));
        assertThat(answers)
                .containsSubsequence(
                        "C COMMIT", "E 42703 column \"nope\" does not exist", "Z I", "N 25P01", "C COMMIT", "Z I");
        assertThat(one.rows(0, "home0")).hasSize(1);
        assertThat(one.leased()).isZero();
    }

    @Test
    void whoHasOnlyReadIsToldThatTheServerIsLost() {
        List<String> answers = lostAtSync(WORD);
        assertThat(answers).element(3).asString().startsWith("E 08006");
        assertThat(answers).element(4).isEqualTo("Z E");
        assertThat(answers).endsWith("C ROLLBACK", "Z I");
    }
}
