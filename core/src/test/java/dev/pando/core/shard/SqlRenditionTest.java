package dev.pando.core.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Java and SQL renditions of every function give the same answers on a real server. The seed is in each failure's text. */
class SqlRenditionTest {
    private static final long SEED = 20261121;
    private static final int[] SHARD_COUNTS = {1, 2, 3, 4, 7, 16};
    private static final List<List<KeyType>> KEYS = List.of(
            List.of(KeyType.INT2),
            List.of(KeyType.INT4),
            List.of(KeyType.INT8),
            List.of(KeyType.UUID),
            List.of(KeyType.TEXT),
            List.of(KeyType.INT8, KeyType.TEXT),
            List.of(KeyType.TEXT, KeyType.UUID, KeyType.INT4),
            List.of(KeyType.UUID, KeyType.INT2, KeyType.TEXT, KeyType.INT8));

    private static TemporaryServer server;
    private static Connection connection;

    @BeforeAll
    static void start() throws SQLException {
        server = TemporaryServer.start();
        connection = server.connect();
    }

    @AfterAll
    static void stop() throws SQLException {
        connection.close();
        server.close();
    }

    @Test
    void everyFormOfEveryFunctionAgreesForAllShards() throws Exception {
        for (List<KeyType> types : KEYS) {
            List<Key> keys = new KeySamples(SEED).of(types, 1200);
            for (int shards : SHARD_COUNTS) {
                agree(types, keys, FunctionSamples.of(shards, types, keys, SEED + shards));
            }
        }
    }

    private static void agree(List<KeyType> types, List<Key> keys, Map<String, ShardingFunction> functions)
            throws Exception {
        KeyTable table = KeyTable.create(connection, KeyTable.title(types), types, functions.size());
        agree(table, keys, functions, types.toString());
        table.drop();
    }

    private static void agree(KeyTable table, List<Key> keys, Map<String, ShardingFunction> functions, String types)
            throws Exception {
        List<ShardingFunction> all = new ArrayList<>(functions.values());
        table.fill(keys, all);
        table.fillNulls(keys.getFirst(), all.size());
        int answer = 0;
        for (Map.Entry<String, ShardingFunction> entry : functions.entrySet()) {
            ShardingFunction function = entry.getValue();
            String title = entry.getKey() + ", " + function.shardCount() + " shards, " + types + ", seed " + SEED;
            assertThat(table.disagreements(function, answer++)).as(title).isZero();
            for (int shard = 0; shard < function.shardCount(); shard += 5) {
                table.accept(function.checkSql(shard, table.keyColumns()));
            }
        }
    }

    @Test
    void aMillionKeysAgree() throws Exception {
        long rows = 0;
        Map<KeyType, Integer> counts =
                Map.of(KeyType.INT8, 350_000, KeyType.INT4, 150_000, KeyType.UUID, 300_000, KeyType.TEXT, 250_000);
        for (Map.Entry<KeyType, Integer> count : counts.entrySet()) {
            List<KeyType> types = List.of(count.getKey());
            List<Key> keys = new KeySamples(SEED + 1).of(types, count.getValue());
            List<ShardingFunction> functions = List.of(
                    HashFunction.even(7, types),
                    RingFunction.of(4, types),
                    ShardingFunctions.parse("keyrange", Map.of(), 4, types),
                    ShardingFunctions.parse(
                            "range",
                            Map.of(
                                    "bounds",
                                    SettingList.format(new KeySamples(SEED)
                                            .someInOrder(keys, 3).stream()
                                                    .map(Key::toString)
                                                    .toList())),
                            4,
                            types));
            KeyTable table = KeyTable.create(connection, "million", types, functions.size());
            table.fill(keys, functions);
            for (int i = 0; i < functions.size(); i++) {
                assertThat(table.disagreementsOfTwo(functions.get(i), i))
                        .as("%s of %s, seed %s", functions.get(i).name(), types, SEED + 1)
                        .isZero();
            }
            rows += table.rows();
            table.drop();
        }
        assertThat(rows).isGreaterThanOrEqualTo(1_000_000);
    }

    @Test
    void bucketsAreTheHashPartitionsOfPostgres() throws Exception {
        for (List<KeyType> types : KEYS) {
            HashFunction function = HashFunction.even(HashFunction.DEFAULT_BUCKETS, types);
            KeyTable table = KeyTable.create(connection, "buckets", types, 1);
            table.fill(new KeySamples(SEED + 2).of(types, 20_000), List.of(function));
            String columns = String.join(", ", table.keyColumns());
            table.run("CREATE TABLE partitioned (LIKE buckets) PARTITION BY HASH (" + columns + ")");
            for (int i = 0; i < 4; i++) {
                table.run("CREATE TABLE partition_" + i
                        + " PARTITION OF partitioned FOR VALUES WITH (MODULUS 4, REMAINDER " + i + ")");
            }
            table.run("INSERT INTO partitioned SELECT * FROM buckets");
            assertThat(table.number("SELECT count(*) FROM partitioned"
                            + " WHERE tableoid <> ('partition_' || (a0 & 3))::regclass"))
                    .as("partitions of %s", types)
                    .isZero();
            assertThat(table.number(
                            "SELECT count(*) FROM buckets WHERE NOT satisfies_hash_partition('partitioned'::regclass, "
                                    + "4096, a0, " + columns + ") OR " + function.bucketSql(table.keyColumns())
                                    + " <> a0"))
                    .as("buckets of %s", types)
                    .isZero();
            table.run("DROP TABLE partitioned");
            table.drop();
        }
    }

    /** A linguistic collation orders letters differently and varchar is not text; neither may change an answer. */
    @Test
    void neitherCollationNorVarcharMatters() throws Exception {
        List<KeyType> types = List.of(KeyType.TEXT);
        List<Key> keys = new KeySamples(SEED + 3).of(types, 1000);
        Map<String, ShardingFunction> functions = FunctionSamples.of(3, types, keys, SEED + 3);
        KeyTable table = KeyTable.create(connection, "collated", types, functions.size());
        table.run("ALTER TABLE collated ALTER COLUMN " + table.keyColumns().getFirst()
                + " TYPE varchar(5000) COLLATE \"und-x-icu\"");
        agree(table, keys, functions, "varchar");
        table.drop();
    }

    @Test
    void aCheckRefusesMisplacedRowsAndNulls() throws Exception {
        ShardingFunction function = HashFunction.even(4, List.of(KeyType.INT8));
        KeyTable table = KeyTable.create(connection, "checked", function.keyTypes(), 0);
        int shard = function.shardOf(new Key.Int(42));
        table.run("ALTER TABLE checked ADD CONSTRAINT shard CHECK (" + function.checkSql(shard, table.keyColumns())
                + ")");
        table.run("INSERT INTO checked VALUES (42)");
        long other = java.util.stream.LongStream.range(0, 100)
                .filter(i -> function.shardOf(new Key.Int(i)) != shard)
                .findFirst()
                .orElseThrow();
        for (String value : List.of(Long.toString(other), "NULL")) {
            assertThatThrownBy(() -> table.run("INSERT INTO checked VALUES (" + value + ")"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("violates check constraint \"shard\"");
        }
        table.drop();
    }
}
