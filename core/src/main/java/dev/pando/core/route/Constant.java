package dev.pando.core.route;

import dev.pando.base.sql.Literal;
import dev.pando.core.shard.KeyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A literal, parameter or NULL in the text, perhaps cast.
 *
 * @param literal its kind, null for parameters and NULL
 * @param cast the type it is cast to, empty without a cast
 */
record Constant(ValueSource source, Literal.@Nullable Kind literal, String cast) {
    private static final Set<String> INTEGERS = Set.of("int2", "int4", "int8");
    private static final Set<String> TEXTS = Set.of("text", "varchar");

    static @Nullable Constant of(Ast node, Source source) {
        return of(node, source, false);
    }

    private static @Nullable Constant of(Ast node, Source source, boolean array) {
        return switch (node.kind()) {
            case "A_Const" -> literal(node, source, array);
            case "ParamRef" -> new Constant(new ValueSource.Parameter(node.number("number"), array, false), null, "");
            case "A_Expr" -> plus(node, source);
            case "TypeCast" -> cast(node, source, array);
            default -> null;
        };
    }

    private static @Nullable Constant literal(Ast node, Source source, boolean array) {
        if (node.flag("isnull")) {
            return new Constant(new ValueSource.Null(), null, "");
        }
        int slot = node.location() < 0 ? -1 : source.shaped().slotAt(node.location());
        if (slot < 0) {
            return null;
        }
        Literal.Kind kind = source.shaped().first(slot).kind();
        boolean folded = source.shaped().folded(slot);
        boolean negated = !folded && source.shaped().negativeAt(node.location());
        return new Constant(new ValueSource.Slot(slot, negated, array), kind, "");
    }

    /** {@code +5}. A user-defined operator could not stand before a bare number: PostgreSQL's own fits better. */
    private static @Nullable Constant plus(Ast node, Source source) {
        Ast number = node.child("rexpr");
        if (number == null
                || !number.is("A_Const")
                || node.has("lexpr")
                || !node.strings("name").equals(List.of("+"))) {
            return null;
        }
        Constant plain = literal(number, source, false);
        return plain != null && plain.literal == Literal.Kind.INTEGER ? plain : null;
    }

    private static @Nullable Constant cast(Ast node, Source source, boolean array) {
        Ast type = node.child("typeName");
        Ast inner = node.child("arg");
        if (inner == null || inner.is("TypeCast")) {
            return null;
        }
        String name = castName(type, array);
        Constant plain = name == null ? null : of(inner, source, array);
        return plain == null || name == null ? null : new Constant(plain.source, plain.literal, name);
    }

    /** The name of PostgreSQL's own type that a cast goes to; null for other types and for arrays. */
    static @Nullable String builtInCast(@Nullable Ast type) {
        return type != null && type.strings("names").size() == 2 ? castName(type, false) : null;
    }

    /** The name of a built-in type, or of an array of it, that a cast does nothing but convert to; null for others. */
    private static @Nullable String castName(@Nullable Ast type, boolean array) {
        if (type == null) {
            return null;
        }
        List<String> names = type.strings("names");
        boolean known =
                names.size() == 1 || (names.size() == 2 && names.getFirst().equals("pg_catalog"));
        boolean bounds = !type.list("arrayBounds").isEmpty();
        boolean plain = known && bounds == array && type.list("typmods").isEmpty() && !type.flag("setof");
        return plain ? names.getLast() : null;
    }

    /** The elements of {@code = ANY(…)}: an array's text, an array parameter, or ARRAY[…]; null when it is something else. */
    static @Nullable List<Constant> elements(Ast node, Source source) {
        Ast bare = node.is("TypeCast") ? node.child("arg") : node;
        if (bare != null && bare.is("A_ArrayExpr")) {
            List<Constant> elements = all(bare.list("elements"), source);
            return bare == node || elements == null ? elements : eachCast(elements, node);
        }
        Constant array = of(node, source, true);
        return array == null ? null : List.of(array);
    }

    /** A cast of ARRAY[…] is one of each element. */
    private static @Nullable List<Constant> eachCast(List<Constant> elements, Ast cast) {
        String type = castName(cast.child("typeName"), true);
        boolean plain = elements.stream().allMatch(element -> element.cast.isEmpty());
        return type == null || !plain
                ? null
                : elements.stream()
                        .map(element -> new Constant(element.source, element.literal, type))
                        .toList();
    }

    /** All of them as constants, or null if one is not; literals that were folded into one slot come once. */
    static @Nullable List<Constant> all(List<Ast> nodes, Source source) {
        List<Constant> found = new ArrayList<>();
        for (Ast node : nodes) {
            Constant constant = of(node, source);
            if (constant == null) {
                return null;
            }
            if (found.isEmpty() || !found.getLast().equals(constant)) {
                found.add(constant);
            }
        }
        return found;
    }

    /** Whether {@code column = constant} compares the value as a key of this type, so that it tells the shard. */
    boolean comparesAs(KeyType type) {
        if (source instanceof ValueSource.Null) {
            return true;
        }
        boolean string = literal == null || quoted();
        if (type.integer()) {
            return (string || literal == Literal.Kind.INTEGER) && (cast.isEmpty() || INTEGERS.contains(cast));
        }
        Set<String> casts = type == KeyType.UUID ? Set.of("uuid") : TEXTS;
        return string && (cast.isEmpty() || casts.contains(cast));
    }

    private boolean quoted() {
        return literal == Literal.Kind.STRING
                || literal == Literal.Kind.ESCAPE_STRING
                || literal == Literal.Kind.DOLLAR
                || literal == Literal.Kind.UNICODE_STRING;
    }
}
