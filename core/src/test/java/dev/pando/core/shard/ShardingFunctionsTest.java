package dev.pando.core.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShardingFunctionsTest {
    private static final List<KeyType> BIGINT = List.of(KeyType.INT8);
    private static final List<KeyType> TEXT = List.of(KeyType.TEXT);

    @Test
    void settingsMakeAnEqualFunctionAgain() {
        List<ShardingFunction> functions = List.of(
                HashFunction.even(7, BIGINT),
                HashFunction.even(4, BIGINT).withBuckets(100, 200, 4, 5),
                RingFunction.of(4, TEXT),
                ShardingFunctions.parse("range", Map.of("from", "", "bounds", "\"a,b\",\"c \"\"q\""), 3, TEXT),
                ShardingFunctions.parse("range", Map.of("bounds", "1,5", "shards", "0,1,0", "to", "99"), 2, BIGINT),
                ShardingFunctions.parse("list", Map.of("preset", "geography", "default", "2"), 3, TEXT),
                ShardingFunctions.parse("keyrange", Map.of("ranges", "-40,40-8000,8000-"), 3, BIGINT),
                DirectoryFunction.over(RingFunction.of(2, List.of(KeyType.INT8, KeyType.TEXT)))
                        .withPin(new Key.Composite(List.of(new Key.Int(7), new Key.Text("a \"b\", c"))), 1),
                DirectoryFunction.over(SchemaFunction.of(3)).withPin(new Key.Text("tenant_7"), 2));
        for (ShardingFunction function : functions) {
            ShardingFunction again = ShardingFunctions.parse(
                    function.name(), function.settings(), function.shardCount(), function.keyTypes());
            assertThat(again).isEqualTo(function).hasSameHashCodeAs(function);
            assertThat(again.settings()).isEqualTo(function.settings());
        }
    }

    @Test
    void everyNameOfTheListIsKnown() {
        for (String name : ShardingFunctions.NAMES) {
            Map<String, String> settings = name.equals("list") ? Map.of("shard.0", "a") : Map.of();
            assertThat(ShardingFunctions.parse(name, settings, 1, TEXT).name()).isEqualTo(name);
        }
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        refused("modulo", Map.of(), 4, BIGINT, "sharding function \"modulo\" is unknown; there are hash, ring");
        refused("hash", Map.of("bukets", "8"), 4, BIGINT, "\"bukets\"", "unknown; there is buckets, map");
        refused("hash", Map.of("buckets", "1000"), 4, BIGINT, "power of two", "not 1000");
        refused("hash", Map.of("buckets", "2"), 4, BIGINT, "not 2");
        refused("hash", Map.of("buckets", "many"), 4, BIGINT, "\"many\" is not a number");
        refused("hash", Map.of("map", "0:0,9"), 4, BIGINT, "bucket:shard");
        refused("hash", Map.of("map", "0:0,9:4"), 4, BIGINT, "shard 4 does not exist");
        refused("hash", Map.of("map", "0:0,9:1,9:2"), 4, BIGINT, "ascending");
        refused("hash", Map.of("map", "1:0"), 4, BIGINT, "ascending");
        refused("ring", Map.of("virtual_nodes", "0"), 4, BIGINT, "1 to 1000");
        refused("hash", Map.of(), 0, BIGINT, "not 0");
        refused("hash", Map.of(), 1, List.of(), "1 to 4 columns");
        refused("range", Map.of(), 4, BIGINT, "give 3 values");
        refused("range", Map.of("bounds", "5,5"), 3, BIGINT, "\"5\" does not come before \"5\"");
        refused("range", Map.of("bounds", "5", "from", "9"), 2, BIGINT, "\"9\" does not come before \"5\"");
        refused("range", Map.of("bounds", "5"), 3, BIGINT, "2 ranges for 3 shards");
        refused("range", Map.of("bounds", "5", "shards", "0"), 2, BIGINT, "1 shards for 2 ranges");
        refused("list", Map.of(), 3, TEXT, "no values are listed");
        refused("list", Map.of("shard.0", "a,b", "shard.1", "b"), 3, TEXT, "\"b\" is listed twice");
        refused("list", Map.of("shard.3", "a"), 3, TEXT, "shard 3 does not exist");
        refused("list", Map.of("shard.0", "a,,b"), 3, TEXT, "an empty item needs quotes");
        refused("list", Map.of("shard.0", "\"a"), 3, TEXT, "closing quote");
        refused("list", Map.of("preset", "planets"), 3, TEXT, "there is geography");
        refused("keyrange", Map.of("ranges", "-40,50-"), 2, BIGINT, "\"50-\" does not begin where");
        refused("keyrange", Map.of("ranges", "-40,40-80"), 2, BIGINT, "must have no end");
        refused("keyrange", Map.of("ranges", "-4,4-"), 2, BIGINT, "in pairs");
        refused("keyrange", Map.of("ranges", "-80,80-40,40-"), 3, BIGINT, "\"80-40\" is empty");
        refused("keyrange", Map.of("ranges", "-"), 2, BIGINT, "1 ranges for 2 shards");
        refused("directory", Map.of("pins.0", "1", "pins.1", "1"), 2, BIGINT, "pinned twice");
        refused("directory", Map.of("base", "directory"), 2, BIGINT, "directory over a directory");
        refused("schema", Map.of(), 2, BIGINT, "type text");
    }

    private static void refused(
            String name, Map<String, String> settings, int shards, List<KeyType> types, String... texts) {
        assertThatThrownBy(() -> ShardingFunctions.parse(name, settings, shards, types))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(PandoError.DISTRIBUTE_ARGUMENT))
                .hasMessageContainingAll(texts);
    }

    @Test
    void aKeyOfAnotherShapeIsRefused() {
        for (Key key : List.of(new Key.Text("1"), Key.of(List.of(new Key.Int(1), new Key.Int(2))))) {
            assertThatThrownBy(() -> HashFunction.even(4, BIGINT).shardOf(key))
                    .isInstanceOf(PandoException.class)
                    .hasMessageContaining("not of the key's type (bigint)");
        }
    }

    @Test
    void keysOutsideAreRefusedByName() {
        ShardingFunction range = ShardingFunctions.parse("range", Map.of("from", "A", "to", "["), 3, TEXT);
        assertThat(range.shardOf(new Key.Text("Hugo"))).isZero();
        assertThat(range.shardOf(new Key.Text("I"))).isEqualTo(1);
        assertThat(range.shardOf(new Key.Text("Zoë"))).isEqualTo(2);
        assertThatThrownBy(() -> range.shardOf(new Key.Text("hugo")))
                .hasMessageContainingAll("PD3003", "\"hugo\": no shard covers it");
        ShardingFunction list = ShardingFunctions.parse("list", Map.of("preset", "geography"), 3, TEXT);
        assertThat(list.shardOf(new Key.Text("JP"))).isEqualTo(2);
        assertThatThrownBy(() -> list.shardOf(new Key.Text("Mars"))).hasMessageContaining("listed for no shard");
        DirectoryFunction pinned = DirectoryFunction.over(list).withPin(new Key.Text("Mars"), 1);
        assertThat(pinned.shardOf(new Key.Text("Mars"))).isEqualTo(1);
        assertThat(pinned.withoutPin(new Key.Text("Mars"))).isEqualTo(DirectoryFunction.over(list));
    }

    @Test
    void geographyListsEachCountryOnce() {
        long countries = Geography.LISTS.values().stream()
                .flatMap(list -> SettingList.parse(list).stream())
                .filter(value -> value.length() == 2 && !value.equals("EU"))
                .distinct()
                .count();
        assertThat(countries).isEqualTo(java.util.Locale.getISOCountries().length);
    }

    @Test
    void addingAShardToTheRingMovesKeysToTheNewShardOnly() {
        RingFunction four = RingFunction.of(4, BIGINT);
        RingFunction five = RingFunction.of(5, BIGINT);
        int moved = 0;
        for (long i = 0; i < 100_000; i++) {
            Key key = new Key.Int(i);
            if (four.shardOf(key) != five.shardOf(key)) {
                assertThat(five.shardOf(key)).isEqualTo(4);
                moved++;
            }
        }
        assertThat(moved).isBetween(15_000, 25_000);
    }

    @Test
    void colocatedTablesMayHaveIntegersOfOtherWidths() {
        HashFunction bigint = HashFunction.even(4, BIGINT);
        ShardingFunction integer = ShardingFunctions.withKeyTypes(bigint, List.of(KeyType.INT4));
        assertThat(integer.checkSql(0, List.of("\"id\""))).contains("hashint4extended(\"id\"");
        assertThat(integer.shardOf(new Key.Int(-9))).isEqualTo(bigint.shardOf(new Key.Int(-9)));
        assertThatThrownBy(() -> ShardingFunctions.withKeyTypes(bigint, TEXT))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("cannot be co-located");
    }
}
