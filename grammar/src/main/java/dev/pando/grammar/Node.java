package dev.pando.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A node of PostgreSQL's raw parse tree: its tag, as in PostgreSQL's {@code parsenodes.h} ({@code SelectStmt}, {@code A_Const}, …), and its
 * fields. Fields with C's zero value (0, false, null, empty list) are not there; the accessors answer that value.
 *
 * <p>In JSON a field declared as Node holds {@code {"Tag": {…}}}, a field of a certain struct only {@code {…}}: {@link Structs} knows the tags
 * of those, so that {@link #children()} answers both alike and a walk misses no relation.
 */
public record Node(String tag, JsonNode fields) {
    public boolean is(String otherTag) {
        return tag.equals(otherTag);
    }

    public boolean has(String field) {
        return fields.has(field);
    }

    /** The node in a field, null when the field is not there or holds something else. */
    public @Nullable Node child(String field) {
        JsonNode value = fields.get(field);
        return value == null || !value.isObject() ? null : of(field, value);
    }

    /** The nodes of a list; nulls within a list (as in {@code DISTINCT} without ON) have the tag "". */
    public List<Node> list(String field) {
        JsonNode value = fields.get(field);
        List<Node> nodes = new ArrayList<>();
        if (value != null && value.isArray()) {
            value.forEach(element -> nodes.add(of(field, element)));
        }
        return nodes;
    }

    /** A string or an enumeration's name; empty when the field is not there. */
    public String text(String field) {
        JsonNode value = fields.get(field);
        return value == null || !value.isString() ? "" : value.stringValue();
    }

    public int number(String field) {
        JsonNode value = fields.get(field);
        return value == null || !value.isNumber() ? 0 : value.intValue();
    }

    public boolean flag(String field) {
        JsonNode value = fields.get(field);
        return value != null && value.isBoolean() && value.booleanValue();
    }

    /** Where the node is in the text, in bytes; -1 when PostgreSQL does not tell (or says 0, where only a statement can begin). */
    public int location() {
        JsonNode value = fields.get("location");
        return value == null ? -1 : value.intValue();
    }

    /** The strings of a list, such as a function's name or a column's with its table; other elements ({@code *}) are left out. */
    public List<String> names(String field) {
        return list(field).stream()
                .filter(node -> node.is("String"))
                .map(node -> node.text("sval"))
                .toList();
    }

    /** The value of a String, Integer, Float, BitString or Boolean, or of an A_Const that holds one; null for NULL and other nodes. */
    public @Nullable String constant() {
        return switch (tag) {
            case "String" -> text("sval");
            case "Integer" -> String.valueOf(number("ival"));
            case "Float" -> text("fval");
            case "BitString" -> text("bsval");
            case "Boolean" -> String.valueOf(flag("boolval"));
            case "A_Const" -> {
                List<Node> inside = children();
                yield inside.isEmpty() ? null : inside.getFirst().constant();
            }
            default -> null;
        };
    }

    /** All nodes directly inside, in the order of the fields, those of lists and of lists in lists included. */
    public List<Node> children() {
        List<Node> nodes = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            collect(field.getKey(), field.getValue(), nodes);
        }
        return nodes;
    }

    /** Visits this node and everything below it, parents first, in the order of the text as far as the tree follows it. */
    public void walk(Consumer<Node> visitor) {
        Deque<Node> waiting = new ArrayDeque<>();
        waiting.push(this);
        while (!waiting.isEmpty()) {
            Node node = waiting.pop();
            visitor.accept(node);
            node.children().reversed().forEach(waiting::push);
        }
    }

    /** All nodes of a tag at and below this one. */
    public List<Node> all(String wanted) {
        List<Node> found = new ArrayList<>();
        walk(node -> {
            if (node.is(wanted)) {
                found.add(node);
            }
        });
        return found;
    }

    private void collect(String field, JsonNode value, List<Node> into) {
        if (value.isObject()) {
            into.add(of(field, value));
        } else if (value.isArray()) {
            value.forEach(element -> collect(field, element, into));
        }
    }

    private Node of(String field, JsonNode value) {
        String struct = Structs.of(tag, field);
        if (struct != null) {
            return new Node(struct, value);
        }
        Node wrapped = unwrap(value);
        return wrapped == null ? new Node("", value) : wrapped;
    }

    /** A node from {@code {"Tag": {…}}}, null when it is not of that form. */
    static @Nullable Node unwrap(JsonNode value) {
        if (value.size() != 1 || !value.isObject()) {
            return null;
        }
        Map.Entry<String, JsonNode> only = value.properties().iterator().next();
        boolean tagged = Character.isUpperCase(only.getKey().charAt(0))
                && only.getValue().isObject();
        return tagged ? new Node(only.getKey(), only.getValue()) : null;
    }
}
