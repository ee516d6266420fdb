package dev.pando.core.route;

import dev.pando.core.route.Command.Argument;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code SELECT pando.function(…)} and {@code SELECT set_config(…)}: calls that Pando itself understands. */
final class PandoCalls {
    private PandoCalls() {}

    static @Nullable Command of(Ast select, Planning planning) {
        Ast call = only(select);
        if (call == null) {
            return null;
        }
        List<String> name = call.strings("funcname");
        if (name.size() == 2 && name.getFirst().equals("pando")) {
            return new Command.PandoCall(name.getLast(), arguments(call, planning));
        }
        return Functions.builtIn(call) && name.getLast().equals("set_config") ? setConfig(call, planning) : null;
    }

    /** The call of a SELECT that does nothing else: {@code SELECT f(…)} or {@code SELECT * FROM f(…)}. */
    private static @Nullable Ast only(Ast select) {
        List<Ast> targets = select.list("targetList");
        boolean more = select.has("whereClause")
                || select.has("groupClause")
                || select.has("sortClause")
                || select.has("withClause")
                || select.has("limitCount")
                || select.has("limitOffset");
        if (targets.size() != 1 || more) {
            return null;
        }
        List<Ast> from = select.list("fromClause");
        Ast value = targets.getFirst().child("val");
        if (value == null) {
            return null;
        }
        if (from.isEmpty()) {
            return value.is("FuncCall") ? value : null;
        }
        boolean table = from.size() == 1 && from.getFirst().is("RangeFunction") && Targets.isStar(value);
        return table ? functionOf(from.getFirst()) : null;
    }

    private static @Nullable Ast functionOf(Ast range) {
        List<Ast> functions = range.list("functions");
        List<Ast> first = functions.size() == 1 ? functions.getFirst().list("items") : List.of();
        boolean pando = !first.isEmpty()
                && first.getFirst().is("FuncCall")
                && first.getFirst().strings("funcname").getFirst().equals("pando");
        return pando ? first.getFirst() : null;
    }

    private static List<Argument> arguments(Ast call, Planning planning) {
        List<Argument> arguments = new ArrayList<>();
        for (Ast argument : call.list("args")) {
            boolean named = argument.is("NamedArgExpr");
            Ast value = named ? argument.child("arg") : argument;
            ValueSource source = value == null ? null : source(value, planning);
            if (source == null) {
                throw Refused.shape("pando." + Functions.name(call) + "() with an argument that is no constant");
            }
            arguments.add(new Argument(named ? argument.text("name") : null, source));
        }
        return arguments;
    }

    /** A constant as text; a cast does not change what Pando reads. ARRAY[…] is not taken. */
    private static @Nullable ValueSource source(Ast value, Planning planning) {
        Ast inner = value.is("TypeCast") ? value.child("arg") : value;
        if (inner == null) {
            return null;
        }
        Constant constant = Constant.of(inner, planning.source);
        return constant == null ? null : constant.source();
    }

    private static @Nullable Command setConfig(Ast call, Planning planning) {
        List<Ast> arguments = call.list("args");
        if (arguments.size() != 3
                || !arguments.getFirst().is("A_Const")
                || !arguments.get(1).is("A_Const")) {
            return null;
        }
        Ast local = arguments.get(2).child("boolval");
        if (local == null) {
            return null;
        }
        planning.literalMatters();
        String name = Commands.string(arguments.getFirst()).toLowerCase(java.util.Locale.ROOT);
        return new Command.Set(name, local.flag("boolval"));
    }
}
