package dev.pando.core.sight;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Literal;
import dev.pando.base.sql.ShapedSql;
import dev.pando.base.sql.Shaper;
import dev.pando.base.sql.Splice;
import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import dev.pando.grammar.Node;
import dev.pando.grammar.ParseTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A statement whose values are parameters, made from its {@link Outline}: what {@code EXPLAIN (GENERIC_PLAN)} takes. Numbers keep the type that
 * PostgreSQL gives the literal, for {@code $1::int} is a parameter of that type and nothing more; strings become parameters of a type that is
 * to be found, as the literal's was. A literal behind the name of its type, {@code interval '1 day'}, becomes a cast, for a parameter
 * cannot stand there.
 */
public final class GenericText {
    private static final Set<String> EXPLAINED =
            Set.of("SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt");
    private static final Set<String> FIELDS =
            Set.of("year", "month", "day", "hour", "minute", "second", "to", "(", ")", "0");

    private final byte[] text;
    private final ShapedSql shaped;
    private final List<Literal> literals = new ArrayList<>();
    private final List<Splice.Edit> edits = new ArrayList<>();
    /** Where literals are that are no values. */
    private final Set<Integer> kept = new HashSet<>();

    /** A literal that stands for a value; with the byte where its type's name begins, -1 when it has none before it. */
    private record Value(Literal literal, int start, int type) {}

    private GenericText(String outline) {
        this.text = outline.getBytes(StandardCharsets.UTF_8);
        this.shaped = new Shaper().shape(text);
        for (int slot = 0; slot < shaped.slots(); slot++) {
            literals.addAll(shaped.slot(slot));
        }
    }

    /** {@code tree}: of the outline. Throws NO_PLAN for a statement that has none. */
    public static String of(ParseTree tree, String outline) {
        if (tree.statements().size() != 1) {
            throw refused("these are several statements");
        }
        Node statement = tree.statements().getFirst().node();
        if (!EXPLAINED.contains(statement.tag())) {
            throw refused("EXPLAIN (GENERIC_PLAN) takes SELECT, VALUES, INSERT, UPDATE, DELETE and MERGE");
        }
        return new GenericText(outline).made(statement);
    }

    private static PandoException refused(String why) {
        return new PandoException(PandoError.NO_PLAN, why);
    }

    private String made(Node statement) {
        List<Value> values = new ArrayList<>();
        statement.walk(this::keep);
        statement.walk(node -> {
            if (node.is("TypeCast")) {
                Node constant = node.child("arg");
                Node type = node.child("typeName");
                Literal literal = literal(constant);
                if (literal != null && type != null && type.location() >= 0 && type.location() < literal.start()) {
                    values.add(new Value(literal, type.location(), type.location()));
                    kept.add(literal.start());
                }
            }
        });
        statement.walk(node -> {
            Literal literal = literal(node);
            if (literal != null && kept.add(literal.start())) {
                values.add(new Value(literal, Math.min(node.location(), literal.start()), -1));
            }
        });
        values.sort(Comparator.comparingInt(Value::start));
        for (Value value : values) {
            replace(value, shaped.parameters() + edits.size() + 1);
        }
        return new String(Splice.apply(text, edits), StandardCharsets.UTF_8);
    }

    /** Notes positions and modifiers of types. */
    private void keep(Node node) {
        switch (node.tag()) {
            case "TypeName" -> node.list("typmods").forEach(this::keepNumber);
            case "GroupingSet" -> node.list("content").forEach(this::keepNumber);
            case "SortBy" -> keepNumber(node.child("node"));
            case "SelectStmt" -> {
                node.list("groupClause").forEach(this::keepNumber);
                node.list("distinctClause").forEach(this::keepNumber);
            }
            default -> {
                // Nothing of the kind stands directly in others.
            }
        }
    }

    private void keepNumber(@Nullable Node node) {
        Literal literal = literal(node);
        if (literal == null || literal.kind() != Literal.Kind.INTEGER) {
            return;
        }
        if (literal.end() - literal.start() == 1 && text[literal.start()] == '0') {
            throw refused(
                    "which column an ORDER BY or GROUP BY means by its number, or how long a type is, is not known");
        }
        kept.add(literal.start());
    }

    /** The literal that a constant is; null when the node is something else. */
    private @Nullable Literal literal(@Nullable Node node) {
        if (node == null || !node.is("A_Const") || node.location() < 0) {
            return null;
        }
        int at = node.location();
        boolean negative = shaped.negativeAt(at);
        for (Literal literal : literals) {
            if (literal.start() == at || (negative && literal.start() > at)) {
                return literal;
            }
        }
        return null;
    }

    private void replace(Value value, int number) {
        Literal literal = value.literal();
        if (value.type() < 0) {
            edits.add(new Splice.Edit(value.start(), literal.end(), parameter(literal.kind(), number)));
            return;
        }
        String type = string(value.type(), literal.start()).strip();
        int end = type.startsWith("interval") ? fieldsEnd(literal.end()) : literal.end();
        String fields = string(literal.end(), end);
        edits.add(new Splice.Edit(value.type(), end, "CAST($" + number + " AS " + type + fields + ")"));
    }

    /** Parentheses, for FETCH FIRST takes nothing else but a bare number. */
    private static String parameter(Literal.Kind kind, int number) {
        return switch (kind) {
            case INTEGER -> "($" + number + "::int)";
            case DECIMAL -> "($" + number + "::numeric)";
            case BIT, HEX -> "($" + number + "::pg_catalog.\"bit\")";
            case STRING, ESCAPE_STRING, DOLLAR, UNICODE_STRING -> "$" + number;
        };
    }

    private String string(int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8);
    }

    /** The end of {@code day to second (3)}. */
    private int fieldsEnd(int from) {
        SqlLexer lexer = new SqlLexer();
        lexer.reset(text, from, text.length - from);
        int end = 0;
        int open = 0;
        for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
            String word = string(from + lexer.start(), from + lexer.end());
            boolean digits = token == Token.INTEGER;
            open += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
            if ((!FIELDS.contains(word) && !digits) || open < 0 || (digits && open == 0)) {
                break;
            }
            end = lexer.end();
        }
        return from + end;
    }
}
