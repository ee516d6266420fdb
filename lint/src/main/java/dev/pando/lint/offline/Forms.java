package dev.pando.lint.offline;

import dev.pando.grammar.Node;
import dev.pando.lab.oracle.RelationKind;
import dev.pando.lint.fact.Names;
import dev.pando.lint.offline.Form.Place;
import dev.pando.lint.offline.Table.ConstraintKind;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The form of a statement on a schema. It throws {@link Unclear} unless it is certain that the server accepts the statement, and that nothing
 * but what the form says decides what is locked, read and written.
 */
final class Forms {
    private final Schema schema;
    private final ConstraintForms constraints;
    private final AlterForms alter;

    Forms(Schema schema) {
        this.schema = schema;
        this.constraints = new ConstraintForms(schema);
        this.alter = new AlterForms(schema, constraints);
    }

    /** One form, or one for each command of an ALTER TABLE. */
    List<Form> of(Node node) {
        schema.certain();
        List<Form> forms = switch (node.tag()) {
            case "AlterTableStmt" -> alter.of(node);
            case "CreateStmt" -> List.of(create(node));
            case "IndexStmt" -> List.of(index(node));
            case "DropStmt" -> List.of(drop(node));
            case "RenameStmt" -> List.of(rename(node));
            case "AlterObjectSchemaStmt" -> List.of(move(node));
            case "TruncateStmt" -> List.of(truncate(node));
            case "LockStmt" -> List.of(lock(node));
            case "CommentStmt" -> List.of(comment(node));
            case "CreateEnumStmt", "CreateSchemaStmt", "CreateSeqStmt" -> List.of(nothing(node));
            case "AlterEnumStmt" -> List.of(enumeration(node));
            default -> throw new Unclear("statements of this kind (" + node.tag() + ")");
        };
        namesOnlyThese(node, forms);
        return forms;
    }

    /** Where a word of the statement is another table's name, too, the oracle's words for its role might be others. */
    private void namesOnlyThese(Node node, List<Form> forms) {
        Set<String> own = new HashSet<>();
        forms.forEach(form ->
                form.places().values().forEach(tables -> tables.forEach(table -> own.add(table.name.name()))));
        Set<String> others = new HashSet<>();
        schema.tables().forEach(table -> others.add(table.name.name()));
        others.removeAll(own);
        node.walk(each -> {
            List<String> words = List.of(
                    each.text("sval"),
                    each.text("relname"),
                    each.text("colname"),
                    each.text("name"),
                    each.text("conname"),
                    each.text("idxname"),
                    each.text("newname"),
                    each.text("indexname"),
                    each.text("subname"));
            if (words.stream().anyMatch(others::contains)) {
                throw new Unclear("a statement with a word that is also a table's name");
            }
        });
    }

    /** A table without parents, children and partitions. */
    static void alone(Schema schema, Table table) {
        if (!kind(schema, table).equals("table")) {
            throw new Unclear(table.name.name() + ", which is a " + kind(schema, table));
        }
    }

    static String kind(Schema schema, Table table) {
        boolean parent = !schema.children(table).isEmpty();
        if (table.kind == RelationKind.PARTITIONED_TABLE) {
            return table.parent == null ? "partitioned table" : "partitioned partition";
        }
        if (table.parent != null) {
            return table.partition ? "partition" : "child table";
        }
        return parent ? "parent table" : "table";
    }

    /** Tables of foreign keys that a new table has. */
    private Form create(Node node) {
        Node relation = node.child("relation");
        boolean plain = relation != null
                && !node.has("inhRelations")
                && !node.has("partspec")
                && !node.has("ofTypename")
                && !node.has("options")
                && relation.text("relpersistence").equals("p");
        if (!plain || relation == null) {
            throw new Unclear("CREATE TABLE of this form");
        }
        Table made = new Table(schema.fresh(relation));
        if (schema.taken(made.name)) {
            throw new Unclear("CREATE TABLE of one that is there");
        }
        Set<Table> referenced = new LinkedHashSet<>();
        var columns = new Columns(schema);
        for (Node element : node.list("tableElts")) {
            if (element.is("ColumnDef")) {
                alter.newColumn(made, element);
                constraints.references(element.list("constraints"), referenced, made);
                columns.add(made, element);
            } else if (!element.is("Constraint")) {
                throw new Unclear("CREATE TABLE with " + element.tag());
            }
        }
        for (Node element : node.list("tableElts")) {
            if (element.is("Constraint")) {
                constraints.of(made, element, List.of());
                constraints.references(List.of(element), referenced, made);
                columns.constrain(made, element, List.of());
            }
        }
        Form form = new Form("create table" + (referenced.isEmpty() ? "" : ", references"), Map.of());
        return form.with(Place.NEW, List.of(made)).with(Place.REFERENCED, List.copyOf(referenced));
    }

