package dev.pando.core.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a pool does with connections that nobody uses, one rule per test. */
class UpkeepTest {
    private static final PoolSettings.Upkeep UPKEEP =
            new PoolSettings.Upkeep(0, Duration.ZERO, Duration.ZERO, Duration.ofDays(1), Duration.ofMillis(400), false);

    /** A pool whose connections open when the test says so; every lease is noted. */
    private static final class World implements Pool.Port<Integer>, Waiter<Integer> {
        private final Allowance allowance = new Allowance();
        private final Allowance.Bound bound;
        private final Pool<Integer> pool;
        private final Set<Integer> open = new LinkedHashSet<>();
        private final List<Integer> closed = new ArrayList<>();
        private final List<Integer> tried = new ArrayList<>();
        private final List<Integer> granted = new ArrayList<>();
        private int refusals;
        private int delays;
        private int opening;
        private int links;
        private long now;

        World(int size, int reserve, PoolSettings settings) {
            bound = new Allowance.Bound("pool.size", size, reserve);
            pool = new Pool<>("eu-1", settings, allowance.share(List.of(bound), Runnable::run), this);
        }

        static World with(UnaryOperator<PoolSettings.Upkeep> change) {
            return new World(4, 0, settings(change.apply(UPKEEP)));
        }

        @Override
        public void open() {
            opening++;
        }

        @Override
        public void close(Integer link) {
            assertThat(open.remove(link)).isTrue();
            closed.add(link);
        }

        @Override
        public void attempt(Integer link) {
            tried.add(link);
        }

        @Override
        public void granted(Integer link) {
            granted.add(link);
        }

        @Override
        public void refused(PandoException reason) {
            refusals++;
        }

        @Override
        public void delayed() {
            delays++;
        }

        World lease(int count) {
            for (int i = 0; i < count; i++) {
                pool.acquire(this, now);
                opened();
            }
            return this;
        }

        void opened() {
            while (opening > 0) {
                opening--;
                open.add(++links);
                pool.opened(links, now);
            }
        }

        World release() {
            List<Integer> all = List.copyOf(granted);
            granted.clear();
            all.forEach(link -> pool.release(link, true, now));
            return this;
        }

        World pass(Duration time) {
            now += time.toNanos();
            pool.tick(now);
            return this;
        }
    }

    private static PoolSettings settings(PoolSettings.Upkeep upkeep) {
        return new PoolSettings(8, Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(3), upkeep);
    }

    private static PoolSettings.Upkeep upkeep(
            int minimum, Duration idle, Duration lifetime, Duration check, boolean robin) {
        return new PoolSettings.Upkeep(minimum, idle, lifetime, check, Duration.ofMillis(400), robin);
    }

    @Test
    void theMinimumIsKeptWhileThereAreClientsAndFilledOneByOne() {
        World world = World.with(u -> upkeep(2, Duration.ofSeconds(10), Duration.ZERO, Duration.ofDays(1), false));
        world.pass(Duration.ofSeconds(1));
        assertThat(world.opening).as("nobody is there").isZero();
        world.pool.clientCame(world.now);
        assertThat(world.opening).isEqualTo(1);
        world.pass(Duration.ofSeconds(1));
        assertThat(world.opening).as("one at a time").isEqualTo(1);
        world.opened();
        world.pass(Duration.ofMillis(100));
        world.opened();
        world.pass(Duration.ofMinutes(1));
        assertThat(world.open).as("idle for long, and kept").hasSize(2);
        world.lease(4).release().pass(Duration.ofMinutes(1));
        assertThat(world.open).as("what is above the minimum is not").hasSize(2);
        world.pool.clientLeft();
        world.pass(Duration.ofMinutes(1));
        assertThat(world.open).isEmpty();
    }

    @Test
    void aServerThatIsDownIsNotStormedForTheMinimum() {
        World world = World.with(u -> upkeep(2, Duration.ZERO, Duration.ZERO, Duration.ofDays(1), false));
        world.pool.clientCame(world.now);
        int attempts = 0;
        for (int i = 0; i < 100; i++) {
            if (world.opening > 0) {
                attempts++;
                world.opening = 0;
                world.pool.openFailed(new PandoException(PandoError.SHARD_UNAVAILABLE, "eu-1", "host", "refused"));
            }
            world.pass(Duration.ofMillis(100));
        }
        assertThat(attempts).as("in 10 s").isBetween(10, 40);
    }

    @Test
    void oldConnectionsAreReplacedOneAfterTheOther() {
        World world = World.with(u -> upkeep(0, Duration.ZERO, Duration.ofSeconds(40), Duration.ofDays(1), false));
        world.lease(4).release().pass(Duration.ofSeconds(39));
        assertThat(world.open).hasSize(4);
        world.pass(Duration.ofSeconds(1));
        assertThat(world.open).hasSize(3);
        world.pass(Duration.ofSeconds(13));
        assertThat(world.open).as("a third of a lifetime later").hasSize(3);
        world.pass(Duration.ofSeconds(1));
        assertThat(world.open).hasSize(2);
        world.pass(Duration.ofSeconds(60));
        world.pass(Duration.ofSeconds(60));
        assertThat(world.open).isEmpty();
    }

