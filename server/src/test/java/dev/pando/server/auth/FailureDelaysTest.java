package dev.pando.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailureDelaysTest {
    private static final Duration MOST = Duration.ofSeconds(5);
    private static final FailureDelays.Pair PAIR = new FailureDelays.Pair("c0a80001", "app");

    private final FailureDelays delays = new FailureDelays();

    private long millis(FailureDelays.Pair pair, long now) {
        return delays.delay(pair, MOST, now).toMillis();
    }

    @Test
    void eachFailureDoublesTheWaitUpToItsLimit() {
        assertThat(millis(PAIR, 0)).isZero();
        for (long expected : new long[] {100, 200, 400, 800, 1600, 3200, 5000, 5000}) {
            delays.failed(PAIR, 0);
            assertThat(millis(PAIR, 1)).isEqualTo(expected);
        }
        for (int i = 0; i < 100; i++) {
            delays.failed(PAIR, 0);
        }
        assertThat(millis(PAIR, 1)).isEqualTo(5000);
        assertThat(delays.delay(PAIR, Duration.ZERO, 1)).isZero();
    }

    @Test
    void othersOfTheAddressAndOtherAddressesOfTheUserDoNotWait() {
        delays.failed(PAIR, 0);
        assertThat(millis(new FailureDelays.Pair("c0a80001", "other"), 0)).isZero();
        assertThat(millis(new FailureDelays.Pair("c0a80002", "app"), 0)).isZero();
    }

    @Test
    void successAndTimeEndIt() {
        delays.failed(PAIR, 0);
        delays.failed(PAIR, 0);
        delays.succeeded(PAIR);
        assertThat(millis(PAIR, 0)).isZero();
        delays.failed(PAIR, 0);
        delays.failed(PAIR, 0);
        long later = Duration.ofMinutes(11).toNanos();
        assertThat(millis(PAIR, later)).isZero();
        delays.failed(PAIR, later);
        assertThat(millis(PAIR, later)).isEqualTo(100);
    }

    @Test
    void memoryIsBoundedAndTheLatestAreKept() {
        for (int i = 0; i < 30_000; i++) {
            delays.failed(new FailureDelays.Pair("a", "user" + i), 0);
        }
        assertThat(delays.size()).isEqualTo(10_000);
        assertThat(millis(new FailureDelays.Pair("a", "user0"), 0)).isZero();
        assertThat(millis(new FailureDelays.Pair("a", "user29999"), 0)).isEqualTo(100);
    }
}
