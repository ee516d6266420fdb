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

/** The pool on a clock and with servers that this test plays. */
class PoolTest {
    private static final PoolSettings SETTINGS = new PoolSettings(3, 8, Duration.ofSeconds(5), Duration.ofSeconds(60));

    private static PandoException down() {
        return new PandoException(PandoError.SHARD_UNAVAILABLE, "eu-1", "host:5432", "connection refused");
    }

    /** The world around one pool, and what must hold in it whatever happens. */
    private static final class World implements Pool.Port<Integer> {
        private final Pool<Integer> pool = new Pool<>("eu-1", SETTINGS, this);
        private final List<Client> clients = new ArrayList<>();
        private final ArrayDeque<Client> queue = new ArrayDeque<>();
        private final Set<Integer> open = new LinkedHashSet<>();
        private final Set<Integer> leased = new LinkedHashSet<>();
        private int opening;
        private int opens;
        private int links;
        private long now;

        private final class Client implements Pool.Waiter<Integer> {
            private Pool.@Nullable Request<Integer> request;
            private int answers;
            private int link;
            private @Nullable PandoException refusal;

            PandoException refusal() {
                return Objects.requireNonNull(refusal);
            }

            @Override
            public void granted(Integer granted) {
                answers++;
                link = granted;
                assertThat(queue.pollFirst()).as("first come, first served").isSameAs(this);
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
        }

        Client acquire() {
            var client = new Client();
            clients.add(client);
            queue.addLast(client);
            client.request = pool.acquire(client, now);
            return client;
        }

        void cancel(Client client) {
            queue.remove(client);
            pool.cancel(Objects.requireNonNull(client.request));
        }

        void opened() {
            opening--;
            open.add(++links);
            pool.opened(links, now);
        }

        void openFailed() {
            opening--;
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
            assertThat(seen.idle()).isEqualTo(open.size() - leased.size());
            assertThat(seen.waiting()).isEqualTo(queue.size()).isLessThanOrEqualTo(SETTINGS.maxWaiting());
            assertThat(open.size() + opening).as("never above its size").isLessThanOrEqualTo(SETTINGS.size());
            assertThat(seen.idle() == 0 || queue.isEmpty())
                    .as("nobody waits beside an idle link")
                    .isTrue();
            assertThat(clients).allMatch(client -> client.answers <= 1);
        }
    }

    private static void step(World world, Random random) {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> world.acquire();
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
                            world.pool.lost(link);
                        });
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
                // The server is well again and clients bring back what they have: everybody gets an answer.
                for (int i = 0; i < 100 && !world.queue.isEmpty(); i++) {
                    world.pass(10);
                    while (world.opening > 0) {
                        world.opened();
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
        assertThat(late.refusal()).hasMessageContaining("3 leased of 3");
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
    void aPoolOfNothingIsRefused() {
        assertThatThrownBy(() -> new PoolSettings(0, 1, Duration.ZERO, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        var sum = PoolStatistics.NONE
                .plus(new PoolStatistics(1, 2, 3, 4, 5, 6))
                .plus(new PoolStatistics(1, 1, 1, 1, 1, 2));
        assertThat(sum).isEqualTo(new PoolStatistics(2, 3, 4, 5, 6, 6));
    }
}
