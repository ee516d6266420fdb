package dev.pando.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pando.base.error.PandoException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SecretLookupTest {
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger under = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);
    private boolean slow;
    private @Nullable SQLException broken;

    private final SecretLookup.Source source = new SecretLookup.Source() {
        @Override
        public SecretLookup.@Nullable Row ask(String user) throws Exception {
            asked.incrementAndGet();
            most.accumulateAndGet(under.incrementAndGet(), Math::max);
            try {
                if (slow) {
                    gate.await();
                }
                if (broken != null) {
                    throw broken;
                }
                return switch (user) {
                    case "nobody" -> null;
                    case "bare" -> new SecretLookup.Row(user, null);
                    case "liar" -> new SecretLookup.Row("another", "secret");
                    default -> new SecretLookup.Row(user, "secret" + asked.get());
                };
            } finally {
                under.decrementAndGet();
            }
        }

        @Override
        public void close() {
            // nothing is open
        }
    };

    private final SecretLookup lookup = new SecretLookup(
            source,
            (user, secret) -> new UserDirectory.Entry(secret, null),
            new SecretLookup.Limits(Duration.ofSeconds(10), Duration.ofSeconds(20)),
            now::get);

    private SecretLookup.Found found(CompletableFuture<SecretLookup.Found> answer) throws Exception {
        return answer.get(20, TimeUnit.SECONDS);
    }

    @Test
    void answersAreGoodForAWhileAndDoubtedOnesForAMoment() throws Exception {
        for (String user : List.of("app", "nobody", "bare", "liar")) {
            asked.set(0);
            SecretLookup.Found first = found(lookup.find(user));
            assertThat(first.exists()).isEqualTo(user.equals("app") || user.equals("bare"));
            assertThat(first.entry() != null).isEqualTo(user.equals("app"));
            assertThat(found(lookup.find(user))).isSameAs(first);
            assertThat(found(lookup.findAnew(user))).isSameAs(first);
            now.addAndGet(Duration.ofMillis(1_500).toNanos());
            assertThat(found(lookup.find(user))).isSameAs(first);
            assertThat(found(lookup.findAnew(user))).isNotSameAs(first);
            assertThat(asked.get()).isEqualTo(2);
            now.addAndGet(Duration.ofSeconds(11).toNanos());
            found(lookup.find(user));
            assertThat(asked.get()).isEqualTo(3);
            lookup.doubt(user);
            found(lookup.find(user));
            assertThat(asked.get()).isEqualTo(4);
        }
    }

    @Test
    void oneQuestionPerUserAndFewAtATime() throws Exception {
        slow = true;
        List<CompletableFuture<SecretLookup.Found>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(lookup.find("user" + i % 20));
        }
        await().until(() -> under.get() == 4);
        gate.countDown();
        for (CompletableFuture<SecretLookup.Found> answer : answers) {
            assertThat(found(answer).exists()).isTrue();
        }
        assertThat(asked.get()).isEqualTo(20);
        assertThat(most.get()).isEqualTo(4);
    }

    @Test
    void failuresAreNotKept() throws Exception {
        broken = new SQLException("home is down");
        CompletableFuture<SecretLookup.Found> answer = lookup.find("app");
        assertThatThrownBy(() -> found(answer))
                .hasCauseInstanceOf(PandoException.class)
                .hasMessageContaining("PD5021");
        broken = null;
        await().untilAsserted(
                        () -> assertThat(found(lookup.find("app")).exists()).isTrue());
    }

    @Test
    void theQueryIsWrittenAsJdbcWantsIt() {
        assertThat(AuthQuery.withMarks("SELECT a FROM b WHERE c = $1 AND '$1 ?' <> d -- $1"))
                .isEqualTo("SELECT a FROM b WHERE c = ? AND '$1 ?' <> d -- $1");
        assertThat(AuthQuery.withMarks("SELECT j ? 'x', * FROM f($1)")).isEqualTo("SELECT j ?? 'x', * FROM f(?)");
    }
}
