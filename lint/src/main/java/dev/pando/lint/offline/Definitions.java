package dev.pando.lint.offline;

import dev.pando.grammar.Node;
import dev.pando.lab.oracle.RelationKind;
import dev.pando.lint.fact.Names;
import dev.pando.lint.offline.Table.Name;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Brings a schema to where a statement leaves it. What it does not understand makes the tables it names unclear, or all of them. */
final class Definitions {
    /** Nothing of a table changes by these. */
    private static final Set<String> HARMLESS = Set.of(
            "AlterDefaultPrivilegesStmt",
            "AlterOwnerStmt",
            "AlterRoleSetStmt",
            "AlterRoleStmt",
            "AlterSeqStmt",
            "CheckPointStmt",
            "ClusterStmt",
            "CommentStmt",
            "ConstraintsSetStmt",
            "CreateCastStmt",
            "CreateRoleStmt",
            "DefineStmt",
            "DropRoleStmt",
            "GrantRoleStmt",
            "GrantStmt",
            "LockStmt",
            "RefreshMatViewStmt",
            "ReindexStmt",
            "SecLabelStmt",
            "TruncateStmt",
            "VacuumStmt",
            "VariableSetStmt",
            "VariableShowStmt");
    /** They make functions and types only. */
    private static final Set<String> EXTENSIONS = Set.of(
            "btree_gin",
            "btree_gist",
            "citext",
            "file_fdw",
            "fuzzystrmatch",
            "hstore",
            "intarray",
            "ltree",
            "pg_trgm",
            "pgcrypto",
            "plpgsql",
            "unaccent",
            "uuid-ossp");
    /** Functions that change nothing but sequences and settings. */
    private static final Set<String> FUNCTIONS = Set.of("set_config", "setval", "nextval");

    private final Schema schema;
    private final Columns columns;
    private final Alterations alterations;

    Definitions(Schema schema) {
        this.schema = schema;
        this.columns = new Columns(schema);
        this.alterations = new Alterations(schema, columns);
    }

    void apply(Node node) {
        try {
            known(node);
        } catch (Unclear e) {
            unclear(node, e);
        }
        schema.uses.by(node);
    }

    private void unclear(Node node, Unclear reason) {
        List<Node> ranges = node.all("RangeVar");
        boolean named = !ranges.isEmpty() && !node.is("DropStmt");
        if (!named) {
            schema.unclear("a statement that is not understood (" + node.tag() + ")");
            return;
        }
        for (Node range : ranges) {
            Table table = schema.findAny(range);
            if (table != null) {
                schema.family(table).forEach(each -> each.unclear = String.valueOf(reason.getMessage()));
            } else if (node.is("CreateStmt")) {
                lost(range, reason);
            }
        }
    }

    /** A new table of which only the name is known. */
    private void lost(Node range, Unclear reason) {
        try {
            Table table = new Table(schema.fresh(range));
            table.unclear = String.valueOf(reason.getMessage());
            schema.add(table);
        } catch (Unclear e) {
            // No name in it is mistaken for another table's: those of temporary tables come first in the search path.
            schema.unclear(String.valueOf(e.getMessage()));
        }
    }

