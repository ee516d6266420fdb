package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows that a write on several shards returns. */
class ReturnedRowsTest {
    private static final int ROWS = 2_000;
    private static final String UPDATE = "UPDATE play0 SET v = 'x' RETURNING k";

    private final SessionRun run = new SessionRun();

    ReturnedRowsTest() {
        StringBuilder data = new StringBuilder();
        for (int key = 1; key <= ROWS; key++) {
            data.append(key).append("\ta\n");
        }
        run.answers(m -> m.query("COPY play0 (k, v) FROM STDIN")
                .copyData(data.toString())
                .copyDone());
    }

    /** Each shard has about a quarter of 30 kB; the client takes no more at 3 kB. */
    @Test
    void aSlowClientHoldsTheServersUp() {
        for (int client = 0; client < 12; client++) {
            List<String> answers = run.answers(m -> m.query(UPDATE));
            assertThat(answers).hasSize(ROWS + 3).endsWith("C UPDATE " + ROWS, "Z I");
        }
        assertThat(run.mostWaiting()).isLessThan(ROWS * 15 / 2);
        assertThat(run.leased()).isZero();
    }

    @Test
    void aRowLimitHandsOutWhatIsHeld() {
        List<String> answers = run.answers(m -> m.parse("", UPDATE)
                .bind("", "", List.of())
                .execute("", 10)
                .execute("", 0)
                .sync());
        assertThat(answers).hasSize(ROWS + 5).contains("s").endsWith("C UPDATE " + (ROWS - 10), "Z I");
    }
}
