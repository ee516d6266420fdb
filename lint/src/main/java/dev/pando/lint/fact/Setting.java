package dev.pando.lint.fact;

import dev.pando.grammar.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A call of {@code set_config()}, which does what SET does.
 *
 * @param name in lower case
 * @param local whether for the transaction only
 */
public record Setting(String name, String value, boolean local) {
    private static final Set<List<String>> FUNCTION =
            Set.of(List.of("set_config"), List.of("pg_catalog", "set_config"));
    private static final Set<String> OFF = Set.of("false", "f", "off", "0", "no", "n");

    /** Parts of a query that may let it call nothing, or more. */
    private static final List<String> PARTS =
            List.of("fromClause", "whereClause", "havingClause", "limitCount", "limitOffset");

    /** Of a statement that is nothing but such a call. */
    public static Optional<Setting> alone(Node statement) {
        List<Node> targets = statement.is("SelectStmt") ? statement.list("targetList") : List.of();
        Node call = targets.size() == 1 ? targets.getFirst().child("val") : null;
        return call == null || !call.is("FuncCall") || PARTS.stream().anyMatch(statement::has)
                ? Optional.empty()
                : of(call);
    }

    /** Empty for other calls, and for one whose arguments are not all constants. */
    public static Optional<Setting> of(Node call) {
        List<String> arguments = new ArrayList<>();
        for (Node argument : call.list("args")) {
            String value = argument.constant();
            if (value != null) {
                arguments.add(value);
            }
        }
        if (!FUNCTION.contains(call.names("funcname"))
                || arguments.size() != 3
                || call.list("args").size() != 3) {
            return Optional.empty();
        }
        boolean local = !OFF.contains(arguments.getLast().toLowerCase(Locale.ROOT));
        return Optional.of(new Setting(arguments.getFirst().toLowerCase(Locale.ROOT), arguments.get(1), local));
    }
}
