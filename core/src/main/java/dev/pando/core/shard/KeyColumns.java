package dev.pando.core.shard;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.List;

/** What all functions have in common: the number and types of the key's columns, and the number of shards. */
record KeyColumns(int shardCount, List<KeyType> types) {
    /** Shards are counted in two bytes nowhere, but a fleet beyond this is a typing error. */
    private static final int MAX_SHARDS = 4096;

    KeyColumns {
        types = List.copyOf(types);
        if (shardCount < 1 || shardCount > MAX_SHARDS) {
            throw refused("a sharding function needs 1 to " + MAX_SHARDS + " shards, not " + shardCount);
        }
        if (types.isEmpty() || types.size() > Key.MAX_COLUMNS) {
            throw refused("a sharding key has 1 to " + Key.MAX_COLUMNS + " columns, not " + types.size());
        }
    }

    KeyType firstType() {
        return types.getFirst();
    }

    /** The key itself if it has this shape. */
    Key require(Key key) {
        if (key instanceof Key.Composite composite) {
            boolean fits = composite.parts().size() == types.size();
            for (int i = 0; fits && i < types.size(); i++) {
                fits = fits(types.get(i), composite.parts().get(i));
            }
            if (fits) {
                return key;
            }
        } else if (types.size() == 1 && fits(types.getFirst(), key)) {
            return key;
        }
        throw notCovered(key, "it is not of the key's type (" + typeNames() + ")");
    }

    private static boolean fits(KeyType type, Key part) {
        return switch (part) {
            case Key.Int integer -> type.integer();
            case Key.Uuid uuid -> type == KeyType.UUID;
            case Key.Text text -> type == KeyType.TEXT;
            case Key.Composite composite -> false;
        };
    }

    /** {@code shard} if there is one of this number. */
    int requireShard(int shard) {
        if (shard < 0 || shard >= shardCount) {
            throw refused("shard " + shard + " does not exist: shards are numbered 0 to " + (shardCount - 1));
        }
        return shard;
    }

    PandoException notCovered(Key key, String reason) {
        return new PandoException(
                PandoError.KEY_INVALID, typeNames(), "\"" + KeyCodec.shortened(key.toString()) + "\": " + reason);
    }

    /** The predicate with what every rendition starts with: no column of the key is null. */
    String check(int shard, List<String> columns, String predicate) {
        requireShard(shard);
        if (columns.size() != types.size()) {
            throw new IllegalArgumentException(columns.size() + " columns for a key of " + types.size());
        }
        StringBuilder sql = new StringBuilder();
        for (String column : columns) {
            sql.append(sql.isEmpty() ? "" : " AND ").append(column).append(" IS NOT NULL");
        }
        return predicate.isEmpty() ? sql.toString() : sql + " AND " + predicate;
    }

    private String typeNames() {
        return String.join(", ", types.stream().map(KeyType::sqlName).toList());
    }

    static PandoException refused(String problem) {
        return new PandoException(PandoError.DISTRIBUTE_ARGUMENT, problem);
    }
}
