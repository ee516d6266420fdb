package dev.pando.base.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpliceTest {
    @Test
    void replacesInsertsAndRemoves() {
        byte[] sql = "select a from tü where x = 1".getBytes(StandardCharsets.UTF_8);
        byte[] changed = Splice.apply(
                sql,
                List.of(new Splice.Edit(7, 8, "a, b"), new Splice.Edit(14, 17, "\"ü\""), new Splice.Edit(29, 29, "0")));
        assertThat(new String(changed, StandardCharsets.UTF_8)).isEqualTo("select a, b from \"ü\" where x = 10");
        assertThat(Splice.apply(sql, List.of())).isEqualTo(sql);
    }

    @Test
    void editsOutOfOrderOrOutsideAreABug() {
        byte[] sql = "0123456789".getBytes(StandardCharsets.UTF_8);
        List<List<Splice.Edit>> wrong = List.of(
                List.of(new Splice.Edit(5, 6, ""), new Splice.Edit(4, 5, "")),
                List.of(new Splice.Edit(4, 6, ""), new Splice.Edit(5, 7, "")),
                List.of(new Splice.Edit(3, 2, "")),
                List.of(new Splice.Edit(9, 11, "")),
                List.of(new Splice.Edit(-1, 1, "")));
        assertThat(wrong)
                .allSatisfy(edits ->
                        assertThatThrownBy(() -> Splice.apply(sql, edits)).isInstanceOf(PandoException.class));
    }

    @Test
    void agreesWithEditsAppliedFromTheEnd() {
        long seed = 5L;
        var random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] sql = new byte[random.nextInt(40)];
            for (int i = 0; i < sql.length; i++) {
                sql[i] = (byte) ('a' + random.nextInt(26));
            }
            List<Splice.Edit> edits = new ArrayList<>();
            int at = 0;
            while (random.nextInt(4) > 0) {
                int start = at + random.nextInt(sql.length - at + 1);
                int end = start + random.nextInt(sql.length - start + 1);
                edits.add(new Splice.Edit(start, end, "X".repeat(random.nextInt(4))));
                at = end;
            }
            var expected = new StringBuilder(new String(sql, StandardCharsets.UTF_8));
            for (Splice.Edit edit : edits.reversed()) {
                expected.replace(edit.start(), edit.end(), edit.replacement());
            }
            assertThat(new String(Splice.apply(sql, edits), StandardCharsets.UTF_8))
                    .as("seed " + seed + " round " + round)
                    .isEqualTo(expected.toString());
        }
    }
}
