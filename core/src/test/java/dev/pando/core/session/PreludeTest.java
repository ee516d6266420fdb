package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PreludeTest {
    private final Prelude prelude = new Prelude();
    private final SearchPath.State path = new SearchPath("app").state();

    private void savepoint(String name, String workMem) {
        Settings settings = new Settings();
        settings.set("work_mem", workMem);
        prelude.savepoint(name, "SAVEPOINT " + name, settings, path);
    }

    @Test
    void whatIsReleasedLeavesNothingBehindButWhatWasDoneSince() {
        savepoint("a", "1");
        prelude.add("SET x TO 1");
        savepoint("b", "2");
        prelude.add("SET x TO 2");
        savepoint("c", "3");
        prelude.release("b");
        assertThat(prelude.steps()).isEqualTo(List.of("SAVEPOINT a", "SET x TO 1", "SET x TO 2"));
        assertThat(prelude.has("a")).isTrue();
        assertThat(prelude.has("b")).isFalse();
        assertThat(prelude.has("c")).isFalse();
    }

    @Test
    void goingBackKeepsTheSavepointItself() {
        prelude.add("SET x TO 0");
        savepoint("a", "1");
        prelude.add("SET x TO 1");
        savepoint("b", "2");
        assertThat(prelude.back("a").settings()).containsEntry("work_mem", "1");
        assertThat(prelude.steps()).isEqualTo(List.of("SET x TO 0", "SAVEPOINT a"));
        assertThat(prelude.has("b")).isFalse();
    }

    @Test
    void aNameUsedTwiceMeansTheLaterOneUntilThatIsReleased() {
        savepoint("s", "1");
        savepoint("s", "2");
        assertThat(prelude.back("s").settings()).containsEntry("work_mem", "2");
        prelude.release("s");
        assertThat(prelude.back("s").settings()).containsEntry("work_mem", "1");
        assertThat(prelude.steps()).isEqualTo(List.of("SAVEPOINT s"));
    }

    @Test
    void aThousandOfThemInALoopDoNotGrow() {
        for (int i = 0; i < 1_000; i++) {
            savepoint("row", "1");
            prelude.release("row");
        }
        assertThat(prelude.steps()).isEmpty();
    }
}
