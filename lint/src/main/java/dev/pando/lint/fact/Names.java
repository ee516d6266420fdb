package dev.pando.lint.fact;

import dev.pando.base.sql.Quote;
import dev.pando.grammar.Node;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names in parse trees, and which of them a migration has made itself. */
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

    static boolean existed(Step step, Node range) {
        for (Step earlier : step.before()) {
            Node made = created(earlier.node());
            if (made != null && same(made, range)) {
                return false;
            }
        }
        return true;
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

    /** Names without a schema may be those with one. */
    public static boolean same(Node left, Node right) {
        String l = left.text("schemaname");
        String r = right.text("schemaname");
        return left.text("relname").equals(right.text("relname")) && (l.isEmpty() || r.isEmpty() || l.equals(r));
    }

    /** The names of the objects of a DROP, in their parts. */
    public static List<List<String>> dropped(Node drop) {
        return drop.list("objects").stream()
                .map(object -> switch (object.tag()) {
                    case "ObjectWithArgs" -> object.names("objname");
                    case "TypeName" -> object.names("names");
                    case "List" -> object.names("items");
                    default -> List.of(String.valueOf(object.constant()));
                })
                .toList();
    }

    /** Whether a DROP names anything that was there before the migration. */
    public static boolean existing(Step step, Node drop) {
        return dropped(drop).stream()
                .map(List::getLast)
                .anyMatch(
                        name -> step.before().stream().noneMatch(earlier -> name.equals(createdName(earlier.node()))));
    }

    /** The last part of the name of what a statement makes; empty when it makes nothing that has one. */
    private static String createdName(@Nullable Node node) {
        Node relation = created(node);
        if (relation != null) {
            return relation.text("relname");
        }
        return node == null
                ? ""
                : switch (node.tag()) {
                    case "CreateFunctionStmt" -> last(node.names("funcname"));
                    case "CreateEnumStmt", "CreateRangeStmt" -> last(node.names("typeName"));
                    case "CreateDomainStmt" -> last(node.names("domainname"));
                    case "CompositeTypeStmt" ->
                        node.child("typevar") == null
                                ? ""
                                : node.child("typevar").text("relname");
                    case "CreateSchemaStmt" -> node.text("schemaname");
                    case "CreateExtensionStmt" -> node.text("extname");
                    default -> "";
                };
    }

    private static String last(List<String> parts) {
        return parts.isEmpty() ? "" : parts.getLast();
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
        String name = "\"?" + Pattern.quote(column ? node.text("subname") : relation.text("relname")) + "\"?";
        Pattern taker = Pattern.compile(
                column
                        ? "(?is)alter\\s+table\\b.*\\brename\\b.*\\bto\\s+" + name + "\\s*"
                        : "(?is)create\\s+(?:or\\s+replace\\s+)?view\\s+(?:\\w+\\.)?" + name + "\\s.*");
        return step.migration().statements().stream()
                .filter(later -> later.number() > step.statement().number()
                        && later.transaction().id()
                                == step.statement().transaction().id())
                .anyMatch(later -> taker.matcher(later.sql()).matches());
    }

    /** Whether the migration itself has given a column of the step's table its name. */
    public static boolean madeHere(Step step, String column) {
        Node relation = step.relation();
        return relation != null
                && step.before().stream()
                        .filter(earlier -> earlier.relation() != null && same(earlier.relation(), relation))
                        .map(Step::node)
                        .anyMatch(node -> node != null && makes(node, column));
    }

    private static boolean makes(Node node, String column) {
        if (node.is("RenameStmt")) {
            return node.text("newname").equals(column);
        }
        return node.list("cmds").stream()
                .filter(command -> command.text("subtype").equals("AT_AddColumn"))
                .map(command -> command.child("def"))
                .anyMatch(definition ->
                        definition != null && definition.text("colname").equals(column));
    }
}
