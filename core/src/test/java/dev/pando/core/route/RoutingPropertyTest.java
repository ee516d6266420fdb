package dev.pando.core.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Shaper;
import dev.pando.core.shard.Key;
import dev.pando.core.shard.KeyType;
import dev.pando.core.topology.Catalog;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.TableName;
import dev.pando.grammar.Grammar;
import dev.pando.grammar.GrammarLimits;
import dev.pando.grammar.ParseTree;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * However a key is written, it leads to the shard that the sharding function names; and a plan from the cache leads to where a new one
 * would. Random keys of all types from a seed that every message names.
 */
class RoutingPropertyTest {
    private static final Grammar GRAMMAR = new Grammar(GrammarLimits.DEFAULT);
    private static final Catalog CATALOG = SampleCatalog.of(4);
    private static final Router ROUTER = new Router(4);
    private static final long SEED = Long.getLong("pando.seed", 1);
    private static final int KEYS = 60;
    private static final List<String> PIECES = List.of("a", "Z", "'", "é", "\\", " ", "語", "$1", "😀", ",", "}", "\"");

    private final Shaper shaper = new Shaper();
    private final Map<String, Plan> plans = new HashMap<>();

    private enum Sample {
        ORDERS("orders", "tenant_id", KeyType.INT8),
        USERS("users", "id", KeyType.UUID),
        ACCOUNTS("accounts", "name", KeyType.TEXT);

        private final String table;
        private final String column;
        private final KeyType type;

        Sample(String table, String column, KeyType type) {
            this.table = table;
            this.column = column;
            this.type = type;
        }

        String literal(Key key) {
            return switch (key) {
                case Key.Int number -> Long.toString(number.value());
                case Key.Uuid uuid -> "'" + uuid.value() + "'";
                case Key.Text text -> "'" + text.value().replace("'", "''") + "'";
                case Key.Composite composite -> throw new AssertionError();
            };
        }

        static String text(Key key) {
            return switch (key) {
                case Key.Int number -> Long.toString(number.value());
                case Key.Uuid uuid -> uuid.value().toString();
                case Key.Text text -> text.value();
                case Key.Composite composite -> throw new AssertionError();
            };
        }

        static byte[] binary(Key key) {
            return switch (key) {
                case Key.Int number ->
                    ByteBuffer.allocate(8).putLong(number.value()).array();
                case Key.Uuid uuid ->
                    ByteBuffer.allocate(16)
                            .putLong(uuid.value().getMostSignificantBits())
                            .putLong(uuid.value().getLeastSignificantBits())
                            .array();
                case Key.Text text -> text.value().getBytes(StandardCharsets.UTF_8);
                case Key.Composite composite -> throw new AssertionError();
            };
        }

        Key random(Random random) {
            return switch (this) {
                case ORDERS -> new Key.Int(random.nextInt(4) == 0 ? random.nextInt(10) - 5 : random.nextLong());
                case USERS -> new Key.Uuid(new UUID(random.nextLong(), random.nextLong()));
                case ACCOUNTS ->
                    new Key.Text(Stream.generate(() -> PIECES.get(random.nextInt(PIECES.size())))
                            .limit(random.nextInt(8))
                            .reduce("", String::concat));
            };
        }

        int shard(Key key) {
            var table = Objects.requireNonNull(CATALOG.tables().get(new TableName("public", this.table)));
            return ((Placement.Sharded) table.placement()).function().shardOf(key);
        }
    }

    @AfterAll
    static void close() {
        GRAMMAR.close();
    }

