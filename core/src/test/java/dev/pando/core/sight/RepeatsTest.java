package dev.pando.core.sight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.core.sight.Watched.Client;
import dev.pando.core.topology.ShardId;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RepeatsTest {
    private static final String ITEMS = "select * from items where order_id = 0";

    private final Watched watched = Watched.usual();

    private void items(Client client, int times) {
        for (int i = 0; i < times; i++) {
            watched.pass(1);
            client.runs("SELECT * FROM items WHERE order_id = " + i, 2, 3);
        }
    }

    private RepetitionStats repetition(String text) {
        return Objects.requireNonNull(watched.statement(text).repetition());
    }

    @Test
    void withinATransactionTheCountSuffices() {
        Client client = watched.client();
        client.runs("BEGIN", 0, 0);
        items(client, 9);
        assertThat(watched.told()).isEmpty();
        items(client, 11);
        client.runs("COMMIT", 1, 0);
        assertThat(watched.told()).containsExactly("repeated " + ITEMS + " 10");
        RepetitionStats repetition = repetition(ITEMS);
        assertThat(repetition.runs()).isEqualTo(1);
        assertThat(repetition.repeats()).isEqualTo(20);
        assertThat(repetition.longest()).isEqualTo(20);
        assertThat(repetition.nanos()).isEqualTo(40 * Watched.MILLI);
        assertThat(repetition.pauses()).isEqualTo(20 * Watched.MILLI);
        assertThat(repetition.after()).isNull();
        assertThat(repetition.remedy().batched()).isEqualTo("select * from items where order_id = ANY($1)");
    }

    @Test
    void aTransactionEndsItsRun() {
        Client client = watched.client();
        for (int i = 0; i < 5; i++) {
            client.runs("BEGIN", 0, 0);
            items(client, 9);
            client.runs("COMMIT", 1, 0);
        }
        assertThat(watched.told()).isEmpty();
    }

    @Test
    void outsideItFollowsAQueryThatReturnedAsManyRows() {
        Client client = watched.client();
        client.runs("SELECT id FROM orders WHERE day = '2026-11-22'", 5, 20);
        items(client, 20);
        assertThat(watched.told()).containsExactly("repeated " + ITEMS + " 10");
        assertThat(repetition(ITEMS).after()).isEqualTo("select id from orders where day = ''");
        assertThat(repetition(ITEMS).repeats()).isEqualTo(20);
    }

    @Test
    void aBusyConnectionIsNotALoop() {
        Client client = watched.client();
        items(client, 10_000);
        assertThat(watched.told()).isEmpty();
        // A list, and then lookups of many others: far more than it had rows.
        client.runs("SELECT id FROM orders WHERE day = '2026-11-22'", 5, 1_000);
        items(client, 400);
        assertThat(watched.told()).isEmpty();
    }

    @Test
    void aListOfFewRowsExplainsNoMoreLookupsThanThat() {
        Client client = watched.client();
        client.runs("SELECT id FROM orders WHERE day = '2026-11-22'", 5, 12);
        items(client, 5_000);
        assertThat(repetition(ITEMS).repeats()).isEqualTo(12);
    }

    @Test
    void aLongPauseBeginsAnew() {
        Client client = watched.client();
        client.runs("SELECT id FROM orders WHERE day = '2026-11-22'", 5, 12);
        items(client, 9);
        watched.pass(101);
        items(client, 9);
        assertThat(watched.told()).isEmpty();
    }

    @Test
    void severalConnectionsAreNotOneLoop() {
        for (int i = 0; i < 50; i++) {
            Client client = watched.client();
            client.runs("BEGIN", 0, 0);
            items(client, 1);
            client.runs("COMMIT", 0, 0);
        }
        assertThat(watched.told()).isEmpty();
    }

    @Test
    void questionsWhoseOwnAnswersAreLongAreFoundToo() {
        Client client = watched.client();
        client.runs("SELECT id FROM orders WHERE day = '2026-11-22'", 5, 12);
        for (int i = 0; i < 12; i++) {
            client.runs("SELECT * FROM items WHERE order_id = " + i, 2, 40);
            client.runs("SELECT * FROM customers WHERE id = " + i, 2, 1);
        }
        assertThat(watched.told())
                .containsExactlyInAnyOrder(
                        "repeated " + ITEMS + " 10", "repeated select * from customers where id = 0 10");
        assertThat(repetition(ITEMS).after()).isEqualTo("select id from orders where day = ''");
    }

    @Test
    void whatHasNothingToPutTogetherIsNotReported() {
        Client client = watched.client();
        client.runs("BEGIN", 0, 0);
        for (int i = 0; i < 50; i++) {
            client.runs("SELECT 1", 1, 1);
            client.runs("SET x = 1", 1, 1);
            client.runs("SELECT nextval('s')", 1, 1);
            client.runs("SELECT a FROM t", 1, 1);
        }
        assertThat(watched.told()).isEmpty();
    }

    @Test
    void whatIsSentWithoutWaitingIsReportedForInsertsOnly() {
        Client client = watched.client();
        for (String sql : new String[] {"SELECT a FROM t WHERE a = 1", "INSERT INTO t VALUES (1)"}) {
            SessionSight sight = client.sight();
            for (int i = 0; i < 30; i++) {
                sight.received((byte) 'B', 20);
                sight.begun(Watched.planned(sql));
                sight.goesTo(ShardId.HOME);
            }
            for (int i = 0; i < 30; i++) {
                watched.pass(1);
                sight.rows(1);
                sight.ended();
            }
            sight.rests(false);
        }
        assertThat(watched.told()).containsExactly("repeated insert into t values ( 0 ) 10");
        assertThat(repetition("insert into t values ( 0 )").repeats()).isEqualTo(30);
    }

    @Test
    void zeroIsNever() {
        Watched never = new Watched(new SightSettings(true, 100, -1, false, 0, 100 * Watched.MILLI));
        Client client = never.client();
        client.runs("BEGIN", 0, 0);
        for (int i = 0; i < 100; i++) {
            client.runs("SELECT a FROM t WHERE a = " + i, 1, 1);
        }
        assertThat(never.told()).isEmpty();
    }
}
