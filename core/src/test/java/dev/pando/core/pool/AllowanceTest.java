package dev.pando.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.error.PandoException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Several pools with limits in common; each hears of the others only when the test lets its loop run. */
class AllowanceTest {
    private static final PoolSettings SETTINGS = new PoolSettings(
            1_000,
            Duration.ofDays(1),
            Duration.ZERO,
            Duration.ofDays(1),
            new PoolSettings.Upkeep(
                    0, Duration.ZERO, Duration.ZERO, Duration.ofDays(1), Duration.ofMillis(400), false));

    private final Allowance allowance = new Allowance();
    private final List<Loop> loops = new ArrayList<>();
    private Random random = new Random(1);
    private int links;
    private long now;

    private final class Loop implements Pool.Port<Integer>, Waiter<Integer> {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private final Pool<Integer> pool;
        private final List<Integer> leased = new ArrayList<>();
        private final Set<Integer> open = new LinkedHashSet<>();
        private int opening;
        private int waiting;
        private int served;
        private int opens;

        Loop(Allowance.Bound... bounds) {
            pool = new Pool<>("eu-1", SETTINGS, allowance.share(List.of(bounds), tasks::addLast), this);
            loops.add(this);
        }

        int connections() {
            return open.size() + opening;
        }

        void acquire() {
            waiting++;
            pool.acquire(this, now);
        }

        @Override
        public void granted(Integer link) {
            waiting--;
            served++;
            leased.add(link);
        }

        @Override
        public void refused(PandoException reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void open() {
            opening++;
            opens++;
        }

        @Override
        public void close(Integer link) {
            assertThat(open.remove(link)).isTrue();
        }

        @Override
        public void attempt(Integer link) {
            throw new AssertionError("nothing is ever stale here");
        }

        void run() {
            while (!tasks.isEmpty()) {
                tasks.removeFirst().run();
            }
            while (opening > 0) {
                opening--;
                open.add(++links);
                pool.opened(links, now);
            }
        }

        void release() {
            pool.release(leased.removeFirst(), true, now);
        }
    }

    private void settle() {
        for (int i = 0; i < 5; i++) {
            loops.forEach(Loop::run);
        }
    }

    private void pass(long millis) {
        now += millis * 1_000_000;
        loops.forEach(loop -> loop.pool.tick(now));
        settle();
    }

    private static Allowance.Bound bound(int limit) {
        return new Allowance.Bound("pool.size", limit, 0);
    }

    @Test
    void aLoopMayUseWhatTheOthersDoNotNeed() {
        Allowance.Bound size = bound(4);
        Loop busy = new Loop(size);
        Loop calm = new Loop(size);
        for (int i = 0; i < 5; i++) {
            busy.acquire();
        }
        settle();
        assertThat(busy.connections()).isEqualTo(4);
        assertThat(calm.connections()).isZero();
        assertThat(busy.waiting).isEqualTo(1);
    }

    @Test
    void whoHasNoConnectionGetsAnIdleOneAtOnce() {
        Allowance.Bound size = bound(2);
        Loop one = new Loop(size);
        Loop other = new Loop(size);
        one.acquire();
        one.acquire();
        settle();
        one.release();
        one.release();
        other.acquire();
        settle();
        assertThat(other.served).isEqualTo(1);
        assertThat(one.connections()).isEqualTo(1);
    }

    @Test
    void whoHasNoConnectionGetsTheNextOneThatComesBack() {
        Allowance.Bound size = bound(3);
        Loop one = new Loop(size);
        Loop other = new Loop(size);
        for (int i = 0; i < 6; i++) {
            one.acquire();
        }
        settle();
        other.acquire();
        settle();
        assertThat(other.served).isZero();
        one.release();
        settle();
        assertThat(other.served)
                .as("before those who wait on the loop that has some")
                .isEqualTo(1);
    }

    @Test
    void whenThereAreFewerThanLoopsTheyTakeTurns() {
        Allowance.Bound size = bound(1);
        Loop one = new Loop(size);
        Loop other = new Loop(size);
        for (int i = 0; i < 200; i++) {
            one.acquire();
            other.acquire();
        }
        for (int i = 0; i < 100; i++) {
            pass(10);
            loops.stream().filter(loop -> !loop.leased.isEmpty()).toList().forEach(Loop::release);
            settle();
        }
        assertThat(one.served).isGreaterThanOrEqualTo(15);
        assertThat(other.served).isGreaterThanOrEqualTo(15);
        assertThat(one.opens + other.opens).as("connections made in 1 s").isLessThan(30);
    }

