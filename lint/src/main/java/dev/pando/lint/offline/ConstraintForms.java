package dev.pando.lint.offline;

import dev.pando.grammar.Node;
import dev.pando.lint.offline.Form.Place;
import dev.pando.lint.offline.Table.Column;
import dev.pando.lint.offline.Table.Constraint;
import dev.pando.lint.offline.Table.ConstraintKind;
import dev.pando.lint.offline.Table.Filling;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The forms of what adds, validates and drops constraints; see {@link Forms}. */
final class ConstraintForms {
    private final Schema schema;

    ConstraintForms(Schema schema) {
        this.schema = schema;
    }

    static Constraint constraint(Table table, String name) {
        Constraint found = table.constraints.get(name);
        if (found == null) {
            throw new Unclear("no constraint " + name + " is known");
        }
        return found;
    }

    static boolean hasPrimaryKey(Table table) {
        return table.constraints.values().stream().anyMatch(each -> each.kind() == ConstraintKind.PRIMARY_KEY);
    }

    // -------------------------------------------------------------------------------------------------------------

    Form add(Table table, Node command) {
        Node constraint = AlterForms.definition(command);
        Set<Table> referenced = new LinkedHashSet<>();
        references(List.of(constraint), referenced, table);
        String words = of(table, constraint, List.of());
        boolean empty = !schema.children(table).isEmpty()
                && schema.family(table).stream()
                        .anyMatch(member -> member.constraints.containsKey(constraint.text("conname")));
        if (empty) {
            throw new Unclear("a constraint that a child may have");
        }
        return Form.of("add " + words, table).with(Place.REFERENCED, List.copyOf(referenced));
    }

    /** Tables that foreign keys of a list refer to; {@code table} itself cannot be one of them. */
    void references(List<Node> constraints, Set<Table> into, Table table) {
        for (Node constraint : constraints) {
            if (constraint.text("contype").equals("CONSTR_FOREIGN")) {
                Table referenced = schema.table(constraint.child("pktable"));
                Forms.alone(schema, referenced);
                if (referenced.name.equals(table.name)) {
                    throw new Unclear("a foreign key to the same table");
                }
                into.add(referenced);
            }
        }
    }

    List<Table> referencedBy(Table table, Predicate<Constraint> which) {
        Set<Table> referenced = new LinkedHashSet<>();
        for (Constraint constraint : table.constraints.values()) {
            if (constraint.references() != null && which.test(constraint)) {
                Table other = schema.find(
                        constraint.references().schema(),
                        constraint.references().name());
                if (other == null || other.unclear != null || other == table) {
                    throw new Unclear("the table a foreign key refers to");
                }
                Forms.alone(schema, other);
                referenced.add(other);
            }
        }
        return List.copyOf(referenced);
    }

    void named(Table table, Node constraint) {
        String name = constraint.text("conname");
        boolean index = index(constraint) && schema.taken(new Table.Name(table.name.schema(), name));
        boolean checked = !index(constraint) && !constraint.flag("is_enforced");
        boolean other = checked
                || constraint.flag("is_no_inherit")
                || constraint.flag("deferrable")
                || constraint.flag("nulls_not_distinct")
                || constraint.flag("without_overlaps")
                || constraint.has("options")
                || constraint.has("indexspace");
        if (other || index || table.constraints.containsKey(name) || table.indexes.containsKey(name)) {
            throw new Unclear("a constraint of this form, or of a name that is taken");
        }
    }

    private static boolean index(Node constraint) {
        return !constraint.text("contype").equals("CONSTR_CHECK")
                && !constraint.text("contype").equals("CONSTR_FOREIGN");
    }

