package dev.pando.lint.offline;

import dev.pando.grammar.Node;
import dev.pando.lint.offline.Table.Column;
import dev.pando.lint.offline.Table.ColumnType;
import dev.pando.lint.offline.Table.Constraint;
import dev.pando.lint.offline.Table.ConstraintKind;
import dev.pando.lint.offline.Table.Filling;
import dev.pando.lint.offline.Table.Index;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adds the columns, constraints and indexes of parse trees to tables. */
final class Columns {
    private static final Set<String> SERIAL =
            Set.of("serial", "serial2", "serial4", "serial8", "bigserial", "smallserial");
    /** Longer names are cut by rules of their own. */
    private static final int LONGEST_NAME = 63;

    private final Schema schema;

    Columns(Schema schema) {
        this.schema = schema;
    }

    static boolean serial(Node definition) {
        Node type = definition.child("typeName");
        return type != null && SERIAL.contains(type.names("names").getLast());
    }

    static ColumnType type(@Nullable Node typeName) {
        if (typeName == null) {
            throw new Unclear("a column without a type is");
        }
        List<String> names = typeName.names("names");
        String name = names.getLast();
        boolean own = names.size() == 1 || names.getFirst().equals("pg_catalog");
        List<Integer> modifiers = new ArrayList<>();
        for (Node modifier : typeName.list("typmods")) {
            String constant = modifier.constant();
            modifiers.add(constant != null && constant.matches("-?\\d{1,9}") ? Integer.parseInt(constant) : -1);
        }
        return new ColumnType(own ? unaliased(name) : String.join(".", names), modifiers, typeName.has("arrayBounds"));
    }

    private static String unaliased(String name) {
        return switch (name) {
            case "serial", "serial4" -> "int4";
            case "bigserial", "serial8" -> "int8";
            case "smallserial", "serial2" -> "int2";
            default -> name;
        };
    }

    /** Adds a column with its constraints, without asking whether the server would. */
    void add(Table table, Node definition) {
        String name = definition.text("colname");
        boolean serial = serial(definition);
        table.change(
                new Column(name, type(definition.child("typeName")), serial, serial ? Filling.DEFAULT : Filling.NONE));
        if (serial) {
            schema.addOther(new Table.Name(table.name.schema(), table.name.name() + "_" + name + "_seq"));
        }
        for (Node constraint : definition.list("constraints")) {
            Column column = table.column(name);
            switch (constraint.text("contype")) {
                case "CONSTR_NOTNULL" -> table.change(column.with(true));
                case "CONSTR_DEFAULT" -> table.change(column.with(Filling.DEFAULT));
                case "CONSTR_GENERATED" -> {
                    table.change(column.with(Filling.GENERATED));
                    table.entangled.add("generated column");
                }
                case "CONSTR_IDENTITY" -> {
                    table.change(column.with(true).with(Filling.IDENTITY));
                    schema.addOther(new Table.Name(table.name.schema(), table.name.name() + "_" + name + "_seq"));
                }
                case "CONSTR_NULL", "CONSTR_ATTR_DEFERRABLE", "CONSTR_ATTR_NOT_DEFERRABLE" -> {}
                default -> constrain(table, constraint, List.of(name));
            }
        }
    }

    /** Adds a constraint; {@code own} is the column it is written behind. */
    void constrain(Table table, Node constraint, List<String> own) {
        List<String> keys = constraint.names("keys").isEmpty() ? own : constraint.names("keys");
        boolean valid = !constraint.flag("skip_validation");
        switch (constraint.text("contype")) {
            case "CONSTR_CHECK" -> {
                Node expression = constraint.child("raw_expr");
                List<String> mentioned = expression == null ? List.of() : Values.columns(expression);
                if (!constraint.flag("is_enforced")) {
                    put(table, other(named(table, constraint, mentioned, "check"), mentioned, null));
                    return;
                }
                put(
                        table,
                        new Constraint(
                                named(table, constraint, mentioned.size() == 1 ? mentioned : List.of(), "check"),
                                ConstraintKind.CHECK,
                                mentioned,
                                valid,
                                null,
                                List.of(),
                                expression == null ? null : Values.notNull(expression)));
            }
            case "CONSTR_FOREIGN" -> foreign(table, constraint, own, valid);
            case "CONSTR_PRIMARY" -> {
                unique(table, constraint, keys, ConstraintKind.PRIMARY_KEY);
                List<String> columns = indexed(table, constraint, keys);
                columns.forEach(key -> table.change(table.column(key).with(true)));
            }
            case "CONSTR_UNIQUE" -> unique(table, constraint, keys, ConstraintKind.UNIQUE);
            case "CONSTR_NOTNULL" -> {
                if (valid) {
                    keys.forEach(key -> table.change(table.column(key).with(true)));
                } else {
                    put(table, other(named(table, constraint, keys, "not_null"), keys, null));
                }
            }
            default -> throw new Unclear("a constraint of the kind " + constraint.text("contype") + " is");
        }
    }