    @Test
    void loopsUnderTheSameLoadBecomeLevelAndThenKeepWhatTheyHave() {
        Allowance.Bound size = bound(7);
        Loop one = new Loop(size);
        Loop other = new Loop(size);
        for (int i = 0; i < 500; i++) {
            one.acquire();
        }
        settle();
        for (int i = 0; i < 500; i++) {
            other.acquire();
        }
        turnover(100);
        assertThat(Math.abs(one.connections() - other.connections())).isLessThanOrEqualTo(1);
        int before = one.opens + other.opens;
        turnover(200);
        assertThat(one.opens + other.opens).as("nothing travels any more").isEqualTo(before);
        assertThat(before).isLessThan(20);
    }

    private void turnover(int times) {
        for (int i = 0; i < times; i++) {
            loops.stream().filter(loop -> !loop.leased.isEmpty()).toList().forEach(Loop::release);
            pass(5);
        }
    }

    @Test
    void onlyWhatHasLongBeenIdleIsTakenFromALoopForOneThatHasSome() {
        Allowance.Bound size = bound(2);
        Loop one = new Loop(size);
        Loop other = new Loop(size);
        one.acquire();
        other.acquire();
        settle();
        other.release();
        one.acquire();
        pass(500);
        assertThat(one.served).as("it might be used again in a moment").isEqualTo(1);
        pass(500);
        assertThat(one.served).isEqualTo(2);
        assertThat(other.connections()).isZero();
    }

    @Test
    void poolsOfDifferentUsersShareTheLimitOfTheDatabase() {
        Allowance.Bound database = new Allowance.Bound("pool.max_database_connections", 3, 0);
        Loop app = new Loop(bound(3), database);
        Loop report = new Loop(bound(3), database);
        for (int i = 0; i < 3; i++) {
            app.acquire();
        }
        report.acquire();
        settle();
        assertThat(report.served).isZero();
        app.release();
        settle();
        assertThat(report.served).isEqualTo(1);
        assertThat(app.connections() + report.connections()).isEqualTo(3);
    }

    @Test
    void aSmallerLimitIsReachedAsConnectionsComeBack() {
        Allowance.Bound size = bound(4);
        Loop one = new Loop(size);
        Loop other = new Loop(size);
        for (int i = 0; i < 2; i++) {
            one.acquire();
            other.acquire();
        }
        settle();
        allowance.limit(size, 1, 0);
        for (int i = 0; i < 2; i++) {
            one.release();
            other.release();
        }
        settle();
        assertThat(one.connections() + other.connections()).isEqualTo(1);
    }

    /** Whatever happens, no bound is exceeded, and when connections come back everybody is served in the end. */
    @Test
    void limitsHoldAndNobodyStarvesWhateverHappens() {
        for (long seed = 1; seed <= 300; seed++) {
            try {
                var run = new AllowanceTest();
                run.random = new Random(seed);
                run.anything();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private void anything() {
        int limit = 1 + random.nextInt(5);
        Allowance.Bound database = new Allowance.Bound("pool.max_database_connections", limit, 0);
        List<Allowance.Bound> sizes = List.of(bound(1 + random.nextInt(3)), bound(1 + random.nextInt(5)));
        for (int i = 0; i < 4; i++) {
            new Loop(sizes.get(i % 2), database);
        }
        for (int i = 0; i < 400; i++) {
            Loop loop = loops.get(random.nextInt(loops.size()));
            switch (random.nextInt(4)) {
                case 0 -> loop.acquire();
                case 1 -> {
                    if (!loop.leased.isEmpty()) {
                        loop.release();
                    }
                }
                case 2 -> loop.run();
                default -> {
                    now += random.nextInt(200) * 1_000_000L;
                    loop.pool.tick(now);
                }
            }
            assertThat(loops.stream().mapToInt(Loop::connections).sum()).isLessThanOrEqualTo(limit);
        }
        for (int i = 0; i < 3_000 && loops.stream().anyMatch(loop -> loop.waiting > 0); i++) {
            pass(20);
            loops.stream().filter(loop -> !loop.leased.isEmpty()).toList().forEach(Loop::release);
        }
        assertThat(loops).as("served in the end").allMatch(loop -> loop.waiting == 0);
    }
}
