package dev.pando.core.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoolTest {
    private static final int SIZE = 3;
    private static final PoolSettings SETTINGS = new PoolSettings(
            8,
            Duration.ofSeconds(5),
            Duration.ZERO,
            Duration.ofSeconds(1),
            new PoolSettings.Upkeep(
                    0,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(90),
                    Duration.ofSeconds(20),
                    Duration.ofMillis(400),
                    false));

    private static PandoException down() {
        return new PandoException(PandoError.SHARD_UNAVAILABLE, "eu-1", "host:5432", "connection refused");
    }

    /** The world around one pool, and what must hold in it whatever happens. */
    private static final class World implements Pool.Port<Integer> {
        private final Allowance allowance = new Allowance();
        private final Allowance.Bound bound = new Allowance.Bound("pool.size", SIZE, 0);
        private final Pool<Integer> pool =
                new Pool<>("eu-1", SETTINGS, allowance.share(List.of(bound), Runnable::run), this);
        private final List<Client> clients = new ArrayList<>();
        private final ArrayDeque<Client> queue = new ArrayDeque<>();
        private final Set<Integer> open = new LinkedHashSet<>();
        private final Set<Integer> leased = new LinkedHashSet<>();
        private final Set<Integer> tried = new LinkedHashSet<>();
        private int opening;
        private int opens;
        private int links;
        private long now;
        private boolean paused;
        private final Set<Integer> outdated = new LinkedHashSet<>();
        private int outdatedOpening;

        private final class Client implements Waiter<Integer> {
            private @Nullable Request<Integer> request;
            private int answers;
            private int link;
            private @Nullable PandoException refusal;
            private final boolean underway;

            Client(boolean underway) {
                this.underway = underway;
            }

            @Override
            public boolean underway() {
                return underway;
            }

            PandoException refusal() {
                return Objects.requireNonNull(refusal);
            }

            @Override
            public void granted(Integer granted) {
                answers++;
                link = granted;
                Client first = queue.stream()
                        .filter(client -> !paused || client.underway)
                        .findFirst()
                        .orElse(null);
                assertThat(first).as("first come, first served").isSameAs(this);
                queue.remove(this);
                assertThat(outdated).as("granted links are current").doesNotContain(granted);
                assertThat(open).as("granted links live").contains(granted);
                assertThat(leased.add(granted)).as("granted to one alone").isTrue();
            }

            @Override
            public void refused(PandoException reason) {
                answers++;
                refusal = reason;
                assertThat(queue.remove(this)).isTrue();
            }
        }

        @Override
        public void open() {
            opening++;
            opens++;
        }

        @Override
        public void close(Integer link) {
            assertThat(open.remove(link)).as("closed once").isTrue();
            tried.remove(link);
        }

        @Override
        public void attempt(Integer link) {
            assertThat(open).contains(link);
            assertThat(leased).doesNotContain(link);
            assertThat(tried.add(link)).isTrue();
        }

        void answer(boolean alive) {
            Integer link = tried.iterator().next();
            tried.remove(link);
            pool.tried(link, alive, now);
        }

        Client acquire() {
            return acquire(false);
        }

        Client acquire(boolean underway) {
            var client = new Client(underway);
            clients.add(client);
            queue.addLast(client);
            client.request = pool.acquire(client, now);
            return client;
        }

        void cancel(Client client) {
            queue.remove(client);
            pool.cancel(Objects.requireNonNull(client.request));
        }

        void pause() {
            paused = true;
            pool.pause();
        }

        void resume() {
            paused = false;
            pool.resume(now);
        }

        void reconnect() {
            outdated.clear();
            outdated.addAll(open);
            outdatedOpening = opening;
            pool.reconnect();
        }

        void opened() {
            opening--;
            open.add(++links);
            if (outdatedOpening > 0) {
                outdatedOpening--;
                outdated.add(links);
            }
            pool.opened(links, now);
        }

        void openFailed() {
            opening--;
            outdatedOpening = Math.max(0, outdatedOpening - 1);
            pool.openFailed(down());
        }

        void release(boolean reusable) {
            Integer link = leased.iterator().next();
            leased.remove(link);
            pool.release(link, reusable, now);
        }

        void pass(long millis) {
            now += millis * 1_000_000;
            pool.tick(now);
        }

        void check() {
            PoolStatistics seen = pool.statistics(now);
            assertThat(seen.leased()).isEqualTo(leased.size());
            assertThat(seen.opening()).isEqualTo(opening);
            assertThat(seen.idle()).isEqualTo(open.size() - leased.size() - tried.size());
            assertThat(seen.tried()).isEqualTo(tried.size());
            assertThat(seen.waiting()).isEqualTo(queue.size()).isLessThanOrEqualTo(SETTINGS.maxWaiting());
            assertThat(open.size() + opening).as("never above its size").isLessThanOrEqualTo(SIZE);
            assertThat(seen.idle() == 0 || (queue.size() <= tried.size() && !paused))
                    .as("nobody waits beside an idle link that might do, and nothing is idle in a pause")
                    .isTrue();
            assertThat(open.stream().filter(outdated::contains))
                    .as("outdated links end")
                    .allMatch(link -> leased.contains(link) || tried.contains(link));
            assertThat(pool.outdated())
                    .isEqualTo(outdatedOpening
                            + (int) open.stream().filter(outdated::contains).count());
            assertThat(pool.drained()).isEqualTo(open.isEmpty() && opening == 0);
            assertThat(clients).allMatch(client -> client.answers <= 1);
        }
    }

    private static void step(World world, Random random) {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> world.acquire(random.nextInt(4) == 0);
            case 3, 4 -> {
                if (world.opening > 0) {
                    world.opened();
                }
            }
            case 5 -> {
                if (world.opening > 0) {
                    world.openFailed();
                }
            }
            case 6, 7 -> {
                if (!world.leased.isEmpty()) {
                    world.release(random.nextInt(4) > 0);
                }
            }
            case 8 -> {
                if (!world.queue.isEmpty() && random.nextBoolean()) {
                    world.cancel(random.nextBoolean() ? world.queue.getFirst() : world.queue.getLast());
                }
                world.open.stream()
                        .filter(link -> !world.leased.contains(link))
                        .findAny()
                        .filter(link -> random.nextInt(3) == 0)
                        .ifPresent(link -> {
                            world.open.remove(link);
                            world.tried.remove(link);
                            world.pool.lost(link);
                        });
            }
            case 9 -> {
                if (!world.tried.isEmpty()) {
                    world.answer(random.nextInt(3) > 0);
                }
            }
            case 10 -> {
                switch (random.nextInt(6)) {
                    case 0 -> world.pause();
                    case 1, 2 -> world.resume();
                    case 3 -> world.reconnect();
                    default -> world.check();
                }
            }
            default -> world.pass(random.nextInt(8) == 0 ? random.nextInt(70_000) : random.nextInt(200));
        }
        world.check();
    }

    @Test
    void invariantsHoldWhateverHappensAndNobodyIsForgotten() {
        for (long seed = 1; seed <= 400; seed++) {
            try {
                var random = new Random(seed);
                var world = new World();
                for (int i = 0; i < 300; i++) {
                    step(world, random);
                }
                world.resume();
                // The server is well again and clients bring back what they have: everybody gets an answer.
                for (int i = 0; i < 100 && !world.queue.isEmpty(); i++) {
                    world.pass(10);
                    while (world.opening > 0) {
                        world.opened();
                    }
                    while (!world.tried.isEmpty()) {
                        world.answer(true);
                    }
                    if (!world.leased.isEmpty()) {
                        world.release(true);
                    }
                    world.check();
                }
                assertThat(world.queue).as("forgotten").isEmpty();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void aSmallerPoolClosesWhatIsTooMuchAndALargerOneServesWhoWaits() {
        var world = new World();
        for (int i = 0; i < 3; i++) {
            world.acquire();
            world.opened();
        }
        world.release(true);
        world.allowance.limit(world.bound, 1, 0);
        world.pool.reconfigure(SETTINGS, world.now);
        assertThat(world.open).as("idle ones at once").hasSize(2);
        world.acquire();
        assertThat(world.opening).isZero();
        world.release(true);
        assertThat(world.open).as("leased ones when they come back").hasSize(1);
        assertThat(world.queue).hasSize(1);
        world.release(true);
        assertThat(world.leased).hasSize(1);
        world.acquire();
        world.allowance.limit(world.bound, SIZE, 0);
        assertThat(world.opening).isEqualTo(1);
        world.opened();
        assertThat(world.queue).isEmpty();
        world.check();
    }

    @Test
    void whoWaitsTooLongHearsTheNumbers() {
        var world = new World();
        for (int i = 0; i < 3; i++) {
            world.acquire();
            world.opened();
        }
        World.Client late = world.acquire();
        world.pass(4_999);
        assertThat(late.answers).isZero();
        world.pass(1);
        assertThat(late.refusal().error()).isEqualTo(PandoError.POOL_QUEUE_TIMEOUT);
        assertThat(late.refusal()).hasMessageContaining("3 in use of 3 (pool.size)");
    }

    @Test
    void aFullQueueRefusesAtOnce() {
        var world = new World();
        for (int i = 0; i < SETTINGS.maxWaiting(); i++) {
            assertThat(world.acquire().answers).isZero();
        }
        assertThat(world.opening).isEqualTo(3);
        assertThat(world.acquire().refusal().error()).isEqualTo(PandoError.POOL_QUEUE_TIMEOUT);
    }

    @Test
    void idleLinksAreClosedAfterTheirTime() {
        var world = new World();
        world.acquire();
        world.opened();
        world.release(true);
        world.pass(59_999);
        assertThat(world.open).hasSize(1);
        world.pass(1);
        assertThat(world.open).isEmpty();
        world.check();
    }

    @Test
    void aServerThatIsDownIsToldToAllAndAskedLessAndLessOften() {
        var world = new World();
        World.Client first = world.acquire();
        World.Client second = world.acquire();
        world.openFailed();
        assertThat(second.answers).as("another attempt is under way").isZero();
        world.openFailed();
        assertThat(List.of(first, second)).allMatch(client -> client.refusal().error() == PandoError.SHARD_UNAVAILABLE);
        for (int i = 0; i < 1_000; i++) {
            world.acquire();
            if (world.opening > 0) {
                world.openFailed();
            }
            world.pass(10);
            world.check();
        }
        assertThat(world.clients).allMatch(client -> client.refusal().error() == PandoError.SHARD_UNAVAILABLE);
        assertThat(world.opens).as("attempts in 10 s").isBetween(20, 40);
        world.pass(400);
        World.Client next = world.acquire();
        world.acquire();
        assertThat(world.opening).as("one finds out whether it is back").isEqualTo(1);
        world.opened();
        assertThat(next.link).isPositive();
        assertThat(world.opening).as("then all are served").isEqualTo(1);
    }

    @Test
    void whoWaitsForALeaseIsNotRefusedByAFailureToOpen() {
        var world = new World();
        world.acquire();
        world.opened();
        World.Client waits = world.acquire();
        world.openFailed();
        assertThat(waits.answers).isZero();
        world.release(true);
        assertThat(waits.link).isPositive();
    }

    @Test
    void aLinkGoneDuringTheBackOffIsReplacedLater() {
        var world = new World();
        world.acquire();
        world.opened();
        World.Client waits = world.acquire();
        world.openFailed();
        world.release(false);
        assertThat(world.opening).isZero();
        world.pass(50);
        assertThat(world.opening).isEqualTo(1);
        world.opened();
        assertThat(waits.link).isPositive();
    }

    @Test
    void aPauseLetsWhatIsUnderWayEndAndKeepsTheOthersWaiting() {
        var world = new World();
        World.Client first = world.acquire();
        world.opened();
        world.acquire();
        world.opened();
        world.release(true);
        world.pause();
        assertThat(world.open).as("the idle one is closed").hasSize(1);
        assertThat(world.pool.drained()).isFalse();
        World.Client waits = world.acquire();
        World.Client underWay = world.acquire(true);
        assertThat(world.opening).as("for the one under way").isEqualTo(1);
        world.opened();
        assertThat(underWay.link).isPositive();
        world.release(true);
        world.release(true);
        assertThat(world.pool.drained()).isTrue();
        assertThat(world.open).isEmpty();
        world.pass(600_000);
        assertThat(waits.answers).as("a pause has no end of its own").isZero();
        world.resume();
        world.pass(4_999);
        assertThat(waits.answers)
                .as("its time begins with the end of the pause")
                .isZero();
        assertThat(world.opening).isEqualTo(1);
        world.opened();
        assertThat(waits.link).isPositive().isNotEqualTo(first.link);
        world.check();
    }

    @Test
    void inAPauseOnlyWhoIsUnderWayHearsThatTheServerIsDown() {
        var world = new World();
        world.pause();
        World.Client waits = world.acquire();
        assertThat(world.opening).isZero();
        World.Client underWay = world.acquire(true);
        world.openFailed();
        assertThat(underWay.refusal().error()).isEqualTo(PandoError.SHARD_UNAVAILABLE);
        assertThat(waits.answers).isZero();
        assertThat(world.acquire().answers).isZero();
        world.resume();
        assertThat(world.opening).as("no back-off for what failed in the pause").isEqualTo(2);
        world.check();
    }

    @Test
    void afterReconnectNobodyGetsAConnectionFromBefore() {
        var world = new World();
        World.Client holds = world.acquire();
        world.opened();
        world.acquire();
        world.reconnect();
        assertThat(world.pool.outdated()).as("one leased, one on its way").isEqualTo(2);
        world.opened();
        assertThat(world.open).as("the one on its way was closed").containsExactly(holds.link);
        assertThat(world.opening).isEqualTo(1);
        world.opened();
        world.leased.remove(holds.link);
        world.pool.release(holds.link, true, world.now);
        assertThat(world.open).doesNotContain(holds.link);
        assertThat(world.pool.outdated()).isZero();
        world.check();
    }

    @Test
    void aClosedPoolRefusesAndKeepsNothing() {
        var world = new World();
        world.acquire();
        world.opened();
        World.Client waits = world.acquire();
        world.pool.close();
        assertThat(waits.refusal().error()).isEqualTo(PandoError.SHUTTING_DOWN);
        assertThat(world.acquire().refusal().error()).isEqualTo(PandoError.SHUTTING_DOWN);
        world.opened();
        world.release(true);
        assertThat(world.open).isEmpty();
        world.check();
    }

    @Test
    void aQueueOfNothingIsRefusedAndCountsAddUp() {
        assertThatThrownBy(() -> new PoolSettings(0, Duration.ZERO, Duration.ZERO, Duration.ZERO, SETTINGS.upkeep()))
                .isInstanceOf(IllegalArgumentException.class);
        var sum = PoolStatistics.NONE
                .plus(new PoolStatistics(1, 2, 3, 4, 5, 6))
                .plus(new PoolStatistics(1, 1, 1, 1, 1, 2));
        assertThat(sum).isEqualTo(new PoolStatistics(2, 3, 4, 5, 6, 6));
    }
}
