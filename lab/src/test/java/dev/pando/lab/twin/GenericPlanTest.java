package dev.pando.lab.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoException;
import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A statement with parameters has the plan that its database would have for any values. */
class GenericPlanTest {
    private static final List<String> QUERIES = List.of(
            "SELECT * FROM orders WHERE id = $1",
            "SELECT id FROM orders WHERE customer = $1 AND state = $2 ORDER BY id LIMIT $3",
            "UPDATE orders SET state = $1 WHERE id = $2 /* $3 */;",
            "SELECT count(*) FROM orders WHERE note ? 'gift' AND customer = $2 AND id > $1",
            "INSERT INTO orders (id, customer) VALUES ($1, $2)");

    @ParameterizedTest
    @EnumSource(
            value = Major.class,
            names = {"POSTGRES_15", "POSTGRES_16", "POSTGRES_18"})
    void plansAreTheServersOwn(Major major) throws SQLException {
        try (TemporaryServer server = TemporaryServer.start(major, Targets.SETTINGS);
                Connection target = Sql.plain(server, "postgres")) {
            Sql.run(
                    target,
                    "CREATE TABLE orders (id bigint PRIMARY KEY, customer int, state text, note jsonb)",
                    "INSERT INTO orders SELECT n, n % 500, CASE WHEN n % 100 = 0 THEN 'open' ELSE 'done' END, '{}' FROM generate_series(1, 20000) n",
                    "CREATE INDEX ON orders (state)",
                    "CREATE TABLE days (day date, n int) PARTITION BY RANGE (day)",
                    "CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
                    "CREATE TABLE days_2 PARTITION OF days FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')",
                    "ANALYZE");
            try (Twin twin = Twin.ofPlanner(SnapshotReader.read(target), step -> {})) {
                for (String query : QUERIES) {
                    Plan plan = explain(twin, query).before();
                    assertThat(plan.text()).as(query).isEqualTo(generic(target, major, query));
                }
                assertThat(explain(twin, QUERIES.get(3)).before().parameters()).containsExactly(1, 2);
                Trial.Comparison indexed = explain(
                        twin, "SELECT * FROM orders WHERE customer = $1", "CREATE INDEX tried ON orders (customer)");
                assertThat(indexed.before().indexes()).isEmpty();
                assertThat(indexed.after().indexes()).containsExactly("tried");
                Plan partitions =
                        explain(twin, "SELECT * FROM days WHERE day = $1").before();
                assertThat(partitions.partitionsRemoved()).isEqualTo(major == Major.POSTGRES_15);
            }
        }
    }

    @Test
    void whatCannotBeExplainedIsTold() throws SQLException {
        try (TemporaryServer server = TemporaryServer.start(Major.POSTGRES_15, Targets.SETTINGS);
                Connection target = Sql.plain(server, "postgres");
                Twin twin = Twin.ofPlanner(SnapshotReader.read(target), step -> {})) {
            assertRefused(twin, "SELECT 1 WHERE $1 IS NULL", "could not determine data type of parameter $1");
            assertRefused(twin, " /* plan */ explain (analyze) SELECT 1", "EXPLAIN is put in front by Pando");
            assertRefused(twin, "SELECT 1; SELECT 2", "these are several statements");
            assertRefused(twin, "SELECT {d '2026-01-01'}", "syntax error"); // of JDBC, no SQL
            assertRefused(twin, "SELECT $65536::int", "there is no parameter $65536");
            assertThat(explain(twin, "SELECT 1 WHERE $1::int IS NULL").before().cost())
                    .isPositive();
        }
    }

    private static void assertRefused(Twin twin, String query, String why) {
        assertThatThrownBy(() -> explain(twin, query))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining(why)
                .satisfies(e -> assertThat(((PandoException) e).hint())
                        .contains("without EXPLAIN")
                        .contains("$1::int"));
    }

    private static Trial.Comparison explain(Twin twin, String query, String... indexes) throws SQLException {
        return Trial.compare(twin, query, new Trial.Candidates(List.of(), false, List.of(), List.of(indexes)), null);
    }

    private static String generic(Connection target, Major major, String query) throws SQLException {
        try (Statement statement = target.createStatement()) {
            if (major != Major.POSTGRES_15) {
                return lines(statement, "EXPLAIN (GENERIC_PLAN) " + query);
            }
            statement.execute("SET plan_cache_mode = force_generic_plan; PREPARE asked AS " + query);
            String nulls = query.contains("$3") && !query.contains("/*") ? "NULL, NULL, NULL" : "NULL, NULL";
            String plan = lines(statement, "EXPLAIN EXECUTE asked (" + (query.contains("$2") ? nulls : "NULL") + ")");
            statement.execute("DEALLOCATE asked");
            return plan;
        }
    }

    private static String lines(Statement statement, String explain) throws SQLException {
        StringBuilder lines = new StringBuilder();
        try (ResultSet rows = statement.executeQuery(explain)) {
            while (rows.next()) {
                lines.append(lines.isEmpty() ? "" : "\n").append(rows.getString(1));
            }
        }
        return lines.toString();
    }
}
