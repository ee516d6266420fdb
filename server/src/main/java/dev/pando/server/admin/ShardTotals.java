package dev.pando.server.admin;

import dev.pando.core.topology.ShardId;
import dev.pando.server.control.FleetStats;
import dev.pando.server.control.FleetStats.TablePart;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What one shard holds of all sharded tables together; reference rows are on every shard and say nothing about its load.
 *
 * @param rows absent when one of them is not known
 * @param bytes absent when one of them is not known
 * @param rowShare part of the rows of all shards, 0 to 1; absent while a shard does not tell its rows, and when there are none
 * @param keyShare part of the key space, the mean over the tables that know it
 */
public record ShardTotals(OptionalLong rows, OptionalLong bytes, OptionalDouble rowShare, OptionalDouble keyShare) {
    public static ShardTotals of(FleetStats fleet, ShardId shard) {
        List<TablePart> all = sharded(fleet);
        List<TablePart> here =
                all.stream().filter(part -> part.shard().equals(shard)).toList();
        OptionalLong rows = sum(here.stream().map(TablePart::rows).toList());
        OptionalLong everywhere = sum(all.stream().map(TablePart::rows).toList());
        boolean known = rows.isPresent() && everywhere.orElse(0) > 0;
        return new ShardTotals(
                rows,
                sum(here.stream().map(TablePart::bytes).toList()),
                known ? OptionalDouble.of((double) rows.getAsLong() / everywhere.getAsLong()) : OptionalDouble.empty(),
                here.stream()
                        .filter(part -> part.keyShare().isPresent())
                        .mapToDouble(part -> part.keyShare().getAsDouble())
                        .average());
    }

    private static List<TablePart> sharded(FleetStats fleet) {
        return fleet.tables().stream()
                .filter(table -> table.placement().equals("sharded"))
                .flatMap(table -> table.parts().stream())
                .toList();
    }

    private static OptionalLong sum(List<OptionalLong> numbers) {
        return numbers.stream().anyMatch(OptionalLong::isEmpty)
                ? OptionalLong.empty()
                : OptionalLong.of(
                        numbers.stream().mapToLong(OptionalLong::getAsLong).sum());
    }
}
