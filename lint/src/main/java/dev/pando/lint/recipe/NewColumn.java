package dev.pando.lint.recipe;

import dev.pando.grammar.Node;
import dev.pando.lint.recipe.AlterText.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The text of ADD COLUMN in its parts.
 *
 * @param bare {@code ADD COLUMN name type}
 * @param defaultValue expression, null without DEFAULT
 */
record NewColumn(String name, String bare, @Nullable String defaultValue, boolean notNull, List<Inline> constraints) {
    private static final Set<String> KNOWN = Set.of(
            "CONSTR_NULL", "CONSTR_NOTNULL", "CONSTR_DEFAULT", "CONSTR_CHECK", "CONSTR_FOREIGN", "CONSTR_UNIQUE");

    /**
     * A constraint within the column.
     *
     * @param text without {@code CONSTRAINT name}
     */
    record Inline(String kind, @Nullable String name, String text) {}

    /** Empty when the column has something that is not taken apart here. */
    static Optional<NewColumn> of(Command command, Node definition) {
        List<Node> nodes = definition.list("constraints");
        boolean known = nodes.stream()
                .allMatch(node -> KNOWN.contains(node.text("contype")) && node.location() >= command.start());
        boolean serial = definition.all("TypeName").stream()
                .anyMatch(type -> type.names("names").getLast().matches("(?:small|big)?serial[248]?"));
        if (!known
                || serial
                || definition.has("collClause")
                || definition.has("storage_name")
                || definition.has("compression")) {
            return Optional.empty();
        }
        String defaultValue = null;
        boolean notNull = false;
        List<Inline> inline = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            int end = i + 1 < nodes.size() ? nodes.get(i + 1).location() : command.end();
            if (end <= node.location()) {
                return Optional.empty();
            }
            String text = command.between(node.location(), end);
            switch (node.text("contype")) {
                case "CONSTR_DEFAULT" -> defaultValue = Words.rest(text);
                case "CONSTR_NOTNULL" -> notNull = true;
                case "CONSTR_CHECK", "CONSTR_FOREIGN", "CONSTR_UNIQUE" -> inline.add(inline(node, text));
                default -> {
                    // NULL says nothing
                }
            }
        }
        String bare = nodes.isEmpty()
                ? command.text()
                : command.between(command.start(), nodes.getFirst().location());
        return Optional.of(new NewColumn(definition.text("colname"), bare, defaultValue, notNull, List.copyOf(inline)));
    }

    private static Inline inline(Node node, String text) {
        boolean named = node.has("conname");
        return new Inline(
                node.text("contype"), named ? node.text("conname") : null, named ? Words.rest(Words.rest(text)) : text);
    }
}
