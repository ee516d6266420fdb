package dev.pando.core.route;

import dev.pando.base.sql.Literal;
import java.math.BigInteger;
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
                if (!whole) {
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
            // The parameter of an OFFSET without LIMIT must stay in the text: the client binds it.
            return offset instanceof ValueSource.Parameter
                    ? "LIMIT nullif(" + text(offset, source) + "::bigint, " + text(offset, source) + "::bigint)"
                    : "";
        }
        String sum = sum(source);
        if (sum != null) {
            return "LIMIT " + sum;
        }
        String first = text(limit, source);
        return offset == null ? "LIMIT " + first : "LIMIT " + first + "::bigint + " + text(offset, source) + "::bigint";
    }

    /** Of two literals, which belong to one text; null when they are not both plain numbers. Beyond bigint there is no limit. */
    private @Nullable String sum(Source source) {
        if (!(limit instanceof ValueSource.Slot first) || !(offset instanceof ValueSource.Slot second)) {
            return null;
        }
        BigInteger rows = number(first, source);
        BigInteger skipped = number(second, source);
        if (rows == null || skipped == null) {
            return null;
        }
        BigInteger sum = rows.add(skipped);
        return sum.bitLength() < Long.SIZE ? sum.toString() : "ALL";
    }

    private static @Nullable BigInteger number(ValueSource.Slot slot, Source source) {
        String text = text(slot, source);
        return text.chars().allMatch(c -> c >= '0' && c <= '9') ? new BigInteger(text) : null;
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
