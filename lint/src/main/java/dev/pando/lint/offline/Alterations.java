package dev.pando.lint.offline;

import dev.pando.grammar.Node;
import dev.pando.lint.offline.Table.Column;
import dev.pando.lint.offline.Table.Constraint;
import dev.pando.lint.offline.Table.Filling;
import dev.pando.lint.offline.Table.Index;
import dev.pando.lint.offline.Table.Name;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What ALTER TABLE leaves of a table in a {@link Schema}. */
final class Alterations {
    /** Nothing that is known of a table changes by these. */
    private static final Set<String> HARMLESS = Set.of(
            "AT_ChangeOwner",
            "AT_ClusterOn",
            "AT_DisableRowSecurity",
            "AT_DropCluster",
            "AT_EnableRowSecurity",
            "AT_ForceRowSecurity",
            "AT_NoForceRowSecurity",
            "AT_ResetOptions",
            "AT_ResetRelOptions",
            "AT_SetCompression",
            "AT_SetLogged",
            "AT_SetOptions",
            "AT_SetRelOptions",
            "AT_SetStatistics",
            "AT_SetStorage",
            "AT_SetUnLogged");

    private final Schema schema;
    private final Columns columns;

    Alterations(Schema schema, Columns columns) {
        this.schema = schema;
        this.columns = columns;
    }

    void apply(Node node) {
        if (!node.text("objtype").equals("OBJECT_TABLE")) {
            return; // views, sequences, indexes: nothing that is kept here
        }
        Node relation = node.child("relation");
        Table table = schema.table(relation);
        boolean all = relation != null && relation.flag("inh");
        List<Node> commands = node.list("cmds");
        // The server drops first and adds constraints last.
        commands.stream().filter(command -> !adds(command)).forEach(command -> change(table, command, all));
        commands.stream().filter(Alterations::adds).forEach(command -> change(table, command, all));
    }

    private static boolean adds(Node command) {
        return command.text("subtype").equals("AT_AddConstraint");
    }

    private void change(Table table, Node command, boolean all) {
        String subtype = command.text("subtype");
        if (HARMLESS.contains(subtype)) {
            return;
        }
        List<Table> members = all ? schema.family(table) : List.of(table);
        switch (subtype) {
            case "AT_ReplicaIdentity" -> table.entangled.add("replica identity");
            case "AT_AttachPartition", "AT_DetachPartition" -> partition(table, command);
            case "AT_AddConstraint" -> constrain(table, command, members);
            default -> members.forEach(member -> one(member, command));
        }
    }

    private void constrain(Table table, Node command, List<Table> members) {
        Node constraint = definition(command);
        columns.constrain(table, constraint, List.of());
        for (Table member : members) {
            if (member != table) {
                Definitions.copy(table, member);
            }
        }
    }

    private void one(Table table, Node command) {
        String name = command.text("name");
        switch (command.text("subtype")) {
            case "AT_AddColumn" -> {
                Node definition = definition(command);
                if (!table.columns.containsKey(definition.text("colname"))) {
                    columns.add(table, definition);
                }
            }
            case "AT_DropColumn" -> dropColumn(table, command);
            case "AT_ColumnDefault" ->
                table.change(table.column(name).with(command.has("def") ? Filling.DEFAULT : Filling.NONE));
            case "AT_SetNotNull" -> table.change(table.column(name).with(true));
            case "AT_DropNotNull" -> table.change(table.column(name).with(false));
            case "AT_AlterColumnType" ->
                table.change(
                        table.column(name).with(Columns.type(definition(command).child("typeName"))));
            case "AT_AddIdentity" -> table.change(table.column(name).with(true).with(Filling.IDENTITY));
            case "AT_ValidateConstraint" -> table.constraints.computeIfPresent(name, (key, old) -> old.validated());
            case "AT_DropConstraint" -> dropConstraint(table, command);
            default -> throw new Unclear(command.text("subtype") + " was run on it");
        }
    }

    private static Node definition(Node command) {
        Node definition = command.child("def");
        if (definition == null) {
            throw new Unclear(command.text("subtype") + " without a definition");
        }
        return definition;
    }

    private static void dropColumn(Table table, Node command) {
        String name = command.text("name");
        if (command.text("behavior").equals("DROP_CASCADE")) {
            throw new Unclear("DROP COLUMN … CASCADE was run on it");
        }
        table.columns.remove(name);
        table.constraints.values().removeIf(constraint -> constraint.columns().contains(name));
        table.indexes.values().removeIf(index -> index.columns().contains(name));
    }

