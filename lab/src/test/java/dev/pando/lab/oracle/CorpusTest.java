package dev.pando.lab.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.lab.Major;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CorpusTest {
    @Test
    void aTopicHasSetupsAndStatements() {
        Corpus.Topic topic = Corpus.parse("it", """
                --: setup
                CREATE TABLE t ();
                --: setup from 18
                CREATE TABLE u ();
                --: drop-one
                DROP TABLE t
                --: drop-two
                DROP TABLE t;
                DROP TABLE u
                """);
        assertThat(topic.setup(Major.POSTGRES_17)).containsExactly("CREATE TABLE t ();");
        assertThat(topic.setup(Major.POSTGRES_18)).hasSize(2);
        assertThat(topic.entries())
                .containsExactly(
                        new Corpus.Entry("it/drop-one", "DROP TABLE t"),
                        new Corpus.Entry("it/drop-two", "DROP TABLE t;\nDROP TABLE u"));
    }

    @Test
    void allThatCanBeObservedIsReadAsItWasWritten() {
        Relation table = new Relation("public", "t", RelationKind.TABLE, true);
        Relation index = new Relation("public", "t_i", RelationKind.INDEX, false);
        Observation all = new Observation(
                new Outcome.Observed(),
                List.of(new RelationLock(table, LockMode.SHARE, Role.TARGET)),
                List.of(new FileChange(table, FileChange.Kind.EMPTIED)),
                List.of(new IndexBuild(index, table, false)),
                List.of(new TableRead(table, TableRead.Kind.ALL_BLOCKS)),
                true,
                Set.of(Wait.OLDER_SNAPSHOTS),
                List.of("verifying table \"t\""));
        for (Observation observation :
                List.of(all, Observation.failed("42601", "no  such word"), Observation.unknown("not watched"))) {
            assertThat(ObservationText.read(ObservationText.write(observation))).isEqualTo(observation);
        }
        assertThatThrownBy(() -> ObservationText.read(List.of("guess it is safe")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
