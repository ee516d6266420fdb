package dev.pando.core.route;

import dev.pando.base.sql.Literal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** LIMIT, OFFSET and FETCH FIRST of a SELECT that is merged. */
record Limits(@Nullable ValueSource limit, @Nullable ValueSource offset) {
    private static final Set<String> INTEGERS = Set.of("", "int2", "int4", "int8");

    static Limits of(Ast select, Source source) {
        if (select.text("limitOption").equals("LIMIT_OPTION_WITH_TIES")) {
            throw Refused.shape("FETCH FIRST … WITH TIES");
        }
        return new Limits(value(select.child("limitCount"), source), value(select.child("limitOffset"), source));
    }

    private static @Nullable ValueSource value(@Nullable Ast node, Source source) {
        if (node == null) {
            return null;
        }
        Constant constant = Constant.of(node, source);
        if (constant == null || !INTEGERS.contains(constant.cast())) {
            throw Refused.shape("LIMIT or OFFSET with an expression");
        }
        return switch (constant.source()) {
            case ValueSource.Null none -> null;
            case ValueSource.Parameter parameter -> parameter;
            case ValueSource.Slot slot -> {
                boolean whole = constant.literal() == Literal.Kind.INTEGER || constant.literal() == Literal.Kind.STRING;
                if (!whole || slot.negated()) {
                    throw Refused.shape("LIMIT or OFFSET that is not a whole number");
                }
                yield slot;
            }
        };
    }

    boolean none() {
        return limit == null && offset == null;
    }

    /** The LIMIT clause the shards get: as many rows as any of them could have to give. */
    String forShards(Source source) {
        if (limit == null) {
            return "";
        }
        String first = text(limit, source);
        return offset == null ? "LIMIT " + first : "LIMIT " + first + "::bigint + " + text(offset, source) + "::bigint";
    }

    private static String text(ValueSource value, Source source) {
        return switch (value) {
            case ValueSource.Parameter parameter -> "$" + parameter.number();
            case ValueSource.Slot slot -> {
                Literal literal = source.shaped().first(slot.slot());
                yield source.text(literal.start(), literal.end());
            }
            case ValueSource.Null none -> "NULL";
        };
    }
}
