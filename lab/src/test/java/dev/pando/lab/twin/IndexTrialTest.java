package dev.pando.lab.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pando.base.error.PandoException;
import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a trial says of an index is what happens when it is made for real over all rows. */
class IndexTrialTest {
    /** An index on the shop's tables, and a query that it may serve. */
    private record Case(String index, String query) {}

    private static final List<Case> CASES = List.of(
            new Case("CREATE INDEX tried ON orders (total)", "SELECT * FROM orders WHERE total = 17"),
            new Case("CREATE INDEX tried ON orders (note)", "SELECT * FROM orders WHERE note = 'nnn'"),
            new Case(
                    "create index concurrently tried on items (price)",
                    "SELECT * FROM items WHERE price = 3 AND quantity = 1"),
            new Case(
                    "CREATE INDEX tried ON customers (born, vip)", "SELECT * FROM customers WHERE born = '1970-01-01'"),
            new Case(
                    "CREATE INDEX tried ON customers (region) INCLUDE (credit)",
                    "SELECT credit FROM customers WHERE region = 7"),
            new Case(
                    "CREATE INDEX tried ON orders (total) WHERE status = 'lost'",
                    "SELECT * FROM orders WHERE status = 'lost' AND total > 2990"),
            new Case(
                    "CREATE UNIQUE INDEX tried ON customers (credit, id)",
                    "SELECT * FROM customers ORDER BY credit LIMIT 5"),
            new Case("CREATE INDEX tried ON items (quantity)", "SELECT count(*) FROM items WHERE quantity = 3"),
            new Case(
                    "CREATE INDEX tried ON products USING hash (weight)", "SELECT * FROM products WHERE weight = 3.7"));

    private static TemporaryServer server;
    private static Twin twin;

    @BeforeAll
    static void start() throws SQLException, IOException {
        server = Targets.start(Major.newest(), "shop");
        try (Connection connection = server.connect("shop")) {
            twin = Twin.ofPlanner(SnapshotReader.read(connection), step -> {});
        }
    }

    @AfterAll
    static void stop() {
        twin.close();
        server.close();
    }

    @Test
    void plansAndSizesAreThoseOfRealIndexes() throws SQLException {
        try (Connection target = Sql.plain(server, "shop")) {
            target.setAutoCommit(false);
            for (Case tried : CASES) {
                Trial.Comparison comparison = compare(tried.query(), tried.index());
                Sql.run(target, tried.index().replace("concurrently", ""));
                String real =
                        shape(String.join("\n", Sql.rows(target, row -> row.getString(1), "EXPLAIN " + tried.query())));
                double pages = Double.parseDouble(Sql.one(target, "SELECT pg_relation_size('tried') / 8192"));
                target.rollback();

                assertThat(shape(comparison.after().text())).as(tried.index()).isEqualTo(real);
                assertThat(comparison.after().indexes()).as(tried.index()).contains("tried");
                assertThat(comparison.before().cost())
                        .as(tried.index())
                        .isGreaterThan(comparison.after().cost());
                assertThat((double) comparison.indexes().getFirst().pages())
                        .as(tried.index())
                        .isCloseTo(pages, within(2 + pages * 0.2));
            }
        }
    }

    @Test
    void aTrialLeavesNothing() throws SQLException {
        Snapshot before = read();
        compare("SELECT 1 FROM orders", "CREATE INDEX ON orders (total)");
        assertThat(read()).isEqualTo(before);
    }

    @Test
    void whatIsNoIndexOrNoQueryIsRefused() {
        assertThatThrownBy(() -> compare("SELECT 1", "DROP TABLE orders"))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("not a CREATE INDEX statement");
        assertThatThrownBy(() -> compare("SELECT nothing FROM orders"))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("column \"nothing\" does not exist");
        assertThatThrownBy(() -> compare("SELECT 1", "CREATE INDEX ON orders (nothing)"))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("column \"nothing\" does not exist");
    }

    private static Trial.Comparison compare(String query, String... indexes) throws SQLException {
        return Trial.compare(twin, query, new Trial.Candidates(List.of(), false, List.of(), List.of(indexes)), null);
    }

    private static Snapshot read() throws SQLException {
        try (Connection connection = twin.connect()) {
            return SnapshotReader.read(connection);
        }
    }

    private static String shape(String plan) {
        return plan.replaceAll(" *\\(cost=[^)]*\\)", "");
    }
}