    private Form index(Node node) {
        Table table = schema.table(node.child("relation"));
        String kind = kind(schema, table);
        if (!kind.equals("table") && !kind.equals("partition")) {
            throw new Unclear("CREATE INDEX on a " + kind);
        }
        String name = node.text("idxname");
        boolean there = !name.isEmpty() && schema.taken(new Table.Name(table.name.schema(), name));
        if (there
                || node.has("options")
                || node.has("tableSpace")
                || !node.text("accessMethod").equals("btree")) {
            throw new Unclear("CREATE INDEX of this form");
        }
        for (Node element : node.list("indexParams")) {
            boolean plain = !element.text("name").isEmpty() && !element.has("opclass") && !element.has("collation");
            if (!plain) {
                throw new Unclear("an index on an expression, or with an operator class");
            }
            Values.ordered(table, List.of(element.text("name")));
        }
        node.list("indexIncludingParams").forEach(element -> table.column(element.text("name")));
        if (node.has("whereClause")) {
            Values.condition(node.child("whereClause"), table);
        }
        return Form.of(
                (kind.equals("table") ? "" : kind + ": ") + "create" + (node.flag("unique") ? " unique" : "") + " index"
                        + (node.flag("concurrent") ? " concurrently" : "")
                        + (node.has("whereClause") ? ", partial" : "")
                        + (node.has("indexIncludingParams") ? ", include" : ""),
                table);
    }

    private Form drop(Node node) {
        List<List<String>> names = Names.dropped(node);
        if (names.size() != 1 || node.text("behavior").equals("DROP_CASCADE")) {
            throw new Unclear("DROP of several, or with CASCADE");
        }
        String first = names.getFirst().size() > 1 ? names.getFirst().getFirst() : "";
        String last = names.getFirst().getLast();
        return switch (node.text("removeType")) {
            case "OBJECT_TABLE" -> dropTable(schema.find(first, last));
            case "OBJECT_INDEX" -> dropIndex(node, schema.ofIndex(first, last), last);
            default -> throw new Unclear("DROP of " + node.text("removeType"));
        };
    }

    private Form dropTable(@Nullable Table table) {
        if (table == null || table.unclear != null) {
            throw new Unclear("the table is not known");
        }
        alone(schema, table);
        entanglement(table);
        schema.uses.certain(table);
        List<Table> referencing = schema.referencing(table);
        if (!referencing.stream().allMatch(other -> other == table)) {
            throw new Unclear(table.name.name() + ", which others refer to");
        }
        List<Table> referenced = constraints.referencedBy(table, constraint -> true);
        return Form.of("drop table" + (referenced.isEmpty() ? "" : ", references"), table)
                .with(Place.REFERENCED, referenced);
    }

    /** Throws if anything but triggers uses the table, or may. */
    static void entanglement(Table table) {
        if (!table.entangled.isEmpty()) {
            throw new Unclear(table.name.name() + " with a " + String.join(", a ", table.entangled));
        }
    }

    private Form dropIndex(Node node, @Nullable Table table, String index) {
        if (table == null || table.unclear != null || table.constraints.containsKey(index)) {
            throw new Unclear("the index is not known, or of a constraint");
        }
        alone(schema, table);
        boolean key = !schema.referencing(table).isEmpty() || table.entangled.contains("replica identity");
        if (key) {
            throw new Unclear("an index of a table that others refer to");
        }
        return new Form("drop index" + (node.flag("concurrent") ? " concurrently" : ""), Map.of())
                .with(Place.TABLE_OF_INDEX, List.of(table));
    }

    private Form rename(Node node) {
        if (node.text("renameType").equals("OBJECT_INDEX")) {
            throw new Unclear("RENAME of an index");
        }
        Table table = schema.table(node.child("relation"));
        alone(schema, table);
        return switch (node.text("renameType")) {
            case "OBJECT_TABLE" -> {
                if (schema.taken(new Table.Name(table.name.schema(), node.text("newname")))) {
                    throw new Unclear("RENAME to a name that is taken");
                }
                yield Form.of("rename table", table);
            }
            case "OBJECT_COLUMN" -> {
                boolean ofTable = node.text("relationType").equals("OBJECT_TABLE");
                table.column(node.text("subname"));
                if (!ofTable
                        || table.columns.containsKey(node.text("newname"))
                        || AlterForms.SYSTEM.contains(node.text("newname"))) {
                    throw new Unclear("RENAME to a name that is taken");
                }
                yield Form.of("rename column", table);
            }
            case "OBJECT_TABCONSTRAINT" -> {
                Table.Constraint constraint = ConstraintForms.constraint(table, node.text("subname"));
                boolean taken = table.constraints.containsKey(node.text("newname"))
                        || schema.taken(new Table.Name(table.name.schema(), node.text("newname")));
                if (taken || constraint.kind() == ConstraintKind.FOREIGN_KEY) {
                    throw new Unclear("RENAME CONSTRAINT of this form");
                }
                yield Form.of("rename constraint", table);
            }
            default -> throw new Unclear("RENAME of " + node.text("renameType"));
        };
    }