    private void known(Node node) {
        switch (node.tag()) {
            case "CreateStmt" -> create(node);
            case "AlterTableStmt" -> alterations.apply(node);
            case "RenameStmt" -> alterations.rename(node);
            case "AlterObjectSchemaStmt" -> alterations.move(node);
            case "IndexStmt" -> index(node);
            case "DropStmt" -> drop(node);
            case "ViewStmt" -> view(node.child("view"), node.child("query"), RelationKind.VIEW);
            case "CreateTableAsStmt" -> createAs(node);
            case "CreateTrigStmt" -> entangle(node, "trigger");
            case "CreatePolicyStmt" -> entangle(node, "policy");
            case "RuleStmt" -> entangle(node, "rule");
            case "CreateStatsStmt" -> entangle(node, "statistics");
            case "CreatePublicationStmt", "AlterPublicationStmt" -> entangle(node, "publication");
            case "CreateFunctionStmt" -> entangle(node, "function");
            case "CreateSeqStmt" -> sequence(node);
            case "CreateEnumStmt" ->
                schema.addEnum(typeName(node.names("typeName")), new LinkedHashSet<>(values(node)));
            case "AlterEnumStmt" -> label(node);
            case "CompositeTypeStmt" -> schema.addOther(schema.fresh(child(node, "typevar")));
            case "CreateDomainStmt" -> schema.addOther(typeName(node.names("domainname")));
            case "CreateRangeStmt" -> schema.addOther(typeName(node.names("typeName")));
            case "CreateSchemaStmt" -> createSchema(node);
            case "CreateExtensionStmt" -> extension(node);
            case "InsertStmt", "UpdateStmt", "DeleteStmt", "CopyStmt" -> rows(node);
            case "SelectStmt" -> select(node);
            case "TransactionStmt" -> {
                if (node.text("kind").startsWith("TRANS_STMT_ROLLBACK")) {
                    schema.unclear("a ROLLBACK");
                }
            }
            default -> {
                if (!HARMLESS.contains(node.tag())) {
                    throw new Unclear(node.tag());
                }
            }
        }
    }

    private static Node child(Node node, String field) {
        Node child = node.child(field);
        if (child == null) {
            throw new Unclear(node.tag() + " without " + field);
        }
        return child;
    }

    private Name typeName(List<String> names) {
        List<String> path = schema.currentPath();
        if (names.size() == 1 && (path == null || path.isEmpty())) {
            throw new Unclear("search_path");
        }
        return names.size() == 1
                ? new Name(String.valueOf(path == null ? null : path.getFirst()), names.getFirst())
                : new Name(names.getFirst(), names.getLast());
    }

    static List<String> values(Node enumeration) {
        return enumeration.list("vals").stream()
                .map(value -> String.valueOf(value.constant()))
                .toList();
    }

    private void label(Node node) {
        Set<String> labels = schema.labels(node.names("typeName"));
        if (labels != null) {
            labels.remove(node.text("oldVal"));
            labels.add(node.text("newVal"));
        }
    }

    private void create(Node node) {
        Node relation = child(node, "relation");
        Name name = schema.fresh(relation);
        if (schema.taken(name)) {
            return; // IF NOT EXISTS, or it failed
        }
        Table table = new Table(name);
        if (node.has("ofTypename")) {
            throw new Unclear("a table of a type");
        }
        if (node.has("partspec")) {
            table.kind = RelationKind.PARTITIONED_TABLE;
        }
        if (node.has("inhRelations")) {
            inherit(table, node);
        }
        for (Node element : node.list("tableElts")) {
            if (element.is("ColumnDef")) {
                columns.add(table, element);
            } else if (element.is("Constraint")) {
                columns.constrain(table, element, List.of());
            } else {
                throw new Unclear("CREATE TABLE with " + element.tag());
            }
        }
        if (node.has("partspec")) {
            table.entangled.add("partition key");
        }
        schema.add(table);
    }

    private void inherit(Table table, Node node) {
        List<Node> parents = node.list("inhRelations");
        Table parent = schema.table(parents.getFirst());
        if (parents.size() > 1 || (node.has("partbound") && node.has("tableElts"))) {
            throw new Unclear("inheritance of this form");
        }
        Node bound = node.child("partbound");
        table.partition = bound != null;
        table.defaultPartition = bound != null && bound.flag("is_default");
        table.parent = parent;
        copy(parent, table);
    }

    /** What a child has of its parent. Indexes come with partitions only, and their names are the server's. */
    static void copy(Table parent, Table child) {
        parent.columns.values().forEach(child::change);
        parent.constraints.values().stream()
                .filter(constraint -> child.partition || constraint.kind() == Table.ConstraintKind.CHECK)
                .forEach(constraint -> child.constraints.putIfAbsent(constraint.name(), constraint));
        if (child.partition) {
            parent.indexes.forEach((name, index) -> child.indexes.putIfAbsent(" " + name, index));
        }
    }

