package dev.pando.lab.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.pando.base.error.PandoException;
import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a trial says of a statistics object is what happens when it is made for real and its table is analysed. */
class StatisticsTrialTest {
    /** A statistics object on the shop's tables, and a query whose rows it tells. */
    private record Case(String statistics, String query) {}

    /** Every table of the shop but orders is smaller than a sample. */
    private static final List<Case> WHOLE = List.of(
            new Case(
                    "CREATE STATISTICS (dependencies) ON city, zip FROM customers",
                    "SELECT * FROM customers WHERE city = 'city 7' AND zip = '00070'"),
            new Case(
                    "create statistics tried (mcv, ndistinct, dependencies) on vip, region from customers",
                    "SELECT * FROM customers WHERE vip AND region = 21"),
            new Case(
                    "CREATE STATISTICS tried ON region, (id % 40), vip FROM customers",
                    "SELECT region, id % 40, vip, count(*) FROM customers WHERE NOT vip GROUP BY 1, 2, 3"),
            new Case(
                    "CREATE STATISTICS tried ON (weight * 10) FROM products",
                    "SELECT * FROM products WHERE weight * 10 > 7000"));

    @ParameterizedTest
    @EnumSource(
            value = Major.class,
            names = {"POSTGRES_15", "POSTGRES_18"})
    void dataOfSmallTablesAreTheServersOwn(Major major) throws SQLException, IOException {
        try (TemporaryServer server = Targets.start(major, "shop");
                Connection target = Sql.plain(server, "shop")) {
            Sql.run(target, "DROP STATISTICS customers_place, products_tenth");
            try (Twin twin = Twin.ofPlanner(SnapshotReader.read(target), step -> {})) {
                target.setAutoCommit(false);
                for (Case tried : WHOLE) {
                    Trial.Comparison comparison = compare(twin, tried.query(), tried.statistics(), source(server));
                    String sql = tried.statistics().replace("STATISTICS (", "STATISTICS tried (");
                    Sql.run(target, sql, "ANALYZE " + sql.substring(sql.lastIndexOf(' ')));
                    String real = Plan.of(target, tried.query()).text();
                    target.rollback();

                    assertThat(comparison.after().text()).as(sql).isEqualTo(real);
                    assertThat(comparison.before().rows())
                            .as(sql)
                            .isNotEqualTo(comparison.after().rows());
                }
            }
        }
    }

    /** Another sample than the server's own: what it concludes is near, and far from what the sample alone would say. */
    @Test
    void dataOfLargeTablesAreReckonedForAllRows() throws SQLException, IOException {
        try (TemporaryServer server = Targets.start(Major.newest(), "shop");
                Connection target = Sql.plain(server, "shop")) {
            Sql.run(target, "DROP STATISTICS customers_place", "SET default_statistics_target = 10");
            try (Twin twin = Twin.ofPlanner(SnapshotReader.read(target), step -> {})) {
                String query = "SELECT city, zip, count(*) FROM customers GROUP BY 1, 2";
                String other = "SELECT zip, id % 3000, count(*) FROM customers GROUP BY 1, 2";
                String sql = "CREATE STATISTICS tried ON zip, city, (id % 3000) FROM customers";
                Trial.Comparison comparison = compare(twin, query, sql, source(server));
                Trial.Comparison second = compare(twin, other, sql, source(server));
                Sql.run(target, sql, "ANALYZE customers");

                assertThat(comparison.statistics().getFirst().rows()).isEqualTo(3000);
                assertThat(comparison.statistics().getFirst().tuples()).isEqualTo(12000);
                assertThat(comparison.after().rows())
                        .isCloseTo(Plan.of(target, query).rows(), withinPercentage(15));
                assertThat(second.after().rows())
                        .isCloseTo(Plan.of(target, other).rows(), withinPercentage(15));
                assertThat(second.after().rows()).isGreaterThan(3000);
            }
        }
    }

    @Test
    void rowsThatMayNotBeReadAreNotMeasured() throws SQLException, IOException {
        try (TemporaryServer server = Targets.start(Major.newest(), "incomplete");
                Connection target = Sql.plain(server, "incomplete")) {
            Target watcher = Target.of("postgres://watcher@127.0.0.1:" + server.port() + "/incomplete", Map.of());
            try (Twin twin = Twin.ofPlanner(SnapshotReader.read(target), step -> {})) {
                String sql = "CREATE STATISTICS tried ON a, b FROM plain";
                assertThatThrownBy(() -> compare(twin, "SELECT 1", sql, watcher))
                        .isInstanceOf(PandoException.class)
                        .hasMessageContaining("permission denied for table plain");
                assertThatThrownBy(() -> compare(twin, "SELECT 1", sql, null))
                        .isInstanceOf(PandoException.class)
                        .hasMessageContaining("a file of pando snapshot has none");
                Sql.run(
                        target,
                        "GRANT SELECT ON plain TO watcher",
                        "CREATE POLICY half ON plain USING (a > 50)",
                        "ALTER TABLE plain ENABLE ROW LEVEL SECURITY");
                assertThatThrownBy(() -> compare(twin, "SELECT 1", sql, watcher))
                        .hasMessageContaining("row-level security policy");
                assertThatThrownBy(() -> compare(twin, "SELECT 1", "DROP TABLE plain", watcher))
                        .hasMessageContaining("not a CREATE STATISTICS statement");
            }
        }
    }

    private static Trial.Comparison compare(Twin twin, String query, String statistics, @Nullable RowSource rows)
            throws SQLException {
        return Trial.compare(twin, query, new Trial.Candidates(List.of(), false, List.of(statistics), List.of()), rows);
    }

    private static Target source(TemporaryServer server) {
        return Target.of("postgres://postgres@127.0.0.1:" + server.port() + "/shop", Map.of());
    }
}
