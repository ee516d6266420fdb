package dev.pando.core.route;

import dev.pando.core.route.Command.Argument;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code SELECT pando.function(…)} and {@code SELECT set_config(…)}: calls that Pando itself understands. */
final class PandoCalls {
    /** Casts that leave the text of a setting, or a boolean, as it is. */
    private static final Set<String> CASTS = Set.of("", "text", "varchar", "bool");

    static final String CHANNELS = "pg_listening_channels";

    private PandoCalls() {}

    static @Nullable Command of(Ast select, Planning planning) {
        Ast call = only(select);
        if (call == null || Functions.setConfig(select) != null) {
            return setConfig(select, planning);
        }
        List<String> name = call.strings("funcname");
        if (Functions.builtIn(call) && name.getLast().equals(CHANNELS)) {
            String alias = select.list("targetList").getFirst().text("name");
            return new Command.ListeningChannels(alias.isEmpty() ? CHANNELS : alias);
        }
        if (name.size() == 2 && name.getFirst().equals("pando")) {
            return new Command.PandoCall(name.getLast(), arguments(call, planning));
        }
        return null;
    }

    /** The call of a SELECT that does nothing else: {@code SELECT f(…)} or {@code SELECT * FROM f(…)}. */
    private static @Nullable Ast only(Ast select) {
        List<Ast> targets = select.list("targetList");
        if (targets.size() != 1 || more(select)) {
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

    private static boolean more(Ast select) {
        return select.has("whereClause")
                || select.has("groupClause")
                || select.has("havingClause")
                || select.has("sortClause")
                || select.has("withClause")
                || select.has("limitCount")
                || select.has("limitOffset")
                || !select.text("op").equals("SETOP_NONE");
    }

    private static @Nullable Ast functionOf(Ast range) {
        List<Ast> functions = range.list("functions");
        List<Ast> first = functions.size() == 1 ? functions.getFirst().list("items") : List.of();
        if (first.isEmpty() || !first.getFirst().is("FuncCall")) {
            return null;
        }
        Ast call = first.getFirst();
        boolean channels = Functions.builtIn(call)
                && Functions.name(call).equals(CHANNELS)
                && !range.has("alias")
                && !range.flag("ordinality");
        return channels || call.strings("funcname").getFirst().equals("pando") ? call : null;
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

    /** One set_config() among what a SELECT without FROM computes. */
    private static @Nullable Command setConfig(Ast select, Planning planning) {
        List<Ast> calls = new ArrayList<>();
        select.walk(node -> {
            if (node.is("FuncCall") && Functions.name(node).equals("set_config")) {
                calls.add(node);
            }
        });
        List<Ast> called = select.list("targetList").stream()
                .map(target -> target.child("val"))
                .filter(value -> value != null && value.is("FuncCall") && Functions.builtIn(value))
                .filter(value -> Functions.name(value).equals("set_config"))
                .toList();
        boolean plain = !more(select) && !select.has("fromClause") && calls.size() == 1 && called.size() == 1;
        return plain ? setConfig(called.getFirst().list("args"), planning.source) : null;
    }

    private static @Nullable Command setConfig(List<Ast> arguments, Source source) {
        if (arguments.size() != 3) {
            return null;
        }
        ValueSource name = text(arguments.getFirst(), source);
        ValueSource value = text(arguments.get(1), source);
        Ast last = arguments.get(2);
        Ast flag = last.is("A_Const") ? last.child("boolval") : null;
        ValueSource local = flag == null ? text(last, source) : null;
        if (name == null || value == null || (flag == null && local == null)) {
            return null;
        }
        return new Command.SetConfig(name, value, local, flag != null && flag.flag("boolval"));
    }

    private static @Nullable ValueSource text(Ast value, Source source) {
        Constant constant = Constant.of(value, source);
        return constant != null && CASTS.contains(constant.cast()) ? constant.source() : null;
    }
}
