package dev.pando.core.sight;

import dev.pando.base.sql.Shape;
import dev.pando.core.route.Command;
import dev.pando.core.route.Planned;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a statement's text. A shape has no literals, so no secret that PostgreSQL takes as one: passwords are string literals.
 * Two things may still be values without being literals. SET takes a bare word, so what follows its name is left out; and what the lexer
 * cannot read may be a string without an end, so such a text is not told at all.
 */
public final class StatementText {
    /** Longer shapes are told apart, and shown, by their beginning. */
    static final int LONGEST = 2_048;

    private StatementText() {}

    /** Of a statement under way. */
    public static String of(Flight flight) {
        return of(flight.shape().upTo(LONGEST), flight.planned());
    }

    static String of(Shape shape, @Nullable Planned planned) {
        if (planned == null) {
            return "(session mode: not read)";
        }
        if (planned.shaped().problem() != null) {
            return "(not SQL that can be read)";
        }
        if (planned.plan().command() instanceof Command.Set) {
            return setting(shape.toString());
        }
        String text = shape.toString();
        return shape.bytes() >= LONGEST ? text + " …" : text;
    }

    /** {@code set [session|local] name to …}. */
    private static String setting(String text) {
        int end = text.length();
        for (String sign : new String[] {" to ", " = ", " time zone "}) {
            int at = text.indexOf(sign);
            end = at >= 0 ? Math.min(end, at + sign.length()) : end;
        }
        return end == text.length() ? text : text.substring(0, end) + "…";
    }
}
