package dev.pando.server.control;

import dev.pando.core.shard.KeyShares;
import dev.pando.core.topology.Address;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.Shard;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.TableName;
import dev.pando.core.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks all servers of the fleet at once how they are and what they hold. Owns the threads that ask; may be used by several threads.
 *
 * <p>What can go wrong: a server is dead (its connection is refused at once), gone (its packets are lost), or stopped (it takes the
 * connection and never answers). So every server has a thread of its own and all have the same deadline; who has not answered by then is
 * reported as down, and its thread ends by its own socket's timeout a little later. Nothing is asked of home that the others depend on:
 * the shard map is the one this node works with.
 */
final class StatisticsCollector implements AutoCloseable {
    /** After this a server that did not answer counts as down. */
    static final Duration PATIENCE = Duration.ofMillis(2_500);

    /** Counting rows reads whole tables; what is not counted by then is estimated. */
    static final Duration COUNTING = Duration.ofSeconds(60);

    private final FleetConnections fleet;
    private final Supplier<Metadata> metadata;
    private final InstantSource clock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    StatisticsCollector(FleetConnections fleet, Supplier<Metadata> metadata, InstantSource clock) {
        this.fleet = fleet;
        this.metadata = metadata;
        this.clock = clock;
    }

    /** Blocks for as long as the slowest living server takes, and {@link #PATIENCE} when one is dead. */
    FleetStats collect(boolean exact) {
        Instant at = clock.instant();
        Metadata map = metadata.get();
        List<Metadata.Entry> tables = map.tables().values().stream()
                .sorted((one, other) ->
                        one.table().toString().compareTo(other.table().toString()))
                .toList();
        List<TableName> names = tables.stream().map(Metadata.Entry::table).toList();
        Topology topology = fleet.topology();
        Map<Address, Future<ServerAnswer>> asked = new HashMap<>();
        for (Shard shard : topology.shards()) {
            asked.computeIfAbsent(shard.primary(), address -> ask(address, names));
            shard.replicas().forEach(replica -> asked.computeIfAbsent(replica, address -> ask(address, List.of())));
        }
        Map<Address, ServerAnswer> answers = await(asked, at.plus(PATIENCE));
        Map<ShardId, List<OptionalLong>> counts = exact ? count(topology, answers, names) : Map.of();
        List<FleetStats.ShardStats> shards = topology.shards().stream()
                .map(shard -> shardStats(shard, answers))
                .toList();
        List<FleetStats.TableStats> tableStats = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            List<FleetStats.TablePart> parts = new ArrayList<>();
            for (Shard shard : topology.shards()) {
                List<OptionalLong> counted = counts.getOrDefault(shard.id(), List.of());
                OptionalLong rows = i < counted.size() ? counted.get(i) : OptionalLong.empty();
                parts.add(part(shard.id(), answer(shard.primary(), answers).parts(), i, rows));
            }
            tableStats.add(tableStats(map, tables.get(i), parts));
        }
        return new FleetStats(at, Duration.between(at, clock.instant()), map.epoch(), shards, tableStats);
    }

    private Future<ServerAnswer> ask(Address address, List<TableName> tables) {
        return threads.submit(() -> ServerAnswer.of(fleet, address, tables));
    }

    private Map<Address, ServerAnswer> await(Map<Address, Future<ServerAnswer>> asked, Instant deadline) {
        Map<Address, ServerAnswer> answers = new HashMap<>();
        asked.forEach((address, future) -> {
            ServerAnswer answer = await(future, deadline);
            answers.put(
                    address,
                    answer != null ? answer : ServerAnswer.down("no answer within " + PATIENCE.toMillis() + " ms"));
        });
        return answers;
    }

    /** Null when there is no result by then. */
    private <T> @Nullable T await(Future<T> future, Instant deadline) {
        try {
            long left = Math.max(Duration.between(clock.instant(), deadline).toMillis(), 0);
            return future.get(left, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            future.cancel(true);
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each living primary counts its rows; a shard that does not finish in time is left out. */
    private Map<ShardId, List<OptionalLong>> count(
            Topology topology, Map<Address, ServerAnswer> answers, List<TableName> tables) {
        Map<ShardId, Future<List<OptionalLong>>> running = new HashMap<>();
        for (Shard shard : topology.shards()) {
            if (answer(shard.primary(), answers).up()) {
                running.put(
                        shard.id(), threads.submit(() -> ServerAnswer.count(fleet, shard.primary(), tables, COUNTING)));
            }
        }
        Instant deadline = clock.instant().plus(COUNTING);
        Map<ShardId, List<OptionalLong>> counts = new HashMap<>();
        running.forEach((shard, future) -> {
            List<OptionalLong> counted = await(future, deadline);
            if (counted != null) {
                counts.put(shard, counted);
            }
        });
        return counts;
    }

    private static ServerAnswer answer(Address address, Map<Address, ServerAnswer> answers) {
        return answers.getOrDefault(address, ServerAnswer.down("not asked"));
    }

    private static FleetStats.ShardStats shardStats(Shard shard, Map<Address, ServerAnswer> answers) {
        ServerAnswer primary = answer(shard.primary(), answers);
        return new FleetStats.ShardStats(
                shard.id(),
                shard.name(),
                primary.stats(shard.primary(), null),
                shard.replicas().stream()
                        .map(replica -> answer(replica, answers).stats(replica, primary))
                        .toList(),
                primary.database());
    }

    private static FleetStats.TablePart part(
            ShardId shard, List<ServerAnswer.Part> parts, int place, OptionalLong counted) {
        ServerAnswer.Part part =
                parts.stream().filter(each -> each.place() == place).findFirst().orElse(ServerAnswer.Part.UNKNOWN);
        return new FleetStats.TablePart(
                shard,
                counted.isPresent() ? counted : part.estimate(),
                counted.isEmpty(),
                part.bytes(),
                OptionalDouble.empty(),
                OptionalDouble.empty());
    }

    private static FleetStats.TableStats tableStats(
            Metadata map, Metadata.Entry entry, List<FleetStats.TablePart> parts) {
        return switch (map.placement(entry)) {
            case Placement.Sharded sharded ->
                new FleetStats.TableStats(
                        entry.table(),
                        "sharded",
                        sharded.group(),
                        sharded.function().name(),
                        withShares(sharded, parts));
            case Placement.Reference reference ->
                new FleetStats.TableStats(entry.table(), "reference", null, null, parts);
            case Placement.Single single -> throw new IllegalStateException(entry.table() + " is declared and single");
        };
    }

    private static List<FleetStats.TablePart> withShares(Placement.Sharded sharded, List<FleetStats.TablePart> parts) {
        boolean complete = parts.stream().allMatch(part -> part.rows().isPresent());
        long total = parts.stream().mapToLong(part -> part.rows().orElse(0)).sum();
        return parts.stream()
                .map(part -> new FleetStats.TablePart(
                        part.shard(),
                        part.rows(),
                        part.estimated(),
                        part.bytes(),
                        KeyShares.of(sharded.function(), part.shard().index()),
                        complete && total > 0
                                ? OptionalDouble.of((double) part.rows().orElse(0) / total)
                                : OptionalDouble.empty()))
                .toList();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
