package dev.pando.lint.offline;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Names;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What definitions use of a table without naming it as a table: its type, and its sequences by a constant such as {@code 'orders_id_seq'}. */
final class Uses {
    /** Nothing depends on what these name. */
    private static final Set<String> WITHOUT = Set.of(
            "CommentStmt",
            "CopyStmt",
            "DeleteStmt",
            "DropStmt",
            "InsertStmt",
            "MergeStmt",
            "SelectStmt",
            "UpdateStmt",
            "VariableSetStmt");
    /** What has columns of a table's type keeps the table from being rewritten. */
    private static final Set<String> WITH_COLUMNS =
            Set.of("AlterTableStmt", "CompositeTypeStmt", "CreateDomainStmt", "CreateStmt", "CreateTableAsStmt");
    /** Longer names are cut by rules of their own. */
    private static final int LONGEST_NAME = 63;
    /** A sequence whose name is not known. */
    private static final String SOME = "";

    private final Schema schema;
    /** Constants of definitions, with the tables whose definitions have them; what is no table counts as the table "". */
    private final Map<String, Set<Object>> constants = new HashMap<>();

    Uses(Schema schema) {
        this.schema = schema;
    }

    /** A definition that has been applied. */
    void by(Node node) {
        if (WITHOUT.contains(node.tag())) {
            return;
        }
        Table about = about(node);
        node.walk(each -> {
            switch (each.tag()) {
                case "TypeName" -> typed(node, each.names("names"));
                case "A_Const" -> named(each.constant(), about);
                case "ColumnDef" -> column(each, about);
                case "AlterTableCmd" -> identity(each.text("name"), each.child("def"), about);
                default -> {}
            }
        });
        if (node.is("CreateTableAsStmt")) {
            wholeRows(node);
        }
        if (node.is("AlterSeqStmt") || node.is("CreateSeqStmt")) {
            owned(node);
        }
    }

    private @Nullable Table about(Node node) {
        Node made = node.is("CreateStmt") ? Names.created(node) : null;
        return node.is("CreateStmt") || node.is("AlterTableStmt")
                ? schema.findAny(made == null ? node.child("relation") : made)
                : null;
    }

    private void named(@Nullable String constant, @Nullable Table about) {
        if (constant != null) {
            Object user = about == null ? "" : about;
            String last = constant.substring(constant.lastIndexOf('.') + 1).replace("\"", "");
            constants.computeIfAbsent(last, key -> new HashSet<>()).add(user);
            constants
                    .computeIfAbsent(last.toLowerCase(Locale.ROOT), key -> new HashSet<>())
                    .add(user);
        }
    }

    private void typed(Node node, List<String> name) {
        Table table = name.isEmpty()
                ? null
                : schema.findAny(name.size() > 1 ? name.get(name.size() - 2) : "", name.getLast());
        if (table != null) {
            use(table, node);
        }
    }

    private static void use(Table table, Node by) {
        table.entangled.add("use of its type");
        if (WITH_COLUMNS.contains(by.tag())) {
            table.unclear = "its type is used";
        }
    }

    /** {@code SELECT o FROM orders o} has a column of the table's type. */
    private void wholeRows(Node query) {
        for (Node range : query.all("RangeVar")) {
            Node alias = range.child("alias");
            List<String> row = List.of(alias == null ? range.text("relname") : alias.text("aliasname"));
            Table table = schema.findAny(range);
            if (table != null
                    && query.all("ColumnRef").stream()
                            .anyMatch(column -> column.names("fields").equals(row))) {
                use(table, query);
            }
        }
    }

    // ---- Sequences
    // ---------------------------------------------------------------------------------------------------------------

    private static void column(Node definition, @Nullable Table table) {
        if (table != null && Columns.serial(definition)) {
            made(table, definition.text("colname"));
        }
        for (Node constraint : definition.list("constraints")) {
            identity(definition.text("colname"), constraint, table);
        }
    }

    private static void identity(String column, @Nullable Node constraint, @Nullable Table table) {
        if (table == null || constraint == null || !constraint.text("contype").equals("CONSTR_IDENTITY")) {
            return;
        }
        for (Node option : constraint.list("options")) {
            if (option.text("defname").equals("sequence_name")) {
                List<String> name = option.names("arg");
                table.sequences.add(name.isEmpty() ? SOME : name.getLast());
            }
        }
        made(table, column);
    }

    private static void made(Table table, String column) {
        String name = table.name.name() + "_" + column + "_seq";
        table.sequences.add(name.length() > LONGEST_NAME ? SOME : name);
    }

    private void owned(Node sequence) {
        Node relation = sequence.child("sequence");
        for (Node option : sequence.list("options")) {
            Node owner = option.child("arg");
            List<String> column = owner == null ? List.of() : owner.names("items");
            if (option.text("defname").equals("owned_by") && column.size() > 1 && relation != null) {
                String name = column.get(column.size() - 2);
                Table table = schema.findAny(column.size() > 2 ? column.get(column.size() - 3) : "", name);
                if (table != null) {
                    table.sequences.add(relation.text("relname"));
                }
            }
        }
    }

    /** Throws if a definition besides the table's own may name it or a sequence of it. */
    void certain(Table table) {
        constants.forEach((constant, users) -> {
            boolean its = constant.equals(table.name.name())
                    || table.sequences.contains(constant)
                    || (table.sequences.contains(SOME) && constant.contains("seq"));
            if (its && users.stream().anyMatch(user -> user != table)) {
                throw new Unclear(table.name.name() + ", since something else names " + constant);
            }
        });
    }
}
