package dev.pando.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;

/**
 * What a way was told, against what its servers hold.
 *
 * @param acknowledged rows, in all runs together
 * @param open rows that may or may not be there, because the connection failed first
 */
record Counted(String way, long acknowledged, long open, List<FleetCounts> tables) {
    Counted {
        tables = List.copyOf(tables);
    }

    @JsonProperty
    long rows() {
        return tables.stream().mapToLong(FleetCounts::rows).sum();
    }

    @JsonProperty
    boolean equal() {
        return rows() >= acknowledged
                && rows() <= acknowledged + open
                && tables.stream().allMatch(table -> table.complete() && table.replicasEqual());
    }

    String render() {
        StringBuilder out = new StringBuilder(String.format(
                Locale.ROOT,
                "%s: %,d rows acknowledged in all, %,d on the primaries: %s%n",
                way,
                acknowledged,
                rows(),
                equal() ? "equal" : "DIFFERS"));
        tables.forEach(table -> out.append(table.render()));
        return out.toString();
    }
}
