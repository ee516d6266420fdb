package dev.pando.core.sight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.core.sight.Watched.Client;
import dev.pando.core.topology.ShardId;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionSightTest {
    private static final String TEXT = "select a from t where a = 0";
    private static final String SQL = "SELECT a FROM t WHERE a = 1";

    private final Watched watched = Watched.usual();
    private final Client client = watched.client();
    private final SessionSight sight = client.sight();

    private long part(Part part) {
        return watched.statement(TEXT).part(part) / Watched.MILLI;
    }

    @Test
    void theTimeOfASimpleQueryIsTakenApart() {
        sight.received((byte) 'Q', 40);
        watched.pass(3);
        sight.planned(List.of());
        sight.begun(Watched.planned(SQL));
        watched.pass(5);
        sight.waited(5 * Watched.MILLI);
        sight.goesTo(new ShardId(2));
        watched.pass(7);
        sight.sent(1_000);
        sight.rows(4);
        sight.ended();
        sight.rests(false);
        assertThat(part(Part.PLAN)).isEqualTo(3);
        assertThat(part(Part.QUEUE)).isEqualTo(5);
        assertThat(part(Part.BACKEND)).isEqualTo(7);
        assertThat(part(Part.MERGE)).isZero();
        assertThat(part(Part.CLIENT)).isZero();
        assertThat(watched.statement(TEXT).total()).isEqualTo(15 * Watched.MILLI);
        assertThat(watched.statement(TEXT).counts()).isEqualTo(new StatementStats.Counts(1, 0, 4, 40, 1_000, 1, 0, 1));
        TallyStats tally = Watched.counts(watched).accounts().getFirst();
        assertThat(tally.shards()).hasSize(3);
        assertThat(tally.shards().get(2))
                .satisfies(times -> assertThat(times.sum()).isEqualTo(7 * Watched.MILLI));
    }

    @Test
    void theExtendedProtocolWaitsBeforeItExecutes() {
        sight.received((byte) 'P', 40);
        watched.pass(2);
        sight.planned(List.of());
        sight.received((byte) 'B', 30);
        watched.pass(4);
        sight.waited(4 * Watched.MILLI);
        sight.received((byte) 'E', 10);
        sight.begunOn(ShardId.HOME, Watched.planned(SQL));
        sight.received((byte) 'S', 5);
        watched.pass(6);
        sight.rows(1);
        sight.ended();
        sight.rests(false);
        assertThat(part(Part.PLAN)).isEqualTo(2);
        assertThat(part(Part.QUEUE)).isEqualTo(4);
        assertThat(part(Part.BACKEND)).isEqualTo(6);
        assertThat(watched.statement(TEXT).total()).isEqualTo(12 * Watched.MILLI);
        assertThat(watched.statement(TEXT).counts().received()).isEqualTo(80);
    }

    @Test
    void timesOfPipelinedStatementsDoNotOverlap() {
        for (int i = 0; i < 3; i++) {
            sight.received((byte) 'B', 20);
            sight.begunOn(ShardId.HOME, Watched.planned(SQL));
        }
        for (int i = 0; i < 3; i++) {
            watched.pass(10);
            sight.ended();
        }
        sight.rests(false);
        assertThat(watched.statement(TEXT).counts().calls()).isEqualTo(3);
        assertThat(watched.statement(TEXT).total()).isEqualTo(30 * Watched.MILLI);
        assertThat(watched.statement(TEXT).longest()).isEqualTo(10 * Watched.MILLI);
    }

    @Test
    void anErrorEndsWhatIsBehindIt() {
        for (int i = 0; i < 3; i++) {
            sight.received((byte) 'B', 20);
            sight.begunOn(ShardId.HOME, Watched.planned(SQL));
        }
        sight.ended();
        sight.failed();
        sight.rests(false);
        StatementStats.Counts counts = watched.statement(TEXT).counts();
        assertThat(counts.calls()).isEqualTo(2);
        assertThat(counts.errors()).isEqualTo(1);
        client.runs(SQL, 1, 1);
        assertThat(watched.statement(TEXT).counts().calls()).isEqualTo(3);
    }

    @Test
    void anErrorOfWhatNeverBeganIsTheAccounts() {
        sight.received((byte) 'P', 20);
        sight.failed();
        sight.rests(false);
        assertThat(watched.statements()).isEmpty();
        assertThat(Watched.counts(watched).accounts().getFirst().errors()).isEqualTo(1);
    }

    @Test
    void aClientThatDoesNotReadIsNotTheServersFault() {
        client.sends(SQL);
        watched.pass(2);
        sight.reads(false);
        watched.pass(30);
        sight.reads(true);
        watched.pass(3);
        client.gets(1);
        assertThat(part(Part.CLIENT)).isEqualTo(30);
        assertThat(part(Part.BACKEND)).isEqualTo(5);
        sight.reads(false);
        client.sends(SQL);
        watched.pass(4);
        client.gets(1);
        sight.reads(true);
        assertThat(part(Part.CLIENT)).isEqualTo(34);
        assertThat(part(Part.BACKEND)).isEqualTo(5);
    }

    @Test
    void whatIsLeftAfterTheLastShardIsMerging() {
        client.sends(SQL);
        sight.goesTo(new ShardId(1));
        watched.pass(4);
        sight.answered(ShardId.HOME);
        watched.pass(2);
        sight.answered(new ShardId(1));
        watched.pass(8);
        client.gets(100);
        assertThat(part(Part.MERGE)).isEqualTo(8);
        assertThat(part(Part.BACKEND)).isEqualTo(6);
        StatementStats.Counts counts = watched.statement(TEXT).counts();
        assertThat(counts.shards()).isEqualTo(2);
        assertThat(counts.several()).isEqualTo(1);
        assertThat(counts.mostShards()).isEqualTo(2);
        assertThat(Watched.counts(watched).accounts().getFirst().shards())
                .satisfiesExactly(
                        home -> assertThat(home)
                                .satisfies(times -> assertThat(times.sum()).isEqualTo(4 * Watched.MILLI)),
                        next -> assertThat(next)
                                .satisfies(times -> assertThat(times.sum()).isEqualTo(6 * Watched.MILLI)));
    }

    @Test
    void anExecuteCountsAsWhatItRuns() {
        client.sends("EXECUTE q(1)");
        sight.standsFor(Watched.planned(SQL));
        watched.pass(1);
        client.gets(1);
        assertThat(watched.statement(TEXT).counts().calls()).isEqualTo(1);
        assertThat(watched.statements()).hasSize(1);
    }

    @Test
    void slowStatementsAreShownOneByOne() {
        Watched slow = new Watched(new SightSettings(true, 100, 50 * Watched.MILLI, false, 10, 0));
        Client one = slow.client();
        one.runs(SQL, 49, 1);
        one.runs(SQL, 50, 1);
        assertThat(slow.told()).containsExactly("slow " + TEXT + " 50");
    }

    @Test
    void requestsThatAreNotReadAreCountedAndTimed() {
        sight.received((byte) 'Q', 20);
        sight.begunUnread();
        sight.received((byte) 'Q', 20);
        sight.begunUnread();
        watched.pass(5);
        sight.failed();
        watched.pass(5);
        sight.ended();
        sight.rests(false);
        StatementStats unread = watched.statement("(session mode: not read)");
        assertThat(unread.counts().calls()).isEqualTo(2);
        assertThat(unread.counts().errors()).isEqualTo(1);
        assertThat(unread.total()).isEqualTo(10 * Watched.MILLI);
    }

    @Test
    void copyDataIsTheStatementsOwn() {
        client.sends(SQL);
        sight.received((byte) 'd', 5_000);
        watched.pass(1);
        client.gets(10);
        assertThat(watched.statement(TEXT).counts().received()).isGreaterThan(5_000);
    }

    @Test
    void otherSettingsDoNotConfuseWhatIsUnderWay() {
        client.sends(SQL);
        watched.loop().reconfigure(new SightSettings(false, 100, -1, false, 10, 0));
        watched.loop().reconfigure(new SightSettings(true, 100, -1, false, 10, 0));
        client.runs("SELECT b FROM t WHERE a = 1", 1, 1);
        assertThat(watched.statements())
                .singleElement()
                .satisfies(each -> assertThat(each.text()).isEqualTo("select b from t where a = 0"));
    }

    @Test
    void theSameSettingsAgainForgetNothing() {
        client.sends(SQL);
        watched.loop().reconfigure(watched.loop().settings());
        client.sends("SELECT b FROM t WHERE a = 1");
        watched.pass(1);
        sight.ended();
        sight.ended();
        sight.rests(false);
        assertThat(watched.statements()).hasSize(2);
        assertThat(watched.statement(TEXT).counts().calls()).isEqualTo(1);
    }

    @Test
    void whatWasNotedWhileNobodyWatchedIsNobodys() {
        watched.loop().reconfigure(new SightSettings(false, 100, -1, false, 10, 0));
        sight.received((byte) 'd', 5_000);
        sight.sent(7_000);
        sight.waited(1_000_000_000L);
        watched.loop().reconfigure(new SightSettings(true, 100, -1, false, 10, 0));
        client.runs(SQL, 1, 1);
        assertThat(watched.statement(TEXT).counts().received()).isLessThan(5_000);
        assertThat(watched.statement(TEXT).counts().sent()).isLessThan(7_000);
        assertThat(watched.statement(TEXT).total()).isLessThan(1_000_000_000L);
    }

    @Test
    void whatWaitsForAConnectionWithoutAStatementIsNobodys() {
        // A login tries its startup parameters on a server connection, and settings of a session are looked up between
        // statements.
        sight.waited(400 * Watched.MILLI);
        client.runs(SQL, 3, 1);
        sight.waited(500 * Watched.MILLI);
        client.runs(SQL, 4, 1);
        assertThat(part(Part.QUEUE)).isZero();
        assertThat(watched.statement(TEXT).total()).isEqualTo(7 * Watched.MILLI);
        assertThat(watched.statement(TEXT).longest()).isEqualTo(4 * Watched.MILLI);
    }
}
