package dev.pando.jmh;

import dev.pando.base.sql.Shaper;
import dev.pando.core.route.PlanCache;
import dev.pando.core.route.Planned;
import dev.pando.core.route.Plans;
import dev.pando.core.route.Resolution;
import dev.pando.core.route.Router;
import dev.pando.core.route.Values;
import dev.pando.core.shard.KeyType;
import dev.pando.core.shard.ShardingFunctions;
import dev.pando.core.topology.Catalog;
import dev.pando.core.topology.Column;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.Table;
import dev.pando.core.topology.TableName;
import dev.pando.grammar.GrammarLimits;
import dev.pando.grammar.ParserService;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What routing adds to a statement in the steady state: shape, plan-cache hit, and from the plan and its values to shards. */
@State(Scope.Thread)
public class PlanCacheBench extends NanosecondsPerCall {
    private static final List<String> PATH = List.of("public");

    /** Statements whose plans are cached by shape, and one cached by text. */
    public enum Text {
        POINT_QUERY("SELECT id, name, email FROM users WHERE id = 4711"),
        SCATTER("SELECT name, count(*) FROM users GROUP BY name"),
        IN_LIST_100("SELECT * FROM users WHERE id IN ("
                + IntStream.range(0, 100).mapToObj(String::valueOf).collect(Collectors.joining(", ")) + ")"),
        INSERT_10_ROWS("INSERT INTO users (id, name) VALUES "
                + IntStream.range(0, 10)
                        .mapToObj(i -> "(" + (1000 + i) + ", 'name number " + i + "')")
                        .collect(Collectors.joining(", ")));

        private final String sql;

        Text(String sql) {
            this.sql = sql;
        }
    }

    @Param
    public Text text = Text.POINT_QUERY;

    private final Shaper shaper = new Shaper();
    private final Router router = new Router(4);
    private final Catalog catalog = catalog();
    private final ParserService parser = new ParserService(1, 16, GrammarLimits.DEFAULT);
    private final Plans plans = new Plans(parser, new PlanCache(16 << 20));
    private byte[] sql = {};

    private static Catalog catalog() {
        var function = ShardingFunctions.parse("hash", Map.of(), 4, List.of(KeyType.INT8));
        var sharded = new Placement.Sharded("users", function, List.of("id"), List.of(KeyType.INT8));
        TableName name = new TableName("public", "users");
        var same = Column.Default.SAME_EVERYWHERE;
        List<Column> columns = List.of(
                new Column("id", 20, null, false, same),
                new Column("name", 25, "C", true, same),
                new Column("email", 25, "C", true, same));
        Table users = new Table(name, Table.Kind.TABLE, sharded, columns, Set.of());
        return new Catalog(1, 4, Map.of(name, users), Map.of(), Set.of(), true);
    }

    @Setup
    public void plan() {
        sql = text.sql.getBytes(StandardCharsets.UTF_8);
        plans.plan(sql, catalog, PATH).toCompletableFuture().join();
    }

    @TearDown
    public void close() {
        parser.close();
    }

    /** One pass of the lexer, then a look-up. */
    @Benchmark
    public Planned hit() {
        return Objects.requireNonNull(plans.cached(sql, shaper, catalog, PATH));
    }

    /** The same, and the shards of the statement's values. */
    @Benchmark
    public Resolution hitAndRoute() {
        Planned planned = hit();
        return router.resolve(planned.plan(), Values.literals(planned.shaped()));
    }
}
