package dev.pando.core.route;

import dev.pando.core.topology.Catalog;
import dev.pando.core.topology.Column;
import dev.pando.core.topology.HiddenCode;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Table;
import dev.pando.core.topology.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is being planned and against which schema, with what was found on the way. Owned by one call of {@link Planner}. */
final class Planning {
    final Source source;
    final Catalog catalog;
    final List<String> searchPath;
    /** Lines for EXPLAIN (PANDO). */
    final List<String> why = new ArrayList<>();

    /** Of each parameter, the places in the text where nothing is known of its type. */
    private final Map<Integer, Set<Integer>> parameters = new HashMap<>();

    private boolean textBound;
    private HiddenCode.@Nullable Found onlyHome;
    private int relations;
    private Traces.Code code = Traces.Code.READ;

    Planning(Source source, Catalog catalog, List<String> searchPath) {
        this.source = source;
        this.catalog = catalog;
        this.searchPath = searchPath;
    }

    /** A literal's value or an offset became part of the plan. Without literals a shape has one text, apart from its gaps. */
    void literalMatters() {
        textBound |= source.shaped().slots() > 0;
    }

    /** Byte offsets became part of the plan. */
    void offsetsMatter() {
        textBound = true;
    }

    /** The statement to be planned: where its parameters stand. */
    void statement(Ast root) {
        root.walk(node -> {
            if (node.is("ParamRef")) {
                parameters
                        .computeIfAbsent(node.number("number"), none -> new HashSet<>())
                        .add(node.location());
            }
        });
    }

    /** The nodes stand where a value takes the type of a column that compares as keys do. */
    void vouch(Ast constants) {
        constants.walk(node -> {
            if (node.is("ParamRef")) {
                parameters.getOrDefault(node.number("number"), new HashSet<>()).remove(node.location());
            }
        });
    }

    /** The source with what is known of a parameter's other places. */
    ValueSource vouched(ValueSource source) {
        return switch (source) {
            case ValueSource.Parameter parameter -> {
                boolean shared =
                        !parameters.getOrDefault(parameter.number(), Set.of()).isEmpty();
                yield new ValueSource.Parameter(parameter.number(), parameter.array(), shared);
            }
            case ValueSource.Slot slot -> slot;
            case ValueSource.Null none -> none;
        };
    }

    /** The statement runs a function that the catalog does not have. */
    void meetsUnread() {
        code = catalog.code().known() ? Traces.Code.MISSED : Traces.Code.NOT_YET;
    }

    Traces.Code code() {
        return code;
    }

    /** The statement runs code that is right on home only. */
    void onlyHome(HiddenCode.Found code) {
        onlyHome = code;
    }

    HiddenCode.@Nullable Found onlyHome() {
        return onlyHome;
    }

    boolean textBound() {
        return textBound;
    }

    int nextRelation() {
        return relations++;
    }

    void explain(String line) {
        if (!why.contains(line)) {
            why.add(line);
        }
    }

    /** Whether a single shard could miss rows that a function sees: there is more than one, and some table is spread. */
    boolean spread() {
        return catalog.shardCount() > 1
                && (catalog.declared().values().stream().anyMatch(Placement.Sharded.class::isInstance)
                        || catalog.tables().values().stream()
                                .anyMatch(table -> table.placement() instanceof Placement.Sharded));
    }

    /** The table a RangeVar names, null when Pando knows nothing of it: then it lives at home. */
    @Nullable
    Table table(Ast rangeVar) {
        return table(rangeVar.text("schemaname"), rangeVar.text("relname"));
    }

    /** The table of that name, along the search path when the schema is empty. */
    @Nullable
    Table table(String schema, String name) {
        Table found = catalog.find(schema.isEmpty() ? null : schema, name, searchPath);
        if (found != null) {
            return found;
        }
        for (String candidate : schema.isEmpty() ? searchPath : List.of(schema)) {
            TableName full = new TableName(candidate, name);
            Placement declared = catalog.declared().get(full);
            if (declared != null) {
                return new Table(full, Table.Kind.DECLARED, declared, keyColumns(declared), Set.of());
            }
        }
        return null;
    }

    /** Of a table that is declared and not yet seen, only the key is known. */
    private static List<Column> keyColumns(Placement declared) {
        List<Column> columns = new ArrayList<>();
        if (declared instanceof Placement.Sharded sharded) {
            for (int i = 0; i < sharded.keyColumns().size(); i++) {
                columns.add(new Column(
                        sharded.keyColumns().get(i),
                        sharded.keyTypes().get(i).oid(),
                        null,
                        true,
                        Column.Default.SAME_EVERYWHERE));
            }
        }
        return columns;
    }

    /** Where reading or writing the table has to go; views are where the tables are that they read. */
    Placement placement(@Nullable Table table) {
        if (table == null) {
            return new Placement.Single(ShardId.HOME);
        }
        boolean view = table.kind() == Table.Kind.VIEW || table.kind() == Table.Kind.MATERIALIZED_VIEW;
        if (!view || table.readsFrom().isEmpty()) {
            return table.placement();
        }
        Placement result = new Placement.Reference();
        for (TableName read : table.readsFrom()) {
            Table base = catalog.tables().get(read);
            Placement placement = base == null ? new Placement.Single(ShardId.HOME) : base.placement();
            switch (placement) {
                case Placement.Sharded sharded ->
                    throw Refused.shape(
                            "view \"" + table.name().name() + "\" over sharded table \"" + read.name() + "\"");
                case Placement.Reference reference -> {}
                case Placement.Single single -> {
                    if (result instanceof Placement.Single before && !before.equals(single)) {
                        throw Refused.shape("view \"" + table.name().name() + "\" over tables of several shards");
                    }
                    result = single;
                }
            }
        }
        return result;
    }
}
