package dev.pando.lint.offline;

import dev.pando.grammar.Node;
import dev.pando.lint.offline.Table.Column;
import dev.pando.lint.offline.Table.ColumnType;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Expressions of defaults and conditions: those of which it is certain that the server accepts them, and what it does with them. */
final class Values {
    private static final Set<String> WHOLE = Set.of("int2", "int4", "int8");
    private static final Set<String> NUMBERS = Set.of("int2", "int4", "int8", "numeric", "float4", "float8");
    private static final Set<String> TEXTS = Set.of("text", "varchar");
    private static final Set<String> COMPARISONS = Set.of("=", "<>", "<", ">", "<=", ">=");
    /** Types of columns that have an order, so that an index or a comparison is possible. */
    private static final Set<String> ORDERED = Set.of(
            "int2",
            "int4",
            "int8",
            "numeric",
            "float4",
            "float8",
            "text",
            "varchar",
            "bpchar",
            "bool",
            "date",
            "time",
            "timestamp",
            "timestamptz",
            "interval",
            "uuid",
            "inet",
            "cidr",
            "bytea",
            "jsonb");

    private static final Set<String> UNORDERED = Set.of("json", "xml");

    private Values() {}

    static boolean builtIn(ColumnType type) {
        return ORDERED.contains(type.name()) || UNORDERED.contains(type.name());
    }

    static boolean ordered(ColumnType type) {
        return ORDERED.contains(type.name()) && !type.array();
    }

    /** Names of columns in an expression, without repeats. */
    static List<String> columns(Node expression) {
        return expression.all("ColumnRef").stream()
                .map(reference -> reference.names("fields"))
                .filter(fields -> !fields.isEmpty())
                .map(List::getLast)
                .distinct()
                .toList();
    }

    /** The column of {@code column IS NOT NULL}, null for other expressions. */
    static @Nullable String notNull(Node expression) {
        Node argument = expression.child("arg");
        boolean form =
                expression.is("NullTest") && expression.text("nulltesttype").equals("IS_NOT_NULL");
        return form && argument != null ? column(argument) : null;
    }

    private static @Nullable String column(Node node) {
        List<String> fields = node.is("ColumnRef") ? node.names("fields") : List.of();
        return fields.size() == 1 ? fields.getFirst() : null;
    }

    /** Throws unless it is a condition on known columns that the server accepts. */
    static void condition(@Nullable Node node, Table table) {
        if (node == null) {
            throw new Unclear("a constraint without a condition");
        }
        switch (node.tag()) {
            case "BoolExpr" -> node.list("args").forEach(argument -> condition(argument, table));
            case "NullTest" -> {
                Node argument = node.child("arg");
                String column = argument == null ? null : column(argument);
                if (column == null) {
                    throw new Unclear("the condition");
                }
                table.column(column);
            }
            case "A_Expr" -> comparison(node, table);
            default -> throw new Unclear("a condition with " + node.tag());
        }
    }

    private static void comparison(Node node, Table table) {
        Node left = node.child("lexpr");
        Node right = node.child("rexpr");
        String column = left == null ? null : column(left);
        boolean known = node.text("kind").equals("AEXPR_OP")
                && node.names("name").size() == 1
                && COMPARISONS.contains(node.names("name").getFirst());
        if (column == null
                || right == null
                || !known
                || !fits(right, table.column(column).type())) {
            throw new Unclear("the condition");
        }
    }

    /** Whether a constant has a value of a type for certain. */
    static boolean fits(Node value, ColumnType type) {
        if (!value.is("A_Const") || value.children().isEmpty() || type.array()) {
            return false;
        }
        Node constant = value.children().getFirst();
        String text = String.valueOf(constant.constant());
        return switch (constant.tag()) {
            case "Integer" ->
                NUMBERS.contains(type.name())
                        && type.modifiers().isEmpty()
                        && (!type.name().equals("int2") || Math.abs(Long.parseLong(text)) < 32_768);
            case "Float" -> type.modifiers().isEmpty() && NUMBERS.contains(type.name()) && !WHOLE.contains(type.name());
            case "String" ->
                TEXTS.contains(type.name())
                        && (type.modifiers().isEmpty()
                                || text.length() <= type.modifiers().getFirst());
            case "Boolean" -> type.name().equals("bool");
            default -> false;
        };
    }

    /** What a default costs when a column with it is added: none, constant, stable or volatile. */
    static String defaultOf(@Nullable Node value, ColumnType type) {
        if (value == null) {
            return "none";
        }
        if (fits(value, type) || empty(value, type)) {
            return "constant";
        }
        if (value.is("SQLValueFunction") && value.text("op").equals("SVFOP_CURRENT_TIMESTAMP") && timestamp(type)) {
            return "stable";
        }
        if (value.is("FuncCall") && !value.has("args")) {
            switch (value.names("funcname").getLast()) {
                case "now" -> {
                    if (timestamp(type)) {
                        return "stable";
                    }
                }
                case "clock_timestamp" -> {
                    if (type.name().equals("timestamptz") && type.modifiers().isEmpty()) {
                        return "volatile";
                    }
                }
                case "gen_random_uuid" -> {
                    if (type.name().equals("uuid")) {
                        return "volatile";
                    }
                }
                case "random" -> {
                    if (type.name().equals("float8")) {
                        return "volatile";
                    }
                }
                default -> {}
            }
        }
        throw new Unclear("this default");
    }

    private static boolean timestamp(ColumnType type) {
        return !type.array()
                && type.modifiers().isEmpty()
                && Set.of("timestamp", "timestamptz").contains(type.name());
    }

    /** An empty array, an empty document. */
    private static boolean empty(Node value, ColumnType type) {
        Node constant = value;
        if (value.is("TypeCast")) {
            Node argument = value.child("arg");
            ColumnType cast = Columns.type(value.child("typeName"));
            if (argument == null || !cast.equals(type)) {
                return false;
            }
            constant = argument;
        }
        String text = constant.is("A_Const") ? constant.constant() : null;
        boolean document = Set.of("json", "jsonb").contains(type.name()) && !type.array();
        boolean none = text != null
                && ((type.array() && text.equals("{}"))
                        || (document && Set.of("{}", "[]").contains(text)));
        return none || (value.is("TypeCast") && fits(constant, type));
    }

    /** Columns that exist and have an order. */
    static void ordered(Table table, List<String> columns) {
        for (String name : columns) {
            Column column = table.column(name);
            if (!ordered(column.type())) {
                throw new Unclear("a key with a column of type " + column.type().name());
            }
        }
    }
}
