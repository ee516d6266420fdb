package dev.pando.lab.twin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.lab.Messages;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A plan as EXPLAIN tells it, as text and as JSON, with its cost, the rows it expects and the indexes and tables it reads.
 *
 * @param parameters for any values of which it is the plan, by their numbers; a statement without any has the plan of its constants
 */
public record Plan(
        String text,
        JsonNode json,
        double cost,
        double rows,
        SortedSet<String> indexes,
        SortedSet<String> relations,
        SortedSet<Integer> parameters) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    /** The version from which EXPLAIN has GENERIC_PLAN. */
    private static final int KNOWS_GENERIC = 16;

    private static final String PREPARED = "pando_plan";

    /** Of {@code text} as the server of {@code connection} plans it now. */
    static Plan of(Connection connection, String text) throws SQLException {
        Query query = Query.of(text);
        try {
            if (query.parameters().isEmpty()) {
                return explained(connection, query, "EXPLAIN ", "EXPLAIN (FORMAT JSON) ", query.text());
            }
            if (connection.getMetaData().getDatabaseMajorVersion() >= KNOWS_GENERIC) {
                return explained(
                        connection,
                        query,
                        "EXPLAIN (GENERIC_PLAN) ",
                        "EXPLAIN (GENERIC_PLAN, FORMAT JSON) ",
                        query.text());
            }
            return prepared(connection, query);
        } catch (SQLException e) {
            throw PandoException.causedBy(e, PandoError.EXPLAIN_REFUSED, text, Messages.of(e));
        }
    }

    /**
     * The same plan, by a prepared statement. EXPLAIN of it differs in one point: it leaves out the partitions that the values, which are
     * NULL here, do not need ({@link #partitionsRemoved}).
     */
    private static Plan prepared(Connection connection, Query query) throws SQLException {
        String nulls = String.join(", ", Collections.nCopies(query.parameters().last(), "NULL"));
        Sql.run(
                connection,
                "SET LOCAL plan_cache_mode = force_generic_plan",
                "PREPARE " + PREPARED + " AS " + query.text());
        String execute = "EXECUTE " + PREPARED + " (" + nulls + ")";
        Plan plan = explained(connection, query, "EXPLAIN ", "EXPLAIN (FORMAT JSON) ", execute);
        Sql.run(connection, "DEALLOCATE " + PREPARED, "SET LOCAL plan_cache_mode = DEFAULT");
        return plan;
    }

    private static Plan explained(Connection connection, Query query, String asText, String asJson, String statement)
            throws SQLException {
        String text = answer(connection, asText + statement);
        JsonNode plan =
                MAPPER.readTree(answer(connection, asJson + statement)).get(0).get("Plan");
        return new Plan(
                text,
                plan,
                plan.get("Total Cost").asDouble(),
                plan.get("Plan Rows").asDouble(),
                names(plan, "Index Name"),
                names(plan, "Relation Name"),
                query.parameters());
    }

    /** Not as a statement that JDBC prepares: there, an operator {@code ?} would be a parameter. */
    private static String answer(Connection connection, String explain) throws SQLException {
        StringJoiner lines = new StringJoiner("\n");
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet rows = statement.executeQuery(explain)) {
                while (rows.next()) {
                    lines.add(rows.getString(1));
                }
            }
        }
        return lines.toString();
    }

    private static SortedSet<String> names(JsonNode plan, String key) {
        SortedSet<String> names = new TreeSet<>();
        plan.findValues(key).forEach(name -> names.add(name.asString()));
        return names;
    }

    /** Whether partitions are left out that other values of the parameters need. */
    public boolean partitionsRemoved() {
        return !parameters.isEmpty()
                && json.findValues("Subplans Removed").stream().anyMatch(removed -> removed.asInt() > 0);
    }
}
