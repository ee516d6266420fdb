package dev.pando.rehearse.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private static Failure failure(String message) {
        return new Failure("42703", message, "SELECT 1");
    }

    @Test
    void failuresAreCountedWhenNothingIsTimedAnyMore() {
        Answers answers = new Answers(1, 10);
        answers.add(new Timing(0, 1, List.of("orders")), null);
        answers.add(new Timing(1, 2, List.of("orders")), failure("key 7 is there"));
        answers.add(new Timing(2, 3, List.of("orders")), failure("key 8 is there"));

        assertThat(answers.timings()).hasSize(1);
        assertThat(answers.untimed()).isEqualTo(2);
        Failure first = failure("key 7 is there");
        assertThat(answers.failures()).containsExactly(new FailureCount(first.kind(), first, 2, 2));
    }

    @Test
    void ofTooManyMessagesTheFurtherOnesAreCountedBySqlState() {
        Answers answers = new Answers(10, 1);
        answers.add(new Timing(0, 1, List.of("orders")), failure("a"));
        answers.add(new Timing(1, 2, List.of("orders")), failure("b"));
        answers.add(new Timing(2, 3, List.of("orders")), failure("c"));

        assertThat(answers.failures())
                .extracting(FailureCount::kind, FailureCount::count)
                .containsExactly(tuple(failure("a").kind(), 1L), tuple(new Failure.Kind("42703", ""), 2L));
    }
}
