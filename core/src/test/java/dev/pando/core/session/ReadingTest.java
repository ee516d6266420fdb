package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A literal has the sense that its own session's settings give it, although sessions share what a server has prepared. */
class ReadingTest {
    private static final SessionRun.Step MOMENT = m -> m.parse("m", "SELECT 'm1'::timestamptz::text AS moment")
            .bind("", "m", List.of())
            .execute("", 0)
            .sync();

    private final SessionRun run = SessionRun.onOneShard();

    /** What a new session reads after these statements. */
    private String reads(String... before) {
        List<SessionRun.Step> steps = new ArrayList<>();
        for (String sql : before) {
            steps.add(m -> m.query(sql));
        }
        steps.add(MOMENT);
        steps.add(m -> m.query("ROLLBACK"));
        return run.answers(Map.of(), steps).stream()
                .filter(line -> line.startsWith("D "))
                .reduce("", (first, second) -> second);
    }

    @Test
    void sessionsWithOtherSettingsReadOtherwise() {
        assertThat(reads("SET timezone TO '3'")).isEqualTo("D m1 in 3");
        assertThat(reads("SET timezone TO '4'")).isEqualTo("D m1 in 4");
        assertThat(reads()).isEqualTo("D m1 in UTC");
    }

    @Test
    void setLocalThatASavepointTookBackIsNotReadBy() {
        assertThat(reads("BEGIN", "SAVEPOINT s", "SET LOCAL timezone TO '3'", "ROLLBACK TO SAVEPOINT s"))
                .isEqualTo("D m1 in UTC");
        assertThat(reads("BEGIN", "SET LOCAL timezone TO '3'")).isEqualTo("D m1 in 3");
    }

    @Test
    void setBehindSetLocalIsAnotherSenseThanSetBeforeIt() {
        assertThat(reads("BEGIN", "SET timezone TO '4'", "SET LOCAL timezone TO '3'"))
                .isEqualTo("D m1 in 3");
        assertThat(reads("BEGIN", "SET LOCAL timezone TO '3'", "SET timezone TO '4'"))
                .isEqualTo("D m1 in 4");
    }

    @Test
    void resetBehindSetLocalIsAnotherSense() {
        assertThat(reads("BEGIN", "SET LOCAL timezone TO '3'")).isEqualTo("D m1 in 3");
        assertThat(reads("BEGIN", "SET LOCAL timezone TO '3'", "RESET timezone"))
                .isEqualTo("D m1 in UTC");
        assertThat(reads("BEGIN", "SET LOCAL timezone TO '3'", "RESET ALL")).isEqualTo("D m1 in UTC");
    }

    @Test
    void setLocalEndsWithItsTransactionInTheMiddleOfABatch() {
        List<String> answers = run.answers(m -> m.parse("", "BEGIN")
                .bind("", "", List.of())
                .execute("", 0)
                .parse("", "SET LOCAL timezone TO '3'")
                .bind("", "", List.of())
                .execute("", 0)
                .parse("", "COMMIT")
                .bind("", "", List.of())
                .execute("", 0)
                .parse("m", "SELECT 'm1'::timestamptz::text AS moment")
                .bind("", "m", List.of())
                .execute("", 0)
                .sync());
        assertThat(answers).contains("D m1 in UTC");
        assertThat(reads("BEGIN", "SET LOCAL timezone TO '3'")).isEqualTo("D m1 in 3");
    }
}
