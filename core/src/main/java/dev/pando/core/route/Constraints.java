package dev.pando.core.route;

import dev.pando.base.error.PandoError;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.Table;
import java.util.List;

/** Constraints added to a distributed table: a shard can only vouch for what it holds itself. */
final class Constraints {
    private final Planning planning;
    private final Table table;

    Constraints(Planning planning, Table table) {
        this.planning = planning;
        this.table = table;
    }

    /** CREATE UNIQUE INDEX. */
    void checkIndex(Ast index) {
        if (index.flag("unique")) {
            List<String> columns = index.list("indexParams").stream()
                    .map(element -> element.text("name"))
                    .toList();
            unique(index.text("idxname"), columns);
        }
    }

    /** A command of ALTER TABLE. */
    void check(Ast command) {
        Ast definition = command.child("def");
        if (definition == null) {
            return;
        }
        switch (command.text("subtype")) {
            case "AT_AddConstraint" ->
                constraint(definition, definition.strings("keys"), definition.strings("fk_attrs"));
            case "AT_AddColumn" -> {
                List<String> column = List.of(definition.text("colname"));
                definition.list("constraints").forEach(constraint -> constraint(constraint, column, column));
            }
            default -> {}
        }
    }

    private void constraint(Ast constraint, List<String> columns, List<String> foreign) {
        String name = constraint.text("conname");
        switch (constraint.text("contype")) {
            case "CONSTR_UNIQUE", "CONSTR_PRIMARY" -> {
                if (constraint.text("indexname").isEmpty()) {
                    unique(name, columns);
                }
            }
            case "CONSTR_EXCLUSION" -> unique(name, List.of());
            case "CONSTR_FOREIGN" -> foreign(name, constraint, foreign);
            default -> {}
        }
    }

    private void unique(String name, List<String> columns) {
        if (table.placement() instanceof Placement.Sharded sharded && !columns.containsAll(sharded.keyColumns())) {
            throw new Refused(
                    PandoError.UNIQUE_WITHOUT_KEY, name, table.name().name(), String.join(", ", sharded.keyColumns()));
        }
    }

    private void foreign(String name, Ast constraint, List<String> columns) {
        Ast range = constraint.child("pktable");
        Table to = range == null ? null : planning.table(range.as("RangeVar"));
        Placement target = planning.placement(to);
        if (target instanceof Placement.Reference) {
            return;
        }
        boolean together = target instanceof Placement.Sharded there
                && table.placement() instanceof Placement.Sharded here
                && here.group().equals(there.group())
                && keyToKey(here, there, columns, constraint.strings("pk_attrs"));
        if (!together) {
            String other = range == null ? "" : range.text("relname");
            throw new Refused(PandoError.FOREIGN_KEY_ACROSS, name, table.name().name(), other);
        }
    }

    /** Without a list of columns the primary key is meant; a key of one column is then the whole of it. */
    private static boolean keyToKey(
            Placement.Sharded here, Placement.Sharded there, List<String> from, List<String> to) {
        for (int i = 0; i < here.keyColumns().size(); i++) {
            int at = from.indexOf(here.keyColumns().get(i));
            boolean whole =
                    to.isEmpty() && from.size() == 1 && there.keyColumns().size() == 1;
            boolean named = at >= 0
                    && at < to.size()
                    && to.get(at).equals(there.keyColumns().get(i));
            if (at < 0 || !(named || whole)) {
                return false;
            }
        }
        return true;
    }
}
