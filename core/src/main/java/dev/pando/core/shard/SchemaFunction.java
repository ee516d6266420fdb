package dev.pando.core.shard;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One schema per tenant: the key is the schema's name, and the shard is that on which the schema exists. Names are spread by hash; pin a
 * schema to a shard with a {@link DirectoryFunction} over this one.
 *
 * <p>There is no row check, and none is needed: a row of a tenant can only be stored where the tenant's schema is, so
 * {@link #checkSql} is {@code true}.
 */
public final class SchemaFunction implements ShardingFunction {
    private final HashFunction byName;

    private SchemaFunction(HashFunction byName) {
        this.byName = byName;
    }

    public static SchemaFunction of(int shardCount) {
        return new SchemaFunction(HashFunction.even(shardCount, List.of(KeyType.TEXT)));
    }

    static SchemaFunction parse(Settings settings, KeyColumns columns) {
        if (!columns.types().equals(List.of(KeyType.TEXT))) {
            throw KeyColumns.refused("sharding function schema has one key of type text, the schema's name");
        }
        return new SchemaFunction(HashFunction.parse(settings, columns));
    }

    HashFunction byName() {
        return byName;
    }

    @Override
    public String name() {
        return "schema";
    }

    @Override
    public int shardCount() {
        return byName.shardCount();
    }

    @Override
    public List<KeyType> keyTypes() {
        return byName.keyTypes();
    }

    @Override
    public int shardOf(Key key) {
        return byName.shardOf(key);
    }

    @Override
    public String checkSql(int shard, List<String> quotedKeyColumns) {
        return "true";
    }

    @Override
    public Map<String, String> settings() {
        return byName.settings();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return ShardingFunctions.equal(this, other);
    }

    @Override
    public int hashCode() {
        return ShardingFunctions.hash(this);
    }
}
