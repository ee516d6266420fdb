package dev.pando.core.route;

import dev.pando.grammar.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A node of libpg_query's raw parse tree. Nodes of a fixed type come bare, without a kind; zero, false and empty fields are left out of
 * the tree, so a missing location is byte 0.
 */
final class Ast {
    private final String kind;
    private final JsonNode json;
    /** Made once asked for: a plan takes a dozen walks. */
    private @Nullable List<Ast> children;

    private int meaning;
    private @Nullable Boolean literal;

    private Ast(String kind, JsonNode json) {
        this.kind = kind;
        this.json = json;
    }

    static Ast of(Node node) {
        return new Ast(node.tag(), node.fields());
    }

    /** A node as it stands in the tree: {@code {"Kind": {…}}}, or its fields alone. */
    static Ast of(JsonNode json) {
        if (json.size() == 1) {
            Map.Entry<String, JsonNode> only = json.properties().iterator().next();
            if (Character.isUpperCase(only.getKey().charAt(0))) {
                return new Ast(only.getKey(), only.getValue());
            }
        }
        return new Ast("", json);
    }

    /** The name of PostgreSQL's struct, empty where the field's type tells it. */
    String kind() {
        return kind;
    }

    boolean is(String expected) {
        return kind.equals(expected);
    }

    boolean has(String field) {
        return json.has(field);
    }

    @Nullable
    Ast child(String field) {
        JsonNode found = json.get(field);
        return found == null || !found.isObject() ? null : of(found);
    }

    /** The same node, for fields whose type is known from where they stand. */
    Ast as(String knownKind) {
        return new Ast(knownKind, json);
    }

    List<Ast> list(String field) {
        JsonNode found = json.get(field);
        if (found == null || !found.isArray()) {
            return List.of();
        }
        List<Ast> nodes = new ArrayList<>(found.size());
        for (JsonNode element : found) {
            nodes.add(of(element));
        }
        return nodes;
    }

    String text(String field) {
        JsonNode found = json.get(field);
        return found == null ? "" : found.asString("");
    }

    int number(String field) {
        JsonNode found = json.get(field);
        return found == null ? 0 : found.asInt(0);
    }

    boolean flag(String field) {
        JsonNode found = json.get(field);
        return found != null && found.asBoolean(false);
    }

    int location() {
        return number("location");
    }

    /** The text of a String node. */
    String string() {
        return text("sval");
    }

    /** The strings of a list of String nodes; nodes of other kinds give an empty string. */
    List<String> strings(String field) {
        return list(field).stream()
                .map(node -> node.is("String") ? node.string() : "")
                .toList();
    }

    boolean star() {
        return kind.equals("A_Star");
    }

    /** Calls back for the direct child nodes, bare ones included. */
    void eachChild(Consumer<Ast> visitor) {
        if (children == null) {
            List<Ast> found = new ArrayList<>();
            eachChild(json, found::add);
            children = found.isEmpty() ? List.of() : found;
        }
        children.forEach(visitor);
    }

    private static void eachChild(JsonNode json, Consumer<Ast> visitor) {
        for (JsonNode value : json) {
            if (value.isObject() && !value.isEmpty()) {
                visitor.accept(of(value));
            } else if (value.isArray()) {
                eachChild(value, visitor);
            }
        }
    }

    /** Calls back for this node and everything below. */
    void walk(Consumer<Ast> visitor) {
        visitor.accept(this);
        eachChild(child -> child.walk(visitor));
    }

    boolean contains(String wanted) {
        boolean[] found = new boolean[1];
        walk(node -> found[0] |= node.is(wanted));
        return found[0];
    }

    /** Whether a constant stands in it. */
    boolean holdsLiteral() {
        if (literal == null) {
            literal = contains("A_Const");
        }
        return literal;
    }

    /** Whether both say the same, wherever they stand. */
    boolean sameAs(Ast other) {
        return kind.equals(other.kind) && meaning() == other.meaning() && same(json, other.json);
    }

    /** The same number for all that say the same, so that one of many is found without comparing each of them whole. */
    private int meaning() {
        if (meaning == 0) {
            meaning = meaning(json) | 1;
        }
        return meaning;
    }

    private static int meaning(JsonNode json) {
        if (json.isObject()) {
            int sum = 0;
            for (Map.Entry<String, JsonNode> field : json.properties()) {
                sum += place(field.getKey()) ? 0 : field.getKey().hashCode() ^ (31 * meaning(field.getValue()));
            }
            return sum * 17 + 1;
        }
        if (json.isArray()) {
            int sum = 1;
            for (JsonNode element : json) {
                sum = 31 * sum + meaning(element);
            }
            return sum;
        }
        return json.hashCode();
    }

    private static boolean same(JsonNode one, JsonNode other) {
        if (one.isObject() && other.isObject()) {
            return sameFields(one, other) && sameFields(other, one);
        }
        if (one.isArray() && other.isArray()) {
            if (one.size() != other.size()) {
                return false;
            }
            for (int i = 0; i < one.size(); i++) {
                if (!same(one.get(i), other.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return one.equals(other);
    }

    private static boolean sameFields(JsonNode one, JsonNode other) {
        for (Map.Entry<String, JsonNode> field : one.properties()) {
            if (place(field.getKey())) {
                continue;
            }
            JsonNode twin = other.get(field.getKey());
            if (twin == null || !same(field.getValue(), twin)) {
                return false;
            }
        }
        return true;
    }

    private static boolean place(String field) {
        return field.equals("location") || field.equals("rexpr_list_start") || field.equals("rexpr_list_end");
    }

    @Override
    public String toString() {
        return kind + json;
    }
}