    private Form move(Node node) {
        if (!node.text("objectType").equals("OBJECT_TABLE") || !schema.hasSchema(node.text("newschema"))) {
            throw new Unclear("SET SCHEMA of this form");
        }
        Table table = schema.table(node.child("relation"));
        alone(schema, table);
        boolean simple = table.indexes.keySet().stream()
                        .noneMatch(index -> schema.taken(new Table.Name(node.text("newschema"), index)))
                && !schema.taken(new Table.Name(node.text("newschema"), table.name.name()))
                && !table.name.schema().equals(node.text("newschema"))
                && table.columns.values().stream().noneMatch(column -> column.filling() == Table.Filling.IDENTITY);
        if (!simple) {
            throw new Unclear("SET SCHEMA where a name may be taken");
        }
        return Form.of("set schema", table);
    }

    private Form truncate(Node node) {
        if (node.list("relations").size() != 1
                || node.flag("restart_seqs")
                || node.text("behavior").equals("DROP_CASCADE")) {
            throw new Unclear("TRUNCATE of this form");
        }
        Table table = schema.table(node.list("relations").getFirst());
        alone(schema, table);
        if (!schema.referencing(table).isEmpty() || table.entangled.contains("trigger")) {
            throw new Unclear(table.name.name() + ", which others refer to");
        }
        return Form.of("truncate", table);
    }

    private Form lock(Node node) {
        if (node.list("relations").size() != 1) {
            throw new Unclear("LOCK of several");
        }
        Table table = schema.table(node.list("relations").getFirst());
        alone(schema, table);
        return Form.of("lock in mode " + node.number("mode"), table);
    }

    private Form comment(Node node) {
        Node object = node.child("object");
        List<String> name = object == null ? List.of() : object.names("items");
        boolean column = node.text("objtype").equals("OBJECT_COLUMN");
        if (name.isEmpty() || (!column && !node.text("objtype").equals("OBJECT_TABLE"))) {
            throw new Unclear("COMMENT of this form");
        }
        List<String> relation = column ? name.subList(0, name.size() - 1) : name;
        Table table = relation.isEmpty() || relation.size() > 2
                ? null
                : schema.find(relation.size() > 1 ? relation.getFirst() : "", relation.getLast());
        if (table == null || table.unclear != null) {
            throw new Unclear("the table is not known");
        }
        alone(schema, table);
        if (column) {
            table.column(name.getLast());
        }
        return Form.of(column ? "comment on column" : "comment on table", table);
    }

    /** Objects that lock no table: only their names can be refused. */
    private Form nothing(Node node) {
        switch (node.tag()) {
            case "CreateSchemaStmt" -> {
                String name = node.text("schemaname");
                if (name.isEmpty() || schema.hasSchema(name) || name.startsWith("pg_") || node.has("schemaElts")) {
                    throw new Unclear("CREATE SCHEMA of this form");
                }
            }
            case "CreateSeqStmt" -> {
                Node sequence = node.child("sequence");
                if (sequence == null || node.has("options") || schema.taken(schema.fresh(sequence))) {
                    throw new Unclear("CREATE SEQUENCE of this form");
                }
            }
            default -> {
                List<String> names = node.names("typeName");
                List<String> values = Definitions.values(node);
                boolean taken = names.size() != 1
                        || schema.currentPath() == null
                        || schema.currentPath().isEmpty()
                        || schema.taken(new Table.Name(schema.currentPath().getFirst(), names.getFirst()));
                if (taken || new HashSet<>(values).size() < values.size()) {
                    throw new Unclear("CREATE TYPE of this form");
                }
            }
        }
        return Form.of(node.tag());
    }

    private Form enumeration(Node node) {
        Set<String> labels = schema.labels(node.names("typeName"));
        boolean adds =
                node.text("oldVal").isEmpty() && node.text("newValNeighbor").isEmpty();
        if (labels == null
                || !adds
                || labels.contains(node.text("newVal"))
                || node.text("newVal").length() > 63) {
            throw new Unclear("ALTER TYPE of this form");
        }
        return Form.of("enum, add value");
    }
}
