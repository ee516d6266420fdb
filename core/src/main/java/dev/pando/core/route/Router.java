package dev.pando.core.route;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.type.ScalarType;
import dev.pando.core.shard.Key;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** From a plan and the values of one execution to shards. Pure. */
public final class Router {
    /** Combinations of IN lists over the columns of a composite key; beyond this every shard is asked. */
    private static final int MAX_COMBINATIONS = 4096;

    private final List<ShardId> all;
    private final List<Resolution> each;
    private final Resolution everyShard;

    public Router(int shardCount) {
        all = IntStream.range(0, shardCount).mapToObj(ShardId::new).toList();
        each = all.stream()
                .<Resolution>map(shard -> new Resolution.Shards(List.of(shard)))
                .toList();
        everyShard = new Resolution.Shards(all);
    }

    /**
     * Throws KEY_MISSING and KEY_INVALID for rows to be stored. A value that cannot be understood in a condition is for PostgreSQL to refuse:
     * then every shard is concerned, which is right whatever the value means.
     */
    public Resolution resolve(Plan plan, Values values) {
        return switch (plan.target()) {
            case Target.One one -> each.get(one.shard().index());
            case Target.Any any -> new Resolution.Any();
            case Target.Current current -> new Resolution.Current();
            case Target.Nowhere nowhere -> new Resolution.Nowhere();
            case Target.All every -> everyShard;
            case Target.ByKey keys ->
                plan.across() instanceof Across.SplitRows rows
                        ? shards(new ArrayList<>(split(rows, values).keySet()))
                        : byKey(keys, values);
        };
    }

    private Resolution byKey(Target.ByKey keys, Values values) {
        KeyValues reader = new KeyValues(values);
        if (keys.sets().size() == 1) {
            Resolution single = single(keys.sets().getFirst(), reader);
            if (single != null) {
                return single;
            }
        }
        BitSet found = new BitSet(all.size());
        for (Target.KeySet set : keys.sets()) {
            if (!add(set, reader, found)) {
                return everyShard;
            }
        }
        return found.isEmpty()
                ? new Resolution.Any()
                : shards(found.stream().mapToObj(all::get).toList());
    }

    /** The common case without collections: one column, one value. */
    private @Nullable Resolution single(Target.KeySet set, KeyValues reader) {
        if (set.columns().size() != 1 || set.columns().getFirst().size() != 1) {
            return null;
        }
        Placement.Sharded placement = set.placement();
        if (set.stored()) {
            Key key = stored(set, 0, set.columns().getFirst().getFirst(), reader);
            return each.get(named(placement, 0, () -> placement.function().shardOf(key)));
        }
        List<Key> keys = reader.keys(
                set.columns().getFirst().getFirst(), placement.keyTypes().getFirst());
        if (keys == null || keys.size() != 1 || !placement.function().covers(keys.getFirst())) {
            return null;
        }
        return each.get(placement.function().shardOf(keys.getFirst()));
    }

    private Resolution shards(List<ShardId> shards) {
        return shards.size() == 1 ? each.get(shards.getFirst().index()) : new Resolution.Shards(shards);
    }

    /** Adds the shards of a set; false when every shard may be concerned. */
    private boolean add(Target.KeySet set, KeyValues reader, BitSet found) {
        List<List<Key>> columns = new ArrayList<>();
        long combinations = 1;
        for (int i = 0; i < set.columns().size(); i++) {
            List<Key> alternatives = new ArrayList<>();
            for (ValueSource source : set.columns().get(i)) {
                List<Key> keys = set.stored()
                        ? List.of(stored(set, i, source, reader))
                        : reader.keys(source, set.placement().keyTypes().get(i));
                if (keys == null) {
                    return false;
                }
                alternatives.addAll(keys);
            }
            columns.add(alternatives);
            combinations = Math.min(Integer.MAX_VALUE, combinations * alternatives.size());
        }
        if (columns.size() > 1 && combinations > MAX_COMBINATIONS) {
            return false;
        }
        combine(set, columns, new ArrayList<>(), found);
        return true;
    }

    private static Key stored(Target.KeySet set, int column, ValueSource source, KeyValues reader) {
        Placement.Sharded placement = set.placement();
        Key key = named(
                placement,
                column,
                () -> reader.stored(source, placement.keyTypes().get(column)));
        if (key == null) {
            throw new PandoException(
                    PandoError.KEY_MISSING,
                    "INSERT",
                    set.table(),
                    String.join(", ", set.placement().keyColumns()));
        }
        return key;
    }

    /** What is read, or KEY_INVALID with the column's name instead of its type's. */
    private static <T extends @Nullable Object> T named(Placement.Sharded placement, int column, Supplier<T> read) {
        try {
            return read.get();
        } catch (PandoException e) {
            if (e.error() != PandoError.KEY_INVALID) {
                throw e;
            }
            throw PandoException.causedBy(
                    e,
                    PandoError.KEY_INVALID,
                    placement.keyColumns().get(column),
                    e.particulars().getLast());
        }
    }

    private void combine(Target.KeySet set, List<List<Key>> columns, List<Key> parts, BitSet found) {
        Placement.Sharded placement = set.placement();
        if (parts.size() == columns.size()) {
            Key key = Key.of(parts);
            if (set.stored() || placement.function().covers(key)) {
                found.set(named(placement, 0, () -> placement.function().shardOf(key)));
            }
            return;
        }
        for (Key key : columns.get(parts.size())) {
            parts.add(key);
            combine(set, columns, parts, found);
            parts.removeLast();
        }
    }

    /** Which rows of an INSERT go where: their indexes, in order. */
    public SortedMap<ShardId, List<Integer>> split(Across.SplitRows rows, Values values) {
        KeyValues reader = new KeyValues(values);
        SortedMap<ShardId, List<Integer>> result = new TreeMap<>();
        for (int i = 0; i < rows.rows().size(); i++) {
            int shard = shardOf(rows.placement(), rows.rows().get(i).key(), reader);
            result.computeIfAbsent(all.get(shard), key -> new ArrayList<>()).add(i);
        }
        return result;
    }

    private static int shardOf(Placement.Sharded placement, List<ValueSource> sources, KeyValues reader) {
        List<Key> parts = new ArrayList<>(sources.size());
        for (int i = 0; i < sources.size(); i++) {
            int column = i;
            Key part = named(
                    placement,
                    column,
                    () -> reader.stored(
                            sources.get(column), placement.keyTypes().get(column)));
            if (part == null) {
                throw new PandoException(
                        PandoError.KEY_MISSING, "INSERT", placement.group(), String.join(", ", placement.keyColumns()));
            }
            parts.add(part);
        }
        return named(placement, 0, () -> placement.function().shardOf(Key.of(parts)));
    }

    /** Throws SETTING_REFUSED for a setting under which Pando would misread clients or servers. */
    public static void checkSetting(Command.SetConfig setting, Values values) {
        String name = text(setting.name(), values, ScalarType.TEXT);
        String value = text(setting.value(), values, ScalarType.TEXT);
        if (name != null && value != null) {
            try {
                SettingRules.check(name.toLowerCase(Locale.ROOT), value);
            } catch (Refused refused) {
                Across.Refuse why = refused.refuse();
                throw new PandoException(why.error(), why.particulars().toArray());
            }
        }
    }

    /**
     * A value as text, null for SQL NULL: for LIMIT, OFFSET, set_config and arguments of pando functions. {@code inferred} is the type
     * PostgreSQL gives a parameter in that place.
     */
    public static @Nullable String text(ValueSource source, Values values, ScalarType inferred) {
        return new KeyValues(values).asText(source, inferred);
    }
}
