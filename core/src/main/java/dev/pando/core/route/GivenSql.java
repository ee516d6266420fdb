package dev.pando.core.route;

import dev.pando.core.topology.Trace;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What functions that run SQL given to them leave on a connection: those of PostgreSQL and of its extensions, such as query_to_xml() and
 * crosstab(). Text that stands in the statement is read as the body of a function would be; other text can leave anything.
 */
final class GivenSql {
    private static final String REWRITE = "ts_rewrite";

    private GivenSql() {}

    /** Whether the call runs SQL given to it; ts_rewrite() does so in its form with two arguments. */
    static boolean runs(Ast call) {
        String name = Functions.name(call);
        return Functions.hiddenSql(name)
                && (!name.equals(REWRITE) || call.list("args").size() == 2);
    }

    static Set<Trace> left(Ast call, Planning planning) {
        List<Ast> arguments = call.list("args");
        Set<Trace> left = EnumSet.complementOf(EnumSet.of(Trace.UNSEEN));
        for (Ast argument : Functions.name(call).equals(REWRITE) ? List.of(arguments.getLast()) : arguments) {
            String text = constant(argument);
            if (text == null) {
                return EnumSet.allOf(Trace.class);
            }
            left.addAll(Traces.of(CodeText.of(text), planning));
        }
        planning.literalMatters();
        return left;
    }

    /** What stands there, whatever it is cast to; null when it has to be computed first. */
    private static @Nullable String constant(Ast argument) {
        Ast value = argument.is("TypeCast") || argument.is("NamedArgExpr") ? argument.child("arg") : argument;
        if (value != null && value.is("TypeCast")) {
            value = value.child("arg");
        }
        return value != null && value.is("A_Const") ? Commands.string(value) : null;
    }
}