    @Test
    void anOldConnectionThatIsInUseEndsWhenItComesBackAndIsReplacedForWhoWaits() {
        World world = World.with(u -> upkeep(0, Duration.ZERO, Duration.ofSeconds(40), Duration.ofDays(1), false));
        world.lease(4).pass(Duration.ofSeconds(50));
        assertThat(world.open).hasSize(4);
        world.pool.acquire(world, world.now);
        world.pool.release(1, true, world.now);
        assertThat(world.closed).containsExactly(1);
        world.opened();
        assertThat(world.granted).contains(5);
        world.pool.release(2, true, world.now);
        assertThat(world.closed).as("the next has to wait").containsExactly(1);
    }

    @Test
    void whatHasRestedIsTriedBeforeItIsGivenOut() {
        World world = World.with(u -> upkeep(0, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(30), false));
        world.lease(1).release().pass(Duration.ofSeconds(29)).lease(1);
        assertThat(world.granted).as("used a moment ago").containsExactly(1);
        assertThat(world.tried).isEmpty();
        world.release().pass(Duration.ofSeconds(30)).lease(1);
        assertThat(world.granted).isEmpty();
        assertThat(world.tried).containsExactly(1);
        assertThat(world.pool.statistics(world.now)).isEqualTo(new PoolStatistics(0, 0, 1, 0, 1, 0));
        world.pool.tried(1, true, world.now);
        assertThat(world.granted).containsExactly(1);
    }

    @Test
    void oneDeadConnectionSpeaksForThoseThatHaveRestedAsLong() {
        World world = World.with(u -> upkeep(0, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(30), false));
        world.lease(4).release().pass(Duration.ofSeconds(30));
        world.pool.acquire(world, world.now);
        world.pool.tried(4, false, world.now);
        assertThat(world.open).as("all died of the same").isEmpty();
        assertThat(world.opening).isEqualTo(1);
        world.opened();
        assertThat(world.granted).containsExactly(5);
    }

    @Test
    void aConnectionLostWhileItIsTriedIsReplacedOnce() {
        World world = World.with(u -> upkeep(0, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(30), false));
        world.lease(1).release().pass(Duration.ofSeconds(30));
        world.pool.acquire(world, world.now);
        world.open.clear();
        world.pool.lost(1);
        world.pool.tried(1, false, world.now);
        assertThat(world.opening).isEqualTo(1);
        assertThat(world.pool.statistics(world.now).tried()).isZero();
        world.opened();
        assertThat(world.granted).containsExactly(2);
    }

    @Test
    void theOneUsedLastIsNextOrTheOneThatHasRestedLongest() {
        World last = World.with(u -> u);
        last.lease(3).release().lease(1);
        assertThat(last.granted).containsExactly(3);
        World round = World.with(u -> upkeep(0, Duration.ZERO, Duration.ZERO, Duration.ofDays(1), true));
        round.lease(3).release().lease(2);
        assertThat(round.granted).containsExactly(1, 2);
    }

    @Test
    void theReserveIsForThoseWhoHaveWaited() {
        World world = new World(2, 1, settings(UPKEEP));
        world.lease(2);
        world.pool.acquire(world, world.now);
        world.pass(Duration.ofMillis(2_999));
        assertThat(world.opening).isZero();
        world.pass(Duration.ofMillis(1));
        assertThat(world.opening).isEqualTo(1);
        world.opened();
        assertThat(world.granted).containsExactly(1, 2, 3);
        world.pool.acquire(world, world.now);
        world.pass(Duration.ofSeconds(10));
        assertThat(world.opening).as("the reserve is used up").isZero();
        assertThat(world.delays).as("told once").isEqualTo(1);
        world.pass(Duration.ofSeconds(10));
        assertThat(world.delays).isEqualTo(1);
    }

    @Test
    void theLongestPauseBetweenAttemptsIsASetting() {
        World world = new World(
                1,
                0,
                settings(new PoolSettings.Upkeep(
                        0, Duration.ZERO, Duration.ZERO, Duration.ofDays(1), Duration.ofSeconds(15), false)));
        int attempts = 0;
        for (int i = 0; i < 600; i++) {
            world.pool.acquire(world, world.now);
            if (world.opening > 0) {
                attempts++;
                world.opening = 0;
                world.pool.openFailed(new PandoException(PandoError.SHARD_UNAVAILABLE, "eu-1", "host", "refused"));
            }
            world.pass(Duration.ofMillis(100));
        }
        assertThat(attempts).as("in a minute: 50 ms doubled to 15 s").isBetween(9, 13);
        assertThat(world.refusals).isEqualTo(600);
    }
}
