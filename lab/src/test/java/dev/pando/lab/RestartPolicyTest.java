package dev.pando.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {
    private final RestartPolicy policy =
            new RestartPolicy(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(30), 4);

    @Test
    void theDelayDoublesUpToItsLimit() {
        assertThat(IntStream.rangeClosed(1, 6)
                        .mapToObj(attempt -> policy.delay(attempt).toMillis()))
                .containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L);
        assertThat(policy.delay(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aServerThatRanLongEnoughBeginsAnew() {
        assertThat(policy.nextAttempt(5, Duration.ofSeconds(29))).isEqualTo(6);
        assertThat(policy.nextAttempt(5, Duration.ofSeconds(30))).isEqualTo(1);
    }
}
