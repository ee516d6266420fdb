package dev.pando.lint.fact;

import dev.pando.base.sql.Quote;
import dev.pando.grammar.Node;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names in parse trees. */
public final class Names {
    private Names() {}

    /** As it reads in a message, and as SQL: quoted where it must be. */
    public static String of(Node range) {
        String name = Quote.identifier(range.text("relname"));
        return range.has("schemaname") ? Quote.identifier(range.text("schemaname")) + "." + name : name;
    }

    /** The same of a list of strings, as DROP has them. */
    public static String of(List<String> parts) {
        return String.join(".", parts.stream().map(Quote::identifier).toList());
    }

    /** The relation that a statement makes, null when it makes none. */
    public static @Nullable Node created(@Nullable Node node) {
        if (node == null) {
            return null;
        }
        return switch (node.tag()) {
            case "CreateStmt", "CreateForeignTableStmt" ->
                node.child("relation") == null ? base(node) : node.child("relation");
            case "CreateTableAsStmt" -> {
                Node into = node.child("into");
                yield into == null ? null : into.child("rel");
            }
            case "ViewStmt" -> node.child("view");
            case "CreateSeqStmt" -> node.child("sequence");
            default -> null;
        };
    }

    private static @Nullable Node base(Node node) {
        Node base = node.child("base");
        return base == null ? null : base.child("relation");
    }

    /** The names of the objects of a DROP, or of the enum in an ALTER TYPE, in their parts. */
    public static List<List<String>> dropped(Node drop) {
        if (drop.is("AlterEnumStmt")) {
            return List.of(drop.names("typeName"));
        }
        return drop.list("objects").stream()
                .map(object -> switch (object.tag()) {
                    case "ObjectWithArgs" -> object.names("objname");
                    case "TypeName" -> object.names("names");
                    case "List" -> object.names("items");
                    default -> List.of(String.valueOf(object.constant()));
                })
                .toList();
    }

    /** Whether a DROP, or an ALTER TYPE, names anything that others may use. */
    public static boolean existing(Step step, Node drop) {
        return dropped(drop).stream()
                .anyMatch(name -> !step.surroundings().dropped().contains(of(name)));
    }

    /**
     * Whether something else has the old name at the end of the same transaction, so that nobody notices: a view that of a table, another
     * column that of a column.
     */
    public static boolean takenAtOnce(Step step, boolean column) {
        Node node = step.node();
        Node relation = step.relation();
        if (node == null || relation == null || !step.statement().transaction().block()) {
            return false;
        }
        String schema = relation.text("schemaname");
        String path = "\"?" + Pattern.quote(schema) + "\"?\\.";
        String before = schema.isEmpty() || schema.equals("public") ? "(?:\"?public\"?\\.)?" : path;
        String name = (column ? "" : before) + "\"?"
                + Pattern.quote(column ? node.text("subname") : relation.text("relname")) + "\"?";
        Pattern taker = Pattern.compile(
                column
                        ? "(?is)alter\\s+table\\b.*\\brename\\b.*\\bto\\s+" + name + "\\s*"
                        : "(?is)create\\s+(?:or\\s+replace\\s+)?view\\s+" + name + "\\s.*");
        return step.migration().statements().stream()
                .filter(later -> later.number() > step.statement().number()
                        && later.transaction().id()
                                == step.statement().transaction().id())
                .anyMatch(later -> taker.matcher(later.sql()).matches());
    }

    /** Whether the migration itself has given a column of the step's table its name. */
    public static boolean madeHere(Step step, String column) {
        return step.before().stream()
                .filter(step::aboutSame)
                .map(Step::node)
                .anyMatch(node -> node != null && makes(node, column));
    }

    private static boolean makes(Node node, String column) {
        if (node.is("RenameStmt")) {
            return node.text("newname").equals(column);
        }
        return node.list("cmds").stream()
                .filter(command -> command.text("subtype").equals("AT_AddColumn") && !command.flag("missing_ok"))
                .map(command -> command.child("def"))
                .anyMatch(definition ->
                        definition != null && definition.text("colname").equals(column));
    }
}
