package dev.pando.server.admin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.ConfigLoader;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.Purpose;
import dev.pando.core.config.Secret;
import dev.pando.core.config.SecretSource;
import dev.pando.core.config.ShardConfig;
import dev.pando.core.pool.PoolMode;
import dev.pando.core.pool.PoolStatistics;
import dev.pando.core.sight.SightCounts;
import dev.pando.core.sight.SightStats;
import dev.pando.core.topology.Address;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.TableName;
import dev.pando.server.control.FleetStats;
import dev.pando.server.control.FleetStats.ServerStats;
import dev.pando.server.control.FleetStats.ShardStats;
import dev.pando.server.control.FleetStats.TablePart;
import dev.pando.server.control.FleetStats.TableStats;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A fleet of two shards, whose second primary is down and whose first standby is 1,536 bytes behind. */
public final class SampleView implements AdminView {
    private static final ShardId FIRST = new ShardId(0);
    private static final ShardId SECOND = new ShardId(1);
    private static final Place FIRST_PLACE = new Place("app", FIRST);
    private static final Place SECOND_PLACE = new Place("app", SECOND);

    private final AtomicInteger asked = new AtomicInteger();
    private volatile @Nullable String notReady;
    private volatile @Nullable RuntimeException failure;
    private volatile Runnable hold = () -> {};
    private volatile String settings = "";

    public void notReady(@Nullable String reason) {
        notReady = reason;
    }

    /** What stands in the configuration besides the servers, as TOML. */
    public void configured(String toml) {
        settings = toml;
    }

    public void fail(RuntimeException with) {
        failure = with;
    }

    /** Makes the next questions to the fleet wait for {@code goOn}, after telling {@code asked}. */
    public void hold(CountDownLatch asked, CountDownLatch goOn) {
        hold = () -> {
            asked.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /** How often the fleet was asked. */
    public int asked() {
        return asked.get();
    }

    @Override
    public PandoConfig config() {
        return ConfigLoader.parse(settings, "sample", Purpose.UP, SecretSource.of(Path.of("."), Map.of()))
                .withFleet(
                        new PandoConfig.Control("postgres", new Secret("top-secret")),
                        List.of(
                                new ShardConfig("shard-0", address(1), List.of(address(2))),
                                new ShardConfig("shard-1", address(3), List.of())));
    }

    @Override
    public @Nullable String notReady() {
        return notReady;
    }

    @Override
    public Duration uptime() {
        return Duration.ofSeconds(61);
    }

    @Override
    public FleetStats fleet(boolean exact) {
        asked.incrementAndGet();
        hold.run();
        RuntimeException broken = failure;
        if (broken != null) {
            throw broken;
        }
        ServerStats primary = new ServerStats(address(1), true, null, false, "0/3000060", OptionalLong.empty(), null);
        ServerStats standby = new ServerStats(
                address(2), true, null, true, "0/2FFFA60", OptionalLong.of(1536), Duration.ofMillis(40));
        ServerStats dead =
                new ServerStats(address(3), false, "connection refused", false, null, OptionalLong.empty(), null);
        TableStats users = new TableStats(
                new TableName("public", "users"),
                "sharded",
                "users",
                "hash",
                List.of(
                        new TablePart(
                                FIRST,
                                OptionalLong.of(7),
                                !exact,
                                OptionalLong.of(8192),
                                OptionalDouble.of(0.5),
                                OptionalDouble.empty()),
                        new TablePart(
                                SECOND,
                                OptionalLong.empty(),
                                !exact,
                                OptionalLong.empty(),
                                OptionalDouble.of(0.5),
                                OptionalDouble.empty())));
        return new FleetStats(
                Instant.EPOCH,
                Duration.ofMillis(3),
                9,
                List.of(
                        new ShardStats(
                                FIRST,
                                "shard-0",
                                primary,
                                List.of(standby),
                                new FleetStats.DatabaseStats(1 << 20, 990, 10, 77, 31, 100)),
                        new ShardStats(SECOND, "shard-1", dead, List.of(), null)),
                List.of(users));
    }

    @Override
    public List<DatabaseView> databases() {
        return List.of(new DatabaseView(
                "app",
                "app",
                null,
                PoolMode.TRANSACTION,
                25,
                null,
                List.of(
                        new ShardView(FIRST, "shard-0", List.of(address(1))),
                        new ShardView(SECOND, "shard-1", List.of(address(3))))));
    }

    @Override
    public List<PoolView> pools() {
        return List.of(
                new PoolView(FIRST_PLACE, 25, new PoolStatistics(3, 2, 0, 1, 0, 0), false),
                new PoolView(SECOND_PLACE, 25, new PoolStatistics(0, 0, 0, 0, 4, 1_200_000_000), true));
    }

    @Override
    public List<UserPoolView> userPools() {
        return pools().stream()
                .map(pool -> new UserPoolView(pool.place(), "app", pool.counts()))
                .toList();
    }

    @Override
    public TrafficView clientTraffic() {
        return new TrafficView(FIRST_PLACE, totals(700), totals(70), Duration.ofMinutes(1));
    }

    /** Every meter at {@code from} and a little more each. */
    private static Totals totals(long from) {
        return Totals.of(LongStream.range(from, from + Meter.values().length).toArray());
    }

    @Override
    public int loggingIn() {
        return 2;
    }

    @Override
    public PlanCacheView planCache() {
        return new PlanCacheView(11, 4096);
    }

    @Override
    public SightStats sight() {
        return SampleSight.stats();
    }

    /** Of statement 7 alone. */
    @Override
    public StatementPlan plan(long statement) {
        RuntimeException broken = failure;
        if (broken != null) {
            throw broken;
        }
        if (statement != 7) {
            throw new PandoException(PandoError.NO_PLAN, "SHOW STATEMENTS knows no statement " + statement);
        }
        return new StatementPlan(
                7,
                "app",
                "ann",
                "EXPLAIN (GENERIC_PLAN) select * from items where order_id = ($1::int)",
                StatementPlan.alike(new TreeMap<>(Map.of(
                        "shard-0",
                        List.of("Seq Scan on items  (cost=0.00..25.88 rows=6 width=36)", "  Filter: (order_id = $1)"),
                        "shard-1",
                        List.of("Seq Scan on items  (cost=0.00..99.10 rows=60 width=36)", "  Filter: (order_id = $1)"),
                        "shard-2",
                        List.of("Index Scan using items_order on items  (cost=0.29..8.30 rows=1 width=36)")))));
    }

    @Override
    public SightCounts sightCounts() {
        return SampleSight.counts();
    }

    @Override
    public SpansView spans() {
        return new SpansView(5, 2, 1);
    }

    @Override
    public long directMemory() {
        return 1 << 24;
    }

    @Override
    public List<ClientView> clients() {
        return List.of(new ClientView(
                42,
                "app",
                "app",
                "psql",
                "127.0.0.1:50000",
                "idle",
                Duration.ofSeconds(5),
                1,
                Duration.ofMillis(1_500),
                null,
                "temporary object",
                "none"));
    }

    @Override
    public List<BackendView> backends() {
        return List.of(
                new BackendView(FIRST_PLACE, address(1), "app", 4711, "active", 42L, Duration.ofSeconds(5), true, null),
                new BackendView(
                        FIRST_PLACE, address(1), "app", 4712, "idle", null, Duration.ofSeconds(4), false, null));
    }

    @Override
    public List<TrafficView> traffic() {
        return List.of(new TrafficView(FIRST_PLACE, totals(1_000), totals(600), Duration.ofMinutes(1)));
    }

    private static Address address(int last) {
        return new Address("10.0.0." + last, 5432);
    }
}
