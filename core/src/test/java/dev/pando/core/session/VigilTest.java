package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.core.session.Pulse.Phase;
import dev.pando.core.session.Vigil.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VigilTest {
    private static final Deadlines ALL = new Deadlines(
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2));

    private final Vigil vigil = new Vigil();
    private Phase phase = Phase.IDLE;
    private long messages;
    private long answers;
    private long rests;
    private long now;
    private boolean queued;
    private Deadlines limits = ALL;

    private final Pulse pulse = new Pulse() {
        @Override
        public Phase phase() {
            return phase;
        }

        @Override
        public long messages() {
            return messages;
        }

        @Override
        public long answers() {
            return answers;
        }

        @Override
        public long rests() {
            return rests;
        }
    };

    private Verdict look() {
        return vigil.look(pulse, queued, limits, now);
    }

    private Verdict after(long millis) {
        now += millis * 1_000_000;
        return look();
    }

    @Test
    void aClientThatIsSilentIsIdle() {
        assertThat(look()).isEqualTo(Verdict.NOTHING);
        assertThat(after(59_999)).isEqualTo(Verdict.NOTHING);
        assertThat(after(1)).isEqualTo(Verdict.CLIENT_IDLE);
    }

    @Test
    void aQueryBetweenTwoLooksIsASignOfLife() {
        look();
        now += 59_000_000_000L;
        messages++;
        answers++;
        rests++;
        assertThat(after(2_000)).isEqualTo(Verdict.NOTHING);
        assertThat(after(59_000)).isEqualTo(Verdict.NOTHING);
        assertThat(after(1_000)).isEqualTo(Verdict.CLIENT_IDLE);
    }

    @Test
    void aTransactionMayRestOnlySoLong() {
        phase = Phase.OPEN;
        look();
        assertThat(after(9_999)).isEqualTo(Verdict.NOTHING);
        messages++;
        answers++;
        assertThat(after(1)).as("it has done something").isEqualTo(Verdict.NOTHING);
        assertThat(after(10_000)).isEqualTo(Verdict.IDLE_TRANSACTION);
    }

    @Test
    void aTransactionMayLastOnlySoLongHoweverBusyItIs() {
        look();
        phase = Phase.OPEN;
        for (int i = 0; i < 30; i++) {
            messages++;
            answers++;
            assertThat(after(i == 0 ? 0 : 1_000)).isEqualTo(Verdict.NOTHING);
        }
        assertThat(after(1_000)).isEqualTo(Verdict.TRANSACTION);
    }

    @Test
    void oneTransactionBehindTheOtherIsNotOneLongOne() {
        phase = Phase.OPEN;
        for (int i = 0; i < 100; i++) {
            messages++;
            answers++;
            rests++;
            assertThat(after(1_000)).isEqualTo(Verdict.NOTHING);
        }
    }

    @Test
    void aQueryIsCancelledFirst() {
        phase = Phase.RUNNING;
        look();
        messages += 5;
        assertThat(after(4_999)).as("COPY data does not count").isEqualTo(Verdict.NOTHING);
        assertThat(after(1)).isEqualTo(Verdict.CANCEL_QUERY);
        assertThat(after(1_999)).as("once").isEqualTo(Verdict.NOTHING);
        assertThat(after(1)).isEqualTo(Verdict.QUERY);
    }

    @Test
    void aQueryThatEndsAfterItWasCancelledLeavesNothingBehind() {
        phase = Phase.RUNNING;
        look();
        assertThat(after(5_000)).isEqualTo(Verdict.CANCEL_QUERY);
        answers++;
        rests++;
        assertThat(after(1_000)).as("the next one is running").isEqualTo(Verdict.NOTHING);
        assertThat(after(4_000)).isEqualTo(Verdict.NOTHING);
        assertThat(after(1_000)).isEqualTo(Verdict.CANCEL_QUERY);
    }

    @Test
    void theWaitForAServerConnectionIsNotTheQuerys() {
        phase = Phase.RUNNING;
        queued = true;
        for (int i = 0; i < 29; i++) {
            assertThat(after(i == 0 ? 0 : 1_000)).isEqualTo(Verdict.NOTHING);
        }
        queued = false;
        rests++;
        assertThat(after(4_000)).isEqualTo(Verdict.NOTHING);
        assertThat(after(1_000)).isEqualTo(Verdict.CANCEL_QUERY);
    }

    @Test
    void zeroIsForEver() {
        limits = new Deadlines(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(2));
        assertThat(limits.any()).isFalse();
        for (Phase every : Phase.values()) {
            phase = every;
            look();
            assertThat(after(1_000_000_000)).isEqualTo(Verdict.NOTHING);
        }
    }
}
