package dev.pando.core.shard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Explicit pins, key to shard, that win over another function. Immutable: {@link #withPin} returns a new directory. A pin that says what
 * the function below says anyway is kept (it must hold when that function changes) but does not appear in SQL.
 */
public final class DirectoryFunction implements ShardingFunction {
    private static final String BASE = "base";
    private static final String BASE_PREFIX = "base.";
    private static final String PINS_PREFIX = "pins.";

    private final KeyColumns columns;
    private final ShardingFunction base;
    private final Map<Key, Integer> pins;

    private DirectoryFunction(KeyColumns columns, ShardingFunction base, Map<Key, Integer> pins) {
        this.columns = columns;
        this.base = base;
        this.pins = pins;
    }

    /** No pins yet. */
    public static DirectoryFunction over(ShardingFunction base) {
        if (base instanceof DirectoryFunction) {
            throw KeyColumns.refused("a directory over a directory would hide its pins; add pins to the one there is");
        }
        return new DirectoryFunction(new KeyColumns(base.shardCount(), base.keyTypes()), base, Map.of());
    }

    static DirectoryFunction parse(Settings settings, KeyColumns columns) {
        String baseName = settings.text(BASE);
        ShardingFunction base = ShardingFunctions.parse(
                baseName == null ? "hash" : baseName,
                settings.prefixed(BASE_PREFIX),
                columns.shardCount(),
                columns.types());
        Map<Key, Integer> pins = new HashMap<>();
        settings.prefixed(PINS_PREFIX).forEach((number, keys) -> {
            int shard = settings.number(PINS_PREFIX + number, number);
            for (String key : SettingList.parse(keys)) {
                Integer other = pins.put(keyOf(settings, columns, key), shard);
                if (other != null) {
                    throw settings.refused(
                            PINS_PREFIX + number, "\"" + key + "\" is pinned twice, also to shard " + other);
                }
            }
        });
        settings.refuseUnknown();
        return over(base).withPins(pins);
    }

    /** An item of a pin list; of a key with several columns, a list of its own. */
    private static Key keyOf(Settings settings, KeyColumns columns, String item) {
        List<String> texts = columns.types().size() == 1 ? List.of(item) : SettingList.parse(item);
        if (texts.size() != columns.types().size()) {
            throw settings.refused(
                    "pins", "\"" + item + "\" does not have " + columns.types().size() + " parts");
        }
        List<Key> parts = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            parts.add(KeyCodec.fromText(columns.types().get(i), texts.get(i)));
        }
        return Key.of(parts);
    }

    public ShardingFunction base() {
        return base;
    }

    /** All pins; unmodifiable. */
    public Map<Key, Integer> pins() {
        return pins;
    }

    public DirectoryFunction withPin(Key key, int shard) {
        return withPins(Map.of(key, shard));
    }

    public DirectoryFunction withPins(Map<Key, Integer> added) {
        Map<Key, Integer> all = new HashMap<>(pins);
        added.forEach((key, shard) -> all.put(columns.require(key), columns.requireShard(shard)));
        return new DirectoryFunction(columns, base, Map.copyOf(all));
    }

    public DirectoryFunction withoutPin(Key key) {
        Map<Key, Integer> all = new HashMap<>(pins);
        all.remove(key);
        return new DirectoryFunction(columns, base, Map.copyOf(all));
    }

    @Override
    public String name() {
        return "directory";
    }

    @Override
    public int shardCount() {
        return columns.shardCount();
    }

    @Override
    public List<KeyType> keyTypes() {
        return columns.types();
    }

    @Override
    public boolean covers(Key key) {
        return pins.containsKey(key) || base.covers(key);
    }

    @Override
    public int shardOf(Key key) {
        Integer pinned = pins.get(key);
        return pinned == null ? base.shardOf(key) : pinned;
    }

    /** The base's keys of this shard without those pinned elsewhere, and the keys pinned here that the base puts elsewhere. */
    @Override
    public String checkSql(int shard, List<String> quotedKeyColumns) {
        if (base instanceof SchemaFunction) {
            return base.checkSql(shard, quotedKeyColumns);
        }
        List<Key> here = new ArrayList<>();
        List<Key> away = new ArrayList<>();
        pins.forEach((key, pinned) -> {
            boolean ofBase = base.covers(key) && base.shardOf(key) == shard;
            if (pinned == shard && !ofBase) {
                here.add(key);
            } else if (pinned != shard && ofBase) {
                away.add(key);
            }
        });
        String ofBase = base.checkSql(shard, quotedKeyColumns);
        String kept = away.isEmpty() ? ofBase : ofBase + " AND NOT " + anyOf(away, quotedKeyColumns);
        return here.isEmpty()
                ? kept
                : columns.check(shard, quotedKeyColumns, "((" + kept + ") OR " + anyOf(here, quotedKeyColumns) + ")");
    }

    /**
     * Keys of several columns are grouped by all but the last, so that a tenant's many keys share one array; before the groups are looked
     * at one after the other, the first column must be one of theirs.
     */
    private String anyOf(List<Key> keys, List<String> names) {
        int last = names.size() - 1;
        Map<List<Key>, List<Key>> groups = new LinkedHashMap<>();
        for (Key key : keys.stream().sorted(DirectoryFunction::compare).toList()) {
            List<Key> parts = parts(key);
            groups.computeIfAbsent(parts.subList(0, last), none -> new ArrayList<>())
                    .add(parts.get(last));
        }
        List<String> alternatives = new ArrayList<>();
        groups.forEach((before, ends) -> {
            StringBuilder conditions = new StringBuilder();
            for (int i = 0; i < last; i++) {
                conditions
                        .append(names.get(i))
                        .append(" = ")
                        .append(SqlText.constant(columns.types().get(i), before.get(i)));
                conditions.append(" AND ");
            }
            alternatives.add(conditions + Membership.sql(columns.types().get(last), names.get(last), ends));
        });
        String any = alternatives.size() == 1
                ? "(" + alternatives.getFirst() + ")"
                : "((" + String.join(") OR (", alternatives) + "))";
        if (last == 0) {
            return any;
        }
        List<Key> firsts =
                groups.keySet().stream().map(List::getFirst).distinct().toList();
        return "(" + Membership.sql(columns.firstType(), names.getFirst(), firsts) + " AND " + any + ")";
    }

    private static List<Key> parts(Key key) {
        return key instanceof Key.Composite composite ? composite.parts() : List.of(key);
    }

    private static int compare(Key one, Key other) {
        List<Key> ones = parts(one);
        List<Key> others = parts(other);
        for (int i = 0; i < ones.size(); i++) {
            int order = KeyOrder.INSTANCE.compare(ones.get(i), others.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put(BASE, base.name());
        base.settings().forEach((name, value) -> settings.put(BASE_PREFIX + name, value));
        Map<Integer, List<Key>> byShard = new TreeMap<>();
        pins.forEach((key, shard) ->
                byShard.computeIfAbsent(shard, none -> new ArrayList<>()).add(key));
        byShard.forEach((shard, keys) -> {
            keys.sort(DirectoryFunction::compare);
            settings.put(
                    PINS_PREFIX + shard,
                    SettingList.format(keys.stream().map(Key::toString).toList()));
        });
        return java.util.Collections.unmodifiableMap(settings);
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
