package dev.pando.core.sight;

import dev.pando.base.sql.Shape;
import dev.pando.base.sql.ShapedSql;
import dev.pando.base.sql.Shaper;
import dev.pando.base.sql.Splice;
import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import dev.pando.core.route.Command;
import dev.pando.core.route.Planned;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A statement's shape as SQL that means the same but for its values: numbers that are no values stand where they stood. These are the
 * positions of {@code ORDER BY 2} and {@code GROUP BY 1}, and the modifiers of types, {@code numeric(10, 2)}.
 *
 * <p>It is made when a statement is seen first, from tokens alone, for nothing else is at hand then. What is not found here is {@code 0} in the
 * text, and {@link GenericText}, which has the grammar, refuses it. A number that is no value and is 0 is written {@code 00}.
 */
final class Outline {
    /** Positions end at 1,664 columns and the precision of {@code numeric} at 1,000; what is longer could tell more than that, and is left out. */
    private static final int DIGITS = 4;
    /** Keywords, so that no function has such a name. */
    private static final Set<String> TYPES = Set.of(
            "bit",
            "char",
            "character",
            "dec",
            "decimal",
            "float",
            "interval",
            "nchar",
            "numeric",
            "time",
            "timestamp",
            "varchar",
            "varying");

    private static final Set<String> AFTER_LIST = Set.of(
            "limit",
            "offset",
            "fetch",
            "having",
            "window",
            "union",
            "intersect",
            "except",
            "for",
            "rows",
            "range",
            "groups",
            "select",
            "where",
            "from",
            "returning",
            "on",
            "filter");

    private final byte[] text;
    private final ShapedSql shaped;
    private final ShapedSql original;
    private final SqlLexer lexer = new SqlLexer();
    private final List<Splice.Edit> edits = new ArrayList<>();
    private final List<Within> nesting = new ArrayList<>(List.of(Within.ANYTHING));
    private String word = "";
    private Naming naming = Naming.OTHER;

    /** What the commas of a pair of parentheses part. */
    private enum Within {
        ANYTHING,
        /** GROUP BY or ORDER BY. */
        LIST,
        MODIFIERS
    }

    /** Whether a type's name has been read, as behind {@code ::}. */
    private enum Naming {
        OTHER,
        BEGINS,
        NAMED
    }

    private Outline(byte[] text, ShapedSql original) {
        this.text = text;
        this.shaped = new Shaper().shape(text);
        this.original = original;
    }

    /** Null when there is none: PostgreSQL explains no such statement, or it has not been read as a whole. */
    static @Nullable String of(Shape shape, @Nullable Planned planned) {
        if (planned == null
                || planned.several()
                || planned.complaint() != null
                || planned.shaped().problem() != null
                || shape.bytes() != planned.shaped().shape().bytes()) {
            return null;
        }
        Command command = planned.plan().command();
        if (!(command instanceof Command.Read || command instanceof Command.Write)) {
            return null;
        }
        return switch (planned.shaped().word(0)) {
            case "select", "insert", "update", "delete", "merge", "with", "values", "table", "(" ->
                new Outline(shape.toString().getBytes(StandardCharsets.UTF_8), planned.shaped()).made();
            default -> null;
        };
    }

    private String made() {
        lexer.reset(text, 0, text.length);
        for (Token token = lexer.next(); token != Token.END; ) {
            int start = lexer.start();
            int end = lexer.end();
            String now = new String(text, start, end - start, StandardCharsets.UTF_8);
            token = lexer.next();
            read(now, start, end, token);
        }
        return new String(Splice.apply(text, edits), StandardCharsets.UTF_8);
    }

    /** One token, of which {@code following} comes next. */
    private void read(String now, int start, int end, Token following) {
        Within here = nesting.getLast();
        switch (now) {
            case "(" ->
                nesting.add(naming == Naming.NAMED || TYPES.contains(word) ? Within.MODIFIERS : Within.ANYTHING);
            case ")" -> {
                if (nesting.size() > 1) {
                    nesting.removeLast();
                }
            }
            case "by" -> {
                boolean list = word.equals("group") || word.equals("order");
                nesting.set(nesting.size() - 1, list ? Within.LIST : here);
            }
            case "0" -> number(here, start, end, following);
            default -> {
                if (here == Within.LIST && AFTER_LIST.contains(now)) {
                    nesting.set(nesting.size() - 1, Within.ANYTHING);
                }
            }
        }
        naming = named(now);
        word = now;
    }

    private Naming named(String now) {
        boolean name = Character.isLetter(now.charAt(0)) || now.charAt(0) == '_' || now.charAt(0) == '"';
        if (now.equals("::") || now.equals("as") || (now.equals(".") && naming == Naming.NAMED)) {
            return Naming.BEGINS;
        }
        // WITH q AS MATERIALIZED ( begins a query.
        boolean query = word.equals("as") && (now.equals("materialized") || now.equals("not"));
        return name && naming == Naming.BEGINS && !query ? Naming.NAMED : Naming.OTHER;
    }

    private void number(Within here, int start, int end, Token following) {
        boolean begins = word.equals("(") || word.equals(",") || word.equals("by");
        boolean ends = switch (following) {
            case PUNCTUATION -> true;
            case IDENTIFIER, SEMICOLON, END -> here == Within.LIST;
            case QUOTED_IDENTIFIER,
                    UNICODE_IDENTIFIER,
                    INTEGER,
                    DECIMAL,
                    STRING,
                    ESCAPE_STRING,
                    UNICODE_STRING,
                    BIT_STRING,
                    HEX_STRING,
                    DOLLAR_STRING,
                    NATIONAL,
                    PARAMETER,
                    OPERATOR,
                    CAST,
                    UNKNOWN,
                    BROKEN -> false;
        };
        int slot = shaped.slotAt(start);
        if (here == Within.ANYTHING || !begins || !ends || slot < 0 || slot >= original.slots()) {
            return;
        }
        String value = original.value(original.first(slot));
        if (value != null && value.length() <= DIGITS && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            edits.add(new Splice.Edit(start, end, value.equals("0") ? "00" : value));
        }
    }
}