    @Test
    void everyWayToWriteAKeyLeadsToItsShard() {
        Random random = new Random(SEED);
        for (int i = 0; i < KEYS; i++) {
            Sample sample = Sample.values()[i % 3];
            Key key = sample.random(random);
            String literal = sample.literal(key);
            String from = "SELECT * FROM " + sample.table + " WHERE " + sample.column;
            Map<String, Resolution> ways = new LinkedHashMap<>();
            ways.put("literal", literals(from + " = " + literal));
            ways.put("turned", literals("SELECT * FROM " + sample.table + " WHERE " + literal + " = " + sample.column));
            ways.put("quoted", literals(from + " = '" + Sample.text(key).replace("'", "''") + "'"));
            ways.put(
                    "cast",
                    literals(from + " = '" + Sample.text(key).replace("'", "''") + "'::" + sample.type.sqlName()));
            ways.put("IN", literals(from + " IN (" + literal + ", " + literal + ")"));
            ways.put("IN of one", literals(from + " IN (" + literal + ")"));
            ways.put("ANY", literals(from + " = ANY(ARRAY[" + literal + ", NULL])"));
            ways.put("and more", literals(from + " = " + literal + " AND 'x' <> 'y' LIMIT 3"));
            ways.put("text parameter", bound(from + " = $1", key, false, 0));
            ways.put("binary parameter", bound(from + " = $1", key, true, 0));
            ways.put("typed parameter", bound(from + " = $1", key, true, sample.type.oid()));
            ways.put("cast parameter", bound(from + " = $1::" + sample.type.sqlName(), key, false, 0));
            ways.put(
                    "UPDATE", bound("DELETE FROM " + sample.table + " WHERE " + sample.column + " = $1", key, true, 0));
            String insert = "INSERT INTO " + sample.table + " (" + sample.column + ") VALUES (";
            ways.put("INSERT", literals(insert + literal + ")"));
            ways.put("INSERT of a parameter", bound(insert + "$1)", key, true, 0));
            ways.put("INSERT of several", literals(insert + literal + "), (" + literal + ")"));
            Resolution expected = new Resolution.Shards(List.of(new ShardId(sample.shard(key))));
            ways.forEach((way, found) ->
                    assertThat(found).as("%s of %s, seed %s", way, key, SEED).isEqualTo(expected));
        }
    }

    @Test
    void listsLeadToTheShardsOfTheirKeys() {
        Random random = new Random(SEED);
        for (int i = 0; i < KEYS; i++) {
            Sample sample = Sample.values()[i % 3];
            List<Key> keys = Stream.generate(() -> sample.random(random))
                    .limit(1 + random.nextInt(5))
                    .toList();
            TreeSet<ShardId> shards = new TreeSet<>();
            keys.forEach(key -> shards.add(new ShardId(sample.shard(key))));
            String list = String.join(", ", keys.stream().map(sample::literal).toList());
            String sql = "SELECT * FROM " + sample.table + " WHERE " + sample.column + " IN (" + list + ")";
            assertThat(literals(sql))
                    .as("%s, seed %s", sql, SEED)
                    .isEqualTo(new Resolution.Shards(List.copyOf(shards)));
        }
    }

    @Test
    void aCachedPlanLeadsToWhereANewOneWould() {
        Random random = new Random(SEED);
        PlanCache cache = new PlanCache(8 << 20);
        int hits = 0;
        for (int i = 0; i < 500; i++) {
            String sql = statement(random);
            byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
            Planned fresh = planned(sql);
            Planned cached = cache.get(bytes, shaper.shape(bytes), CATALOG.epoch(), SampleCatalog.SEARCH_PATH);
            if (cached == null) {
                cache.put(fresh, CATALOG.epoch(), SampleCatalog.SEARCH_PATH);
                continue;
            }
            hits++;
            assertThat(resolve(cached)).as("%s, seed %s", sql, SEED).isEqualTo(resolve(fresh));
            assertThat(PlanText.of(cached.plan())).as("%s, seed %s", sql, SEED).isEqualTo(PlanText.of(fresh.plan()));
        }
        assertThat(hits).isGreaterThan(100);
    }

    /** Shapes whose plan depends on values in some way, with values that differ. */
    private static String statement(Random random) {
        int n = random.nextInt(6) - 2;
        int m = 1 + random.nextInt(3);
        String[] shapes = {
            "SELECT * FROM orders WHERE tenant_id = " + n,
            "SELECT * FROM orders WHERE tenant_id IN (" + n + ", " + m + ")",
            "SELECT * FROM orders WHERE tenant_id IN (" + n + ")",
            "SELECT id, note, total FROM orders ORDER BY " + m,
            "SELECT id, note FROM orders ORDER BY id LIMIT " + m + " OFFSET " + (m + 1),
            "SELECT note, id, count(*) FROM orders GROUP BY " + m + ", " + (3 - m % 2),
            "SELECT date_trunc('" + (m == 1 ? "day" : "hour") + "', sent_at), count(*) FROM messages "
                    + "GROUP BY date_trunc('" + (n > 0 ? "day" : "hour") + "', sent_at)",
            "INSERT INTO orders (tenant_id, id) VALUES (" + n + ", 1), (" + m * 1000 + ", 2)",
            "INSERT INTO orders (tenant_id, id) VALUES (" + n + ", " + m + ")",
            "SELECT set_config('" + (m == 1 ? "work_mem" : "client_encoding") + "', 'LATIN1', false)",
            "SET client_encoding = '" + (m == 1 ? "UTF8" : "LATIN1") + "'",
            "EXPLAIN (ANALYZE " + (n > 0 ? 1 : 0) + ") DELETE FROM orders WHERE tenant_id = 1",
            "SELECT avg(total) FILTER (WHERE id > " + n + ") FROM orders LIMIT " + m,
            "UPDATE orders SET tenant_id = " + m + " WHERE tenant_id = " + n,
            "DELETE FROM accounts WHERE name = '" + "x".repeat(m) + "' AND balance > " + n,
            "COPY accounts FROM STDIN WITH (FORMAT csv, DELIMITER '" + (m == 1 ? ";" : ",") + "')",
        };
        return shapes[random.nextInt(shapes.length)];
    }