    /** What is particular of a new constraint; throws unless the server accepts it. */
    String of(Table table, Node constraint, List<String> own) {
        named(table, constraint);
        List<String> keys = constraint.names("keys").isEmpty() ? own : constraint.names("keys");
        String late = constraint.flag("skip_validation") ? ", not valid" : "";
        return switch (constraint.text("contype")) {
            case "CONSTR_CHECK" -> {
                Values.condition(constraint.child("raw_expr"), table);
                yield "check" + late;
            }
            case "CONSTR_UNIQUE" -> {
                usable(table, constraint, keys);
                yield "unique" + using(constraint);
            }
            case "CONSTR_PRIMARY" -> {
                List<String> columns = usable(table, constraint, keys);
                boolean nullable =
                        columns.stream().anyMatch(key -> !table.column(key).notNull());
                if (hasPrimaryKey(table)) {
                    throw new Unclear("a second primary key");
                }
                yield "primary key" + using(constraint) + (nullable ? ", nullable" : "");
            }
            case "CONSTR_FOREIGN" -> {
                foreign(table, constraint, constraint.names("fk_attrs").isEmpty() ? own : constraint.names("fk_attrs"));
                yield "foreign key" + late;
            }
            default -> throw new Unclear("a constraint with " + constraint.text("contype"));
        };
    }

    private static String using(Node constraint) {
        return constraint.text("indexname").isEmpty() ? "" : " using index";
    }

    private static List<String> usable(Table table, Node constraint, List<String> keys) {
        if (constraint.has("including")) {
            throw new Unclear("a key with INCLUDE");
        }
        if (constraint.text("indexname").isEmpty()) {
            Values.ordered(table, keys);
            return keys;
        }
        Table.Index index = table.indexes.get(constraint.text("indexname"));
        boolean fits = index != null
                && index.unique()
                && index.plain()
                && !table.constraints.containsKey(constraint.text("indexname"));
        if (index == null || !fits) {
            throw new Unclear("USING INDEX of an index that is not known");
        }
        return index.columns();
    }

    private void foreign(Table table, Node constraint, List<String> columns) {
        Table referenced = schema.table(constraint.child("pktable"));
        List<String> keys = constraint.names("pk_attrs");
        if (keys.isEmpty()) {
            keys = referenced.constraints.values().stream()
                    .filter(each -> each.kind() == ConstraintKind.PRIMARY_KEY)
                    .findFirst()
                    .map(Constraint::columns)
                    .orElse(List.of());
        }
        List<String> wanted = keys;
        boolean unique = referenced.indexes.values().stream()
                .anyMatch(index ->
                        index.unique() && index.plain() && index.columns().equals(wanted));
        if (!unique
                || wanted.size() != columns.size()
                || !constraint.text("fk_matchtype").equals("s")) {
            throw new Unclear("a foreign key to columns that are no known key");
        }
        for (int i = 0; i < columns.size(); i++) {
            Column from = table.column(columns.get(i));
            if (!from.type().equals(referenced.column(wanted.get(i)).type()) || from.filling() == Filling.GENERATED) {
                throw new Unclear("a foreign key between types");
            }
        }
    }

    Form validate(Table table, Constraint constraint) {
        String valid = constraint.valid() ? ", valid" : "";
        return switch (constraint.kind()) {
            case CHECK -> Form.of("validate check" + valid, table);
            case FOREIGN_KEY ->
                Form.of("validate foreign key" + valid, table)
                        .with(Place.REFERENCED, referencedBy(table, each -> each.equals(constraint)));
            case UNIQUE, PRIMARY_KEY, OTHER -> throw new Unclear("VALIDATE of such a constraint");
        };
    }

    Form drop(Table table, Node command) {
        Constraint constraint = constraint(table, command.text("name"));
        if (command.text("behavior").equals("DROP_CASCADE")) {
            throw new Unclear("DROP CONSTRAINT … CASCADE");
        }
        return switch (constraint.kind()) {
            case CHECK -> Form.of("drop check", table);
            case FOREIGN_KEY ->
                Form.of("drop foreign key", table)
                        .with(Place.REFERENCED, referencedBy(table, each -> each.equals(constraint)));
            case UNIQUE, PRIMARY_KEY -> {
                Forms.entanglement(table);
                Collection<Table> others = schema.referencing(table);
                if (!others.isEmpty()) {
                    throw new Unclear("a key of a table that others refer to");
                }
                yield Form.of(constraint.kind() == ConstraintKind.UNIQUE ? "drop unique" : "drop primary key", table);
            }
            case OTHER -> throw new Unclear("DROP CONSTRAINT of such a constraint");
        };
    }
}
