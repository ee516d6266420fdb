package dev.pando.core.sight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatementTableTest {
    @Test
    void statementsOfOneShapeAreOneAndHaveNoLiterals() {
        Watched watched = Watched.usual();
        Watched.Client ann = watched.client();
        ann.runs("SELECT * FROM t WHERE a = 'secret'", 4, 2);
        ann.runs("select  *  from t where a = 'other' -- note", 6, 3);
        watched.client("app", "bob").runs("SELECT * FROM t WHERE a = 'x'", 1, 0);
        assertThat(watched.statements())
                .hasSize(2)
                .allMatch(each -> each.text().equals("select * from t where a = ''"));
        StatementStats anns = watched.statements().stream()
                .filter(each -> each.account().user().equals("ann"))
                .findFirst()
                .orElseThrow();
        assertThat(anns.counts().calls()).isEqualTo(2);
        assertThat(anns.counts().rows()).isEqualTo(5);
        assertThat(anns.total()).isEqualTo(10 * Watched.MILLI);
        assertThat(anns.mean()).isEqualTo(5 * Watched.MILLI);
        assertThat(anns.longest()).isEqualTo(6 * Watched.MILLI);
        assertThat(anns.counts().sent()).isEqualTo(200);
    }

    @Test
    void memoryIsBoundedAndWhatIsDroppedIsCounted() {
        Watched watched = Watched.usual();
        Watched.Client ann = watched.client();
        for (int i = 0; i < 10; i++) {
            ann.runs("SELECT a FROM busy WHERE a = 1", 1, 1);
        }
        for (int i = 0; i < 1_000; i++) {
            ann.runs("SAVEPOINT made_up_" + i, 1, 0);
        }
        SightStats stats = watched.loop().snapshot();
        assertThat(stats.statements()).hasSizeLessThanOrEqualTo(100);
        assertThat(stats.statements().size() + stats.dropped()).isEqualTo(1_001);
        assertThat(stats.droppedCalls()).isEqualTo(stats.dropped());
        assertThat(watched.statement("select a from busy where a = 0").counts().calls())
                .isEqualTo(10);
    }

    @Test
    void whatWasBusyOnceMakesRoomInTheEnd() {
        Watched watched = Watched.usual();
        Watched.Client ann = watched.client();
        for (int i = 0; i < 50; i++) {
            ann.runs("SELECT a FROM yesterday WHERE a = 1", 1, 1);
        }
        for (int i = 0; i < 20_000; i++) {
            ann.runs("SELECT a FROM today_" + i % 110 + " WHERE a = 1", 1, 1);
        }
        assertThat(watched.statements()).noneMatch(each -> each.text().contains("yesterday"));
    }

    @Test
    void longShapesAreToldApartByTheirBeginning() {
        Watched watched = Watched.usual();
        Watched.Client ann = watched.client();
        for (int rows = 200; rows < 300; rows++) {
            ann.runs("INSERT INTO t VALUES (1, 'a')" + ", (1, 'a')".repeat(rows), 1, rows);
        }
        assertThat(watched.statements()).singleElement().satisfies(each -> {
            assertThat(each.counts().calls()).isEqualTo(100);
            assertThat(each.text()).hasSizeLessThan(2_100).endsWith("…");
        });
    }

    @Test
    void neitherPasswordsNorSettingsNorBrokenTextsAreKept() {
        Watched watched = Watched.usual();
        Watched.Client ann = watched.client();
        ann.runs("ALTER ROLE ann PASSWORD 'hunter2'", 1, 0);
        ann.runs("ALTER ROLE ann PASSWORD $$hunter2$$", 1, 0);
        ann.runs("SET app.token TO hunter2", 1, 0);
        ann.runs("SET app.token = hunter2", 1, 0);
        ann.runs("ALTER ROLE ann PASSWORD 'hunter2", 1, 0);
        assertThat(watched.statements().stream().map(StatementStats::text))
                .containsExactlyInAnyOrder(
                        "alter role ann password ''",
                        "set app . token to …",
                        "set app . token = …",
                        "(not SQL that can be read)");
    }

    @Test
    void aResetForgetsStatementsButNotHistograms() {
        Watched watched = Watched.usual();
        watched.client().runs("SELECT 1", 1, 1);
        watched.loop().reset();
        assertThat(watched.statements()).isEmpty();
        assertThat(Watched.counts(watched).accounts())
                .singleElement()
                .satisfies(tally -> assertThat(tally.times().count()).isEqualTo(1));
    }

    @Test
    void aSmallerTableKeepsWhatIsUsedMost() {
        Watched watched = Watched.usual();
        Watched.Client ann = watched.client();
        for (int i = 0; i < 100; i++) {
            for (int times = 0; times <= i; times++) {
                ann.runs("SELECT a FROM t_" + i + " WHERE a = 1", 1, 1);
            }
        }
        watched.loop().reconfigure(new SightSettings(true, 10, -1, false, 10, 0));
        assertThat(watched.statements())
                .hasSize(10)
                .allMatch(each -> each.counts().calls() > 90);
        assertThat(watched.loop().snapshot().dropped()).isEqualTo(90);
        watched.loop().reconfigure(new SightSettings(true, 100, -1, false, 10, 0));
        assertThat(watched.statements()).hasSize(10);
    }

    @Test
    void loopsAreAddedUpByStatement() {
        Watched one = Watched.usual();
        Watched other = Watched.usual();
        one.client().runs("SELECT a FROM t WHERE a = 1", 2, 1);
        other.client().runs("SELECT a FROM t WHERE a = 2", 8, 1);
        SightStats both =
                SightStats.sum(List.of(one.loop().snapshot(), other.loop().snapshot()));
        assertThat(both.statements()).singleElement().satisfies(each -> {
            assertThat(each.counts().calls()).isEqualTo(2);
            assertThat(each.longest()).isEqualTo(8 * Watched.MILLI);
            assertThat(each.percentile(0.99)).isGreaterThan(7 * Watched.MILLI);
        });
    }
}