    @Test
    void theCacheStaysWithinItsBytes() {
        int bound = 1 << 20;
        PlanCache cache = new PlanCache(bound);
        for (int i = 0; i < 100; i++) {
            String rows = ("(" + i + ", 1), ").repeat(200) + "(0, 0)";
            cache.put(planned("INSERT INTO orders (tenant_id, id) VALUES " + rows), 1, SampleCatalog.SEARCH_PATH);
            cache.put(
                    planned("SELECT id AS c" + i + " FROM orders WHERE tenant_id = $1"), 1, SampleCatalog.SEARCH_PATH);
            assertThat(cache.bytes()).isLessThanOrEqualTo(bound);
        }
        assertThat(cache.bytes()).isGreaterThan(bound / 4);
    }

    @Test
    void aRowNeedsAKey() {
        Plan plan = plans.computeIfAbsent(
                "INSERT INTO orders (tenant_id) VALUES ($1)",
                sql -> planned(sql).plan());
        var shaped = shaper.shape(new byte[0]);
        assertThatThrownBy(() -> ROUTER.resolve(plan, new Values(shaped, new One(null, false, 0))))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("INSERT into \"orders\" without a value");
        byte[] word = "abc".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> ROUTER.resolve(plan, new Values(shaped, new One(word, false, 0))))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("cannot be used");
    }

    /** sqrt() makes the parameter a double, tenant_id is then compared as one. */
    @Test
    void aParameterOfAnotherTypeIsNoKey() {
        Plan plan = planned("SELECT * FROM orders WHERE sqrt($1) > 2 AND tenant_id = $1")
                .plan();
        var shaped = shaper.shape(new byte[0]);
        byte[] real = ByteBuffer.allocate(8).putDouble(5).array();
        Resolution every = ROUTER.resolve(plan, new Values(shaped, new One(real, true, 0)));
        assertThat(every)
                .isEqualTo(ROUTER.resolve(
                        planned("SELECT * FROM orders").plan(), new Values(shaped, new One(null, false, 0))));
        byte[] five = "5".getBytes(StandardCharsets.UTF_8);
        Resolution one = ROUTER.resolve(plan, new Values(shaped, new One(five, false, 0)));
        assertThat(one).isEqualTo(new Resolution.Shards(List.of(new ShardId(Sample.ORDERS.shard(new Key.Int(5))))));
    }

    private Resolution literals(String sql) {
        return resolve(planned(sql));
    }

    private static Resolution resolve(Planned planned) {
        return ROUTER.resolve(planned.plan(), Values.literals(planned.shaped()));
    }

    private Resolution bound(String sql, Key key, boolean binary, int oid) {
        Plan plan = plans.computeIfAbsent(sql, text -> planned(text).plan());
        byte[] bytes = binary ? Sample.binary(key) : Sample.text(key).getBytes(StandardCharsets.UTF_8);
        return ROUTER.resolve(plan, new Values(shaper.shape(new byte[0]), new One(bytes, binary, oid)));
    }

    private static Planned planned(String sql) {
        if (!(GRAMMAR.parse(sql) instanceof ParseTree tree)) {
            throw new AssertionError("not SQL: " + sql);
        }
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        return Plans.planned(tree, bytes, CATALOG, SampleCatalog.SEARCH_PATH);
    }

    /** One bound parameter. */
    private record One(byte @org.jspecify.annotations.Nullable [] value, boolean inBinary, int oid)
            implements Values.Parameters {
        @Override
        public int count() {
            return 1;
        }

        @Override
        public byte @org.jspecify.annotations.Nullable [] bytes(int number) {
            return value;
        }

        @Override
        public boolean binary(int number) {
            return inBinary;
        }

        @Override
        public int typeOid(int number) {
            return oid;
        }
    }
}
