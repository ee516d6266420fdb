package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Settings that a function changes belong to the session that called it, wherever it goes, and to no other. */
class LeftBehindTest {
    private final SessionRun run = SessionRun.onOneShard();

    @Test
    void aFunctionsSettingGoesWithItsSession() {
        assertThat(run.answers(m -> m.query("SELECT secretly('work_mem', '7')"), m -> m.query("SHOW work_mem")))
                .containsExactly(
                        "T [secretly 25 0]", "D 7", "C SELECT 1", "Z I", "T [setting 25 0]", "D 7", "C SHOW", "Z I");
        assertThat(run.answers(m -> m.query("SHOW work_mem"))).element(1).isEqualTo("D 4MB");
        assertThat(run.leased()).isZero();
        assertThat(looks()).isEqualTo(1);
    }

    @Test
    void inTheExtendedProtocolToo() {
        assertThat(run.answers(
                        m -> m.parse("", "SELECT secretly('work_mem', '7')")
                                .bind("", "", List.of())
                                .execute("", 0)
                                .sync(),
                        m -> m.query("SHOW work_mem")))
                .endsWith("D 7", "C SHOW", "Z I");
        assertThat(run.answers(m -> m.query("SHOW work_mem"))).element(1).isEqualTo("D 4MB");
    }

    @Test
    void whatIsRolledBackIsNot() {
        assertThat(run.answers(
                        m -> m.query("BEGIN"),
                        m -> m.query("SELECT secretly('work_mem', '7')"),
                        m -> m.query("ROLLBACK"),
                        m -> m.query("SHOW work_mem")))
                .endsWith("D 4MB", "C SHOW", "Z I");
        assertThat(looks()).isEqualTo(1);
    }

    @Test
    void aStatementThatLeavesNothingIsNotLookedAfter() {
        run.answers(
                m -> m.query("SELECT 'x' AS word"), m -> m.query("SET work_mem TO '5'"), m -> m.query("SELECT 1/0"));
        assertThat(looks()).isZero();
    }

    private long looks() {
        return run.heard(0).stream()
                .filter(sql -> sql.startsWith("(SELECT 'SETTINGS'"))
                .count();
    }
}