    private static void dropConstraint(Table table, Node command) {
        Constraint gone = table.constraints.remove(command.text("name"));
        if (gone == null || command.text("behavior").equals("DROP_CASCADE")) {
            throw new Unclear("a constraint that is not known was dropped");
        }
        table.indexes.remove(gone.name());
    }

    private void partition(Table table, Node command) {
        Node definition = definition(command);
        Table partition = schema.table(definition.child("name"));
        if (command.text("subtype").equals("AT_DetachPartition")) {
            partition.unclear = "it was a partition";
            return;
        }
        Node bound = definition.child("bound");
        partition.parent = table;
        partition.partition = true;
        partition.defaultPartition = bound != null && bound.flag("is_default");
        Definitions.copy(table, partition);
        partition.unclear = table.indexes.isEmpty() ? null : "it was attached, and what it has of its parent is not";
    }

    void rename(Node node) {
        String to = node.text("newname");
        switch (node.text("renameType")) {
            case "OBJECT_TABLE" -> {
                Table table = schema.table(node.child("relation"));
                schema.rename(table, new Name(table.name.schema(), to));
            }
            case "OBJECT_COLUMN" -> {
                if (node.text("relationType").equals("OBJECT_TABLE")) {
                    Table table = schema.table(node.child("relation"));
                    schema.family(table).forEach(member -> renameColumn(member, node.text("subname"), to));
                }
            }
            case "OBJECT_TABCONSTRAINT" -> {
                Table table = schema.table(node.child("relation"));
                schema.family(table).forEach(member -> renameConstraint(member, node.text("subname"), to));
            }
            case "OBJECT_INDEX" -> renameIndex(node, to);
            case "OBJECT_TRIGGER",
                    "OBJECT_POLICY",
                    "OBJECT_RULE",
                    "OBJECT_ATTRIBUTE",
                    "OBJECT_ROLE",
                    "OBJECT_DOMCONSTRAINT",
                    "OBJECT_FUNCTION" -> {}
            default -> throw new Unclear("RENAME of " + node.text("renameType"));
        }
    }

    private void renameColumn(Table table, String from, String to) {
        Column column = table.column(from);
        List<Column> all = List.copyOf(table.columns.values());
        table.columns.clear();
        all.forEach(each ->
                table.change(each.equals(column) ? new Column(to, each.type(), each.notNull(), each.filling()) : each));
        table.constraints.replaceAll((name, constraint) -> new Constraint(
                name,
                constraint.kind(),
                renamed(constraint.columns(), from, to),
                constraint.valid(),
                constraint.references(),
                constraint.referenced(),
                from.equals(constraint.provesNotNull()) ? to : constraint.provesNotNull()));
        table.indexes.replaceAll(
                (name, index) -> new Index(name, renamed(index.columns(), from, to), index.unique(), index.plain()));
        for (Table other : schema.referencing(table)) {
            other.constraints.replaceAll((name, constraint) -> Objects.equals(constraint.references(), table.name)
                    ? new Constraint(
                            name,
                            constraint.kind(),
                            constraint.columns(),
                            constraint.valid(),
                            constraint.references(),
                            renamed(constraint.referenced(), from, to),
                            constraint.provesNotNull())
                    : constraint);
        }
    }

    private static List<String> renamed(List<String> columns, String from, String to) {
        return columns.stream().map(column -> column.equals(from) ? to : column).toList();
    }

    private static void renameConstraint(Table table, String from, String to) {
        Constraint constraint = table.constraints.remove(from);
        if (constraint == null) {
            throw new Unclear("a constraint that is not known was renamed");
        }
        table.constraints.put(to, constraint.named(to));
        Index index = table.indexes.remove(from);
        if (index != null) {
            table.indexes.put(to, new Index(to, index.columns(), index.unique(), index.plain()));
        }
    }

    private void renameIndex(Node node, String to) {
        Node relation = node.child("relation");
        String from = relation == null ? "" : relation.text("relname");
        @Nullable Table table = relation == null ? null : schema.ofIndex(relation.text("schemaname"), from);
        if (table == null) {
            throw new Unclear("an index that is not known was renamed");
        }
        if (table.constraints.containsKey(from)) {
            renameConstraint(table, from, to);
            return;
        }
        Index index = Objects.requireNonNull(table.indexes.remove(from));
        table.indexes.put(to, new Index(to, index.columns(), index.unique(), index.plain()));
    }

    void move(Node node) {
        if (!node.text("objectType").equals("OBJECT_TABLE")) {
            return;
        }
        Table table = schema.table(node.child("relation"));
        schema.rename(table, new Name(node.text("newschema"), table.name.name()));
    }
}
