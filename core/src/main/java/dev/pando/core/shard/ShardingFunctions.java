package dev.pando.core.shard;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes sharding functions from their names and settings, as configuration, {@code pando.distribute()} and the stored shard map give them. */
public final class ShardingFunctions {
    /** Of all functions, in the order of docs/sharding.md. */
    public static final List<String> NAMES =
            List.of("hash", "ring", "range", "list", "keyrange", "directory", "schema");

    private ShardingFunctions() {}

    /** Throws {@code DISTRIBUTE_ARGUMENT} for an unknown name or setting and for any setting that cannot be used. */
    public static ShardingFunction parse(
            String name, Map<String, String> settings, int shardCount, List<KeyType> keyTypes) {
        KeyColumns columns = new KeyColumns(shardCount, keyTypes);
        Settings reader = new Settings(name, settings);
        return switch (name) {
            case "hash" -> HashFunction.parse(reader, columns);
            case "ring" -> RingFunction.parse(reader, columns);
            case "range" -> RangeFunction.parse(reader, columns);
            case "list" -> ListFunction.parse(reader, columns);
            case "keyrange" -> KeyRangeFunction.parse(reader, columns);
            case "directory" -> DirectoryFunction.parse(reader, columns);
            case "schema" -> SchemaFunction.parse(reader, columns);
            default ->
                throw KeyColumns.refused(
                        "sharding function \"" + name + "\" is unknown; there are " + String.join(", ", NAMES));
        };
    }

    /**
     * The same function for a table whose key columns have other types, as long as equal keys keep their shard: smallint, integer and
     * bigint may stand for each other, nothing else.
     */
    public static ShardingFunction withKeyTypes(ShardingFunction function, List<KeyType> keyTypes) {
        boolean sameFamilies = keyTypes.size() == function.keyTypes().size();
        for (int i = 0; sameFamilies && i < keyTypes.size(); i++) {
            KeyType one = keyTypes.get(i);
            KeyType other = function.keyTypes().get(i);
            sameFamilies = one == other || (one.integer() && other.integer());
        }
        if (!sameFamilies) {
            throw KeyColumns.refused(
                    "a key of type " + keyTypes + " cannot be co-located with one of type " + function.keyTypes());
        }
        return keyTypes.equals(function.keyTypes())
                ? function
                : parse(function.name(), function.settings(), function.shardCount(), keyTypes);
    }

    static boolean equal(ShardingFunction one, @Nullable Object two) {
        return two instanceof ShardingFunction other
                && one.name().equals(other.name())
                && one.shardCount() == other.shardCount()
                && one.keyTypes().equals(other.keyTypes())
                && one.settings().equals(other.settings());
    }

    static int hash(ShardingFunction function) {
        return Objects.hash(function.name(), function.shardCount(), function.keyTypes(), function.settings());
    }
}
