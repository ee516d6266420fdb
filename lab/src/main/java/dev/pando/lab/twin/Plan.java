package dev.pando.lab.twin;

import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plan as EXPLAIN tells it, as text and as JSON, with its cost, the rows it expects and the indexes it uses. */
public record Plan(String text, JsonNode json, double cost, double rows, SortedSet<String> indexes) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    static Plan of(String text, String json) {
        JsonNode plan = MAPPER.readTree(json).get(0).get("Plan");
        SortedSet<String> indexes = new TreeSet<>();
        plan.findValues("Index Name").forEach(name -> indexes.add(name.asString()));
        return new Plan(
                text,
                plan,
                plan.get("Total Cost").asDouble(),
                plan.get("Plan Rows").asDouble(),
                indexes);
    }
}
