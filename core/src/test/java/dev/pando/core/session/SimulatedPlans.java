package dev.pando.core.session;

import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Shaper;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.route.PlanCache;
import dev.pando.core.route.Planned;
import dev.pando.core.route.Plans;
import dev.pando.core.shard.Key;
import dev.pando.core.shard.KeyType;
import dev.pando.core.shard.ShardingFunction;
import dev.pando.core.shard.ShardingFunctions;
import dev.pando.core.topology.Catalog;
import dev.pando.core.topology.Column;
import dev.pando.core.topology.HiddenCode;
import dev.pando.core.topology.Oids;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Table;
import dev.pando.core.topology.TableName;
import dev.pando.core.topology.Trace;
import dev.pando.grammar.GrammarLimits;
import dev.pando.grammar.ParserService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The real planner over the schema of the simulations: each client has tables of its own, so that what it sees is its own doing. */
final class SimulatedPlans {
    static final int CLIENTS = 4;

    private static final Map<Integer, SimulatedPlans> BY_SHARDS = new HashMap<>();
    private static final Plans PLANS =
            new Plans(new ParserService(1, 1_000, GrammarLimits.DEFAULT), new PlanCache(64L << 20));

    private final Shaper shaper = new Shaper();
    private final ShardingFunction function;
    private final Catalog catalog;

    private SimulatedPlans(int shards) {
        function = ShardingFunctions.parse("hash", Map.of(), shards, List.of(KeyType.INT8));
        Placement.Sharded sharded = new Placement.Sharded("play", function, List.of("k"), List.of(KeyType.INT8));
        Map<TableName, Table> tables = new HashMap<>();
        for (int i = 0; i < CLIENTS; i++) {
            add(tables, "unit" + i, sharded);
            add(tables, "play" + i, sharded);
            add(tables, "ref" + i, new Placement.Reference());
            add(tables, "home" + i, new Placement.Single(ShardId.HOME));
        }
        catalog = new Catalog(shards, shards, tables, Map.of(), code(), Set.of(), true, Oids.ALIKE);
    }

    /** A function that changes a setting. */
    private static HiddenCode code() {
        HiddenCode.Found secretly =
                new HiddenCode.Found(HiddenCode.Reach.FAR, "function secretly()", Set.of(Trace.SETTINGS));
        return new HiddenCode(
                Map.of("secretly", secretly),
                Set.of(),
                Set.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                null,
                null,
                Set.of(),
                Set.of("secretly"));
    }

    static SimulatedPlans of(int shards) {
        return BY_SHARDS.computeIfAbsent(shards, SimulatedPlans::new);
    }

    private static void add(Map<TableName, Table> tables, String name, Placement placement) {
        TableName full = new TableName("public", name);
        List<Column> columns = List.of(
                new Column("k", 20, null, false, Column.Default.SAME_EVERYWHERE),
                new Column("v", 25, "C", true, Column.Default.SAME_EVERYWHERE));
        tables.put(full, new Table(full, Table.Kind.TABLE, placement, columns, Set.of()));
    }

    int shards() {
        return catalog.shardCount();
    }

    int shardOf(long key) {
        return function.shardOf(new Key.Int(key));
    }

    long epoch() {
        return catalog.epoch();
    }

    /** As if it were in the cache; null when it has no plan at all. */
    @Nullable
    Planned cached(byte[] sql, List<String> searchPath) {
        return outcome(sql, searchPath) instanceof Plans.Outcome.Ready ready ? ready.planned() : null;
    }

    private Plans.Outcome outcome(byte[] sql, List<String> searchPath) {
        Planned cached = PLANS.cached(sql, shaper, catalog, searchPath);
        return cached != null
                ? new Plans.Outcome.Ready(cached)
                : PLANS.plan(sql, catalog, searchPath).toCompletableFuture().join();
    }

    void plan(byte[] sql, List<String> searchPath, Consumer<Planned> planned, Consumer<ErrorFields> failed) {
        Plans.Outcome outcome;
        try {
            outcome = outcome(sql, searchPath);
        } catch (CompletionException refused) {
            if (refused.getCause() instanceof PandoException reason) {
                failed.accept(ErrorFields.of(reason, false));
                return;
            }
            throw refused;
        }
        switch (outcome) {
            case Plans.Outcome.Ready ready -> planned.accept(ready.planned());
            case Plans.Outcome.Invalid invalid ->
                failed.accept(ErrorFields.at(invalid.sqlState(), invalid.message(), invalid.position()));
        }
    }
}
