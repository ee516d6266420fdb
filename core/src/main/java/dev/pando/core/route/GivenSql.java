package dev.pando.core.route;

import dev.pando.core.topology.Trace;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What functions that run SQL given to them leave on a connection: those of PostgreSQL and of its extensions, such as query_to_xml() and
 * crosstab(). Text that stands in the statement is read as the body of a function would be; other text can leave anything.
 */
final class GivenSql {
    private GivenSql() {}

    static Set<Trace> left(Ast call, Planning planning) {
        List<Ast> arguments = call.list("args");
        boolean rewrite = Functions.name(call).equals("ts_rewrite");
        if (rewrite && arguments.size() != 2) {
            return Set.of();
        }
        List<String> texts = new ArrayList<>();
        for (Ast argument : rewrite ? List.of(arguments.getLast()) : arguments) {
            String text = constant(argument);
            if (text == null) {
                return EnumSet.allOf(Trace.class);
            }
            texts.add(text);
        }
        planning.literalMatters();
        Set<Trace> left = EnumSet.complementOf(EnumSet.of(Trace.UNSEEN));
        left.addAll(Traces.of(CodeText.of(texts.stream().collect(Collectors.joining(";\n"))), planning));
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