    private void index(Node node) {
        Table table = schema.table(node.child("relation"));
        String name = node.text("idxname");
        if (!name.isEmpty() && schema.taken(new Name(table.name.schema(), name))) {
            return;
        }
        columns.index(table, node);
        Node relation = child(node, "relation");
        if (relation.flag("inh")) {
            for (Table member : schema.family(table)) {
                if (member.partition && member != table) {
                    member.indexes.put(
                            " " + table.indexes.size() + name,
                            table.indexes.values().stream().toList().getLast());
                }
            }
        }
    }

    private void view(@Nullable Node name, @Nullable Node query, RelationKind kind) {
        if (name == null || query == null) {
            throw new Unclear("a view");
        }
        entangle(query, kind.toString());
        schema.addOther(schema.fresh(name));
    }

    private void createAs(Node node) {
        Node into = child(node, "into");
        if (node.text("objtype").equals("OBJECT_MATVIEW")) {
            view(into.child("rel"), node.child("query"), RelationKind.MATERIALIZED_VIEW);
            return;
        }
        Table table = new Table(schema.fresh(child(into, "rel")));
        if (!schema.taken(table.name)) {
            table.unclear = "its columns are those of a query";
            schema.add(table);
        }
    }

    private void entangle(Node node, String by) {
        schema.certain();
        for (Node range : node.all("RangeVar")) {
            Table table = schema.find(range);
            if (table != null) {
                table.entangled.add(by);
            }
        }
    }

    private void sequence(Node node) {
        schema.addOther(schema.fresh(child(node, "sequence")));
    }

    private void createSchema(Node node) {
        if (node.has("schemaElts") || node.text("schemaname").isEmpty()) {
            throw new Unclear("CREATE SCHEMA of this form");
        }
        schema.addSchema(node.text("schemaname"));
    }

    private static void extension(Node node) {
        if (!EXTENSIONS.contains(node.text("extname"))) {
            throw new Unclear("the extension " + node.text("extname"));
        }
    }

    private void rows(Node node) {
        for (Node range : node.all("RangeVar")) {
            Table table = schema.findAny(range);
            if (table != null && (table.entangled.contains("trigger") || table.entangled.contains("rule"))) {
                schema.unclear("rows of " + table.name.name() + " changed, which has a trigger or a rule");
            }
        }
    }

    private void select(Node node) {
        for (Node call : node.all("FuncCall")) {
            List<String> name = call.names("funcname");
            if (!FUNCTIONS.contains(name.getLast())) {
                schema.unclear("a query called " + name.getLast() + "()");
                return;
            }
            List<String> arguments = call.list("args").stream()
                    .map(argument -> String.valueOf(argument.constant()))
                    .toList();
            if (name.getLast().equals("set_config") && arguments.getFirst().equals("search_path")) {
                path(List.of(arguments.get(1).split("\\s*,\\s*", -1)));
            }
        }
        if (node.has("intoClause")) {
            throw new Unclear("SELECT INTO");
        }
    }

    /** SET search_path. */
    void path(List<String> schemas) {
        boolean plain = schemas.stream().allMatch(name -> name.matches("[a-z_][a-z0-9_]*|"));
        List<String> named = schemas.stream().filter(name -> !name.isEmpty()).toList();
        schema.path(plain ? named : null);
    }

    private void drop(Node node) {
        if (node.text("behavior").equals("DROP_CASCADE")) {
            throw new Unclear("DROP … CASCADE");
        }
        for (List<String> name : Names.dropped(node)) {
            String first = name.size() > 1 ? name.getFirst() : "";
            switch (node.text("removeType")) {
                case "OBJECT_TABLE" -> {
                    Table table = schema.find(first, name.getLast());
                    if (table != null) {
                        schema.remove(table);
                    }
                }
                case "OBJECT_INDEX" -> {
                    Table table = schema.ofIndex(first, name.getLast());
                    if (table != null && table.kind == RelationKind.TABLE) {
                        table.indexes.remove(name.getLast());
                    } else if (table != null) {
                        schema.family(table).forEach(each -> each.unclear = "an index of all partitions was dropped");
                    }
                }
                case "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_SEQUENCE", "OBJECT_TYPE", "OBJECT_DOMAIN" ->
                    schema.removeOther(typeName(name));
                default -> {}
            }
        }
    }
}
