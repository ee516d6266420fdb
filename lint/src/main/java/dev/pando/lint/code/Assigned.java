package dev.pando.lint.code;

import dev.pando.grammar.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The variables that code gives values. */
final class Assigned {
    private static final Pattern NAME = Pattern.compile("\\s*(?:\"([^\"]+)\"|([A-Za-z_][\\w$]*))");
    private static final List<String> PLACES = List.of("var", "target");

    private Assigned() {}

    static Set<String> by(Node code, Node function) {
        Set<String> names = new HashSet<>();
        code.walk(statement -> {
            if (statement.is("PLpgSQL_stmt_assign")) {
                Node expression = statement.child("expr");
                Matcher name = NAME.matcher(expression == null ? "" : expression.text("query"));
                if (name.lookingAt()) {
                    names.add(name.group(1) == null ? name.group(2).toLowerCase(java.util.Locale.ROOT) : name.group(1));
                }
            }
            for (String place : PLACES) {
                Node target = statement.child(place);
                if (target != null) {
                    names.add(target.text("refname"));
                    target.list("fields").forEach(field -> names.add(field.text("name")));
                }
            }
            if (statement.is("PLpgSQL_stmt_foreach_a")) {
                List<Node> data = function.list("datums");
                int number = statement.number("varno");
                names.add(number < data.size() ? data.get(number).text("refname") : "");
            }
        });
        names.remove("");
        return names;
    }
}
