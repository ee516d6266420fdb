package dev.pando.lab.twin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.lab.Messages;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plan as EXPLAIN tells it, as text and as JSON, with its cost, the rows it expects and the indexes and tables it reads. */
public record Plan(
        String text, JsonNode json, double cost, double rows, SortedSet<String> indexes, SortedSet<String> relations) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Of {@code query} as the server of {@code connection} plans it now. */
    static Plan of(Connection connection, String query) throws SQLException {
        try {
            String text = String.join("\n", Sql.rows(connection, row -> row.getString(1), "EXPLAIN " + query));
            return of(text, Sql.one(connection, "EXPLAIN (FORMAT JSON) " + query));
        } catch (SQLException e) {
            throw PandoException.causedBy(e, PandoError.EXPLAIN_REFUSED, query, Messages.of(e));
        }
    }

    private static Plan of(String text, String json) {
        JsonNode plan = MAPPER.readTree(json).get(0).get("Plan");
        return new Plan(
                text,
                plan,
                plan.get("Total Cost").asDouble(),
                plan.get("Plan Rows").asDouble(),
                names(plan, "Index Name"),
                names(plan, "Relation Name"));
    }

    private static SortedSet<String> names(JsonNode plan, String key) {
        SortedSet<String> names = new TreeSet<>();
        plan.findValues(key).forEach(name -> names.add(name.asString()));
        return names;
    }
}
