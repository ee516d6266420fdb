package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.TableConfig;
import dev.pando.core.shard.ShardingFunction;
import dev.pando.core.shard.ShardingFunctions;
import dev.pando.core.topology.TableName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

    /** Throws {@code CONFIG_INVALID} with every table whose configuration contradicts the shard map. */
    void requireAgreement(Metadata metadata) {
        List<String> problems = new ArrayList<>();
        for (TableConfig table : tables) {
            Metadata.Entry entry = metadata.tables().get(table.name());
            if (entry != null) {
                disagreement(table, entry, metadata).ifPresent(problems::add);
            }
        }
        if (!problems.isEmpty()) {
            throw new PandoException(PandoError.CONFIG_INVALID, String.join("; ", problems));
        }
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
        ShardingFunction stored = metadata.group(entry.group().get()).base();
        Metadata.Group configured = Metadata.Group.of(
                "",
                ShardingFunctions.parse(
                        sharded.function(), sharded.settings(), stored.shardCount(), stored.keyTypes()));
        return "sharded by " + sharded.key() + " with " + text(configured.base());
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
