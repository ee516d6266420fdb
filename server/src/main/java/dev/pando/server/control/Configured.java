package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.TableConfig;
import dev.pando.core.shard.Key;
import dev.pando.core.shard.ShardingFunction;
import dev.pando.core.shard.ShardingFunctions;
import dev.pando.core.topology.TableName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The placements of the configuration file against those stored in the shard map. */
final class Configured {
    private final List<TableConfig> tables;

    /** In an order in which each table comes after the one it is co-located with; reference tables first, as others may point to them. */
    Configured(List<TableConfig> tables) {
        List<TableConfig> ordered = new ArrayList<>(tables);
        ordered.sort(Comparator.comparingInt(Configured::rank));
        this.tables = List.copyOf(ordered);
    }

    private static int rank(TableConfig table) {
        return switch (table) {
            case TableConfig.Reference reference -> 0;
            case TableConfig.Sharded sharded -> 1;
            case TableConfig.Colocated colocated -> 2;
        };
    }

    /** What exists and is not declared yet. */
    List<TableConfig> missing(CatalogLoader.Loaded loaded) {
        return tables.stream()
                .filter(table -> loaded.oids().containsKey(table.name())
                        && !loaded.metadata().tables().containsKey(table.name()))
                .toList();
    }

    /** A pin of the configuration that the shard map does not have. */
    record MissingPin(Metadata.Entry table, Key key, int shard) {}

    /** Pins that were added to the configuration after the table was declared. */
    List<MissingPin> missingPins(Metadata metadata) {
        List<MissingPin> missing = new ArrayList<>();
        for (TableConfig table : tables) {
            Metadata.Entry entry = metadata.tables().get(table.name());
            if (table instanceof TableConfig.Sharded sharded
                    && entry != null
                    && entry.group().isPresent()) {
                Map<Key, Integer> stored = metadata.group(entry.group().get()).pins();
                group(sharded, entry, metadata).pins().forEach((key, shard) -> {
                    if (!stored.containsKey(key)) {
                        missing.add(new MissingPin(entry, key, shard));
                    }
                });
            }
        }
        return missing;
    }

    private static Metadata.Group group(TableConfig.Sharded sharded, Metadata.Entry entry, Metadata metadata) {
        ShardingFunction stored = metadata.group(entry.group().orElseThrow()).base();
        return Metadata.Group.of(
                "",
                ShardingFunctions.parse(
                        sharded.function(), sharded.settings(), stored.shardCount(), stored.keyTypes()));
    }

    /** Throws {@code CONFIG_INVALID} with every table whose configuration contradicts the shard map. */
    void requireAgreement(Metadata metadata) {
        List<String> problems = new ArrayList<>();
        for (TableConfig table : tables) {
            Metadata.Entry entry = metadata.tables().get(table.name());
            if (entry != null) {
                disagreement(table, entry, metadata)
                        .ifPresentOrElse(problems::add, () -> problems.addAll(differentPins(table, entry, metadata)));
            }
        }
        if (!problems.isEmpty()) {
            throw new PandoException(PandoError.CONFIG_INVALID, String.join("; ", problems));
        }
    }

    private static List<String> differentPins(TableConfig table, Metadata.Entry entry, Metadata metadata) {
        List<String> problems = new ArrayList<>();
        if (table instanceof TableConfig.Sharded sharded && entry.group().isPresent()) {
            Map<Key, Integer> stored = metadata.group(entry.group().get()).pins();
            group(sharded, entry, metadata).pins().forEach((key, shard) -> {
                Integer now = stored.get(key);
                if (now != null && !now.equals(shard)) {
                    problems.add("key " + key + " of table \"" + table.name() + "\" is pinned to shard " + shard
                            + " by the configuration, but to shard " + now
                            + " by the shard map stored in schema pando");
                }
            });
        }
        return problems;
    }

    private static Optional<String> disagreement(TableConfig table, Metadata.Entry entry, Metadata metadata) {
        String stored = describe(entry, metadata);
        String configured = switch (table) {
            case TableConfig.Reference reference -> "reference";
            case TableConfig.Colocated colocated ->
                "sharded by " + colocated.key() + " with " + groupOf(colocated.with(), metadata);
            case TableConfig.Sharded sharded -> describe(sharded, entry, metadata);
        };
        String compared = table instanceof TableConfig.Colocated
                ? "sharded by " + entry.keyColumns() + " with " + entry.group().orElse("nothing")
                : stored;
        return configured.equals(compared)
                ? Optional.empty()
                : Optional.of("table \"" + table.name() + "\" is \"" + configured + "\" by the configuration, but \""
                        + compared + "\" by the shard map stored in schema pando");
    }

    private static String groupOf(TableName table, Metadata metadata) {
        Metadata.Entry entry = metadata.tables().get(table);
        return entry == null ? table.toString() : entry.group().orElse("a reference table");
    }

    private static String describe(TableConfig.Sharded sharded, Metadata.Entry entry, Metadata metadata) {
        if (entry.group().isEmpty()) {
            return "sharded by " + sharded.key() + " with " + sharded.function();
        }
        return "sharded by " + sharded.key() + " with "
                + text(group(sharded, entry, metadata).base());
    }

    private static String describe(Metadata.Entry entry, Metadata metadata) {
        return entry.group()
                .map(group -> "sharded by " + entry.keyColumns() + " with "
                        + text(metadata.group(group).base()))
                .orElse("reference");
    }

    private static String text(ShardingFunction function) {
        return function.name() + " " + new java.util.TreeMap<>(function.settings());
    }
}