    private List<String> indexed(Table table, Node constraint, List<String> keys) {
        if (constraint.text("indexname").isEmpty()) {
            return keys;
        }
        Index index = table.indexes.get(constraint.text("indexname"));
        if (index == null) {
            throw new Unclear("the index " + constraint.text("indexname") + " is");
        }
        return index.columns();
    }

    private void unique(Table table, Node constraint, List<String> keys, ConstraintKind kind) {
        List<String> columns = indexed(table, constraint, keys);
        boolean primary = kind == ConstraintKind.PRIMARY_KEY;
        String name;
        if (constraint.text("indexname").isEmpty()) {
            name = named(table, constraint, primary ? List.of() : columns, primary ? "pkey" : "key");
        } else {
            name = constraint.text("conname").isEmpty() ? constraint.text("indexname") : constraint.text("conname");
            table.indexes.remove(constraint.text("indexname"));
        }
        put(table, new Constraint(name, kind, columns, true, null, List.of(), null));
        // One that is DEFERRABLE cannot be referred to.
        table.indexes.put(name, new Index(name, columns, true, !constraint.flag("deferrable")));
    }

    private void foreign(Table table, Node constraint, List<String> own, boolean valid) {
        List<String> columns = constraint.names("fk_attrs").isEmpty() ? own : constraint.names("fk_attrs");
        Table referenced = schema.table(constraint.child("pktable"));
        if (!constraint.flag("is_enforced")) {
            put(table, other(named(table, constraint, columns, "fkey"), columns, referenced.name));
            return;
        }
        List<String> keys = constraint.names("pk_attrs");
        if (keys.isEmpty()) {
            keys = referenced.constraints.values().stream()
                    .filter(each -> each.kind() == ConstraintKind.PRIMARY_KEY)
                    .findFirst()
                    .map(Constraint::columns)
                    .orElseThrow(() -> new Unclear("the key of " + referenced.name.name() + " is"));
        }
        put(
                table,
                new Constraint(
                        named(table, constraint, columns, "fkey"),
                        ConstraintKind.FOREIGN_KEY,
                        columns,
                        valid,
                        referenced.name,
                        keys,
                        null));
    }

    /** A constraint of which nothing is proven, such as one that is NOT ENFORCED. */
    private static Constraint other(String name, List<String> columns, Table.@Nullable Name references) {
        return new Constraint(name, ConstraintKind.OTHER, columns, false, references, List.of(), null);
    }

    private static void put(Table table, Constraint constraint) {
        if (table.constraints.putIfAbsent(constraint.name(), constraint) != null) {
            throw new Unclear("a second constraint " + constraint.name() + " is");
        }
    }

    /** The name that the server gives it. */
    private String named(Table table, Node node, List<String> columns, String end) {
        if (!node.text("conname").isEmpty()) {
            return node.text("conname");
        }
        return generated(table, columns, end);
    }

    String generated(Table table, List<String> columns, String end) {
        List<String> parts = new ArrayList<>(List.of(table.name.name()));
        parts.addAll(columns);
        parts.add(end);
        String first = String.join("_", parts);
        if (first.length() > LONGEST_NAME) {
            throw new Unclear("the name the server gives to " + first + " is");
        }
        String name = first;
        for (int i = 1;
                table.constraints.containsKey(name) || schema.taken(new Table.Name(table.name.schema(), name));
                i++) {
            name = first + i;
        }
        return name;
    }

    /** A column in the order that a key has. */
    private static boolean plain(Node element) {
        return !element.text("name").isEmpty()
                && !element.has("opclass")
                && !element.has("collation")
                && !element.text("ordering").equals("SORTBY_DESC")
                && !element.text("nulls_ordering").equals("SORTBY_NULLS_FIRST");
    }

    /** Adds what CREATE INDEX makes. */
    void index(Table table, Node node) {
        List<String> columns = new ArrayList<>();
        boolean plain = !node.has("whereClause")
                && !node.has("indexIncludingParams")
                && !node.flag("nulls_not_distinct")
                && node.text("accessMethod").equals("btree");
        for (Node element : node.list("indexParams")) {
            plain &= plain(element);
            columns.addAll(element.text("name").isEmpty() ? Values.columns(element) : List.of(element.text("name")));
        }
        Node condition = node.child("whereClause");
        if (condition != null) {
            columns.addAll(Values.columns(condition));
        }
        List<String> parts = node.list("indexParams").stream()
                .map(element -> element.text("name").isEmpty() ? "expr" : element.text("name"))
                .toList();
        String name = node.text("idxname").isEmpty() ? generated(table, parts, "idx") : node.text("idxname");
        node.list("indexIncludingParams").forEach(element -> columns.add(element.text("name")));
        table.indexes.put(name, new Index(name, columns, node.flag("unique"), plain));
    }
}
