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
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a trial says of partitions is what happens when the table is made anew with them and filled with its rows. */
class PartitionTrialTest {
    private static final String QUARTERS = "orders BY RANGE (created) EVERY 3 months";
    private static final Pattern COSTS = Pattern.compile("  \\(cost=[^)]*\\)");
    /** What they read of a partition does not hang on how this month's customers or states differ from those of others. */
    private static final List<String> QUERIES = List.of(
            "SELECT * FROM orders WHERE created >= '2024-05-01' AND created < '2024-05-10'",
            "SELECT count(*) FROM orders WHERE created >= '2024-10-03' AND note = 'nnn'",
            "SELECT * FROM orders WHERE id = 1000",
            "SELECT c.name FROM orders o JOIN customers c ON c.id = o.customer WHERE o.created < '2024-02-01' AND o.note = 'nnn'",
            "SELECT * FROM orders ORDER BY created DESC LIMIT 10",
            "SELECT status, count(*) FROM orders GROUP BY status");

    @ParameterizedTest
    @EnumSource(
            value = Major.class,
            names = {"POSTGRES_15", "POSTGRES_18"})
    void plansAreThoseOfRealPartitions(Major major) throws SQLException, IOException {
        try (TemporaryServer server = Targets.start(major, "shop");
                Connection target = Sql.plain(server, "shop")) {
            Sql.run(target, "ANALYZE orders", "CREATE VIEW late AS SELECT * FROM orders WHERE created > '2025-03-01'");
            try (Twin twin = Twin.ofPlanner(SnapshotReader.read(target), step -> {})) {
                List<Trial.Comparison> tried = new ArrayList<>();
                for (String query : QUERIES) {
                    tried.add(compare(twin, query, true, QUARTERS));
                }
                Trial.Partitioned quarters = tried.getFirst().partitionings().getFirst();
                assertThat(compare(twin, "SELECT * FROM late", true, QUARTERS)
                                .partitionings()
                                .getFirst()
                                .read())
                        .isBetween(2L, 3L);
                partition(target, quarters);
                for (int i = 0; i < QUERIES.size(); i++) {
                    String query = QUERIES.get(i);
                    Plan real = Plan.of(target, query);
                    assertThat(shape(tried.get(i).after())).as(query).isEqualTo(shape(real));
                    assertThat(tried.get(i).after().rows()).as(query).isCloseTo(real.rows(), withinPercentage(25));
                }
                assertThat(quarters.read()).isEqualTo(1);
            }
        }
    }

    @Test
    void whatPartitionsCannotEnforceIsToldFirst() throws SQLException, IOException {
        try (TemporaryServer server = Targets.start(Major.newest(), "shop");
                Connection target = Sql.plain(server, "shop");
                Twin twin = Twin.ofPlanner(SnapshotReader.read(target), step -> {});
                Connection copy = twin.connect()) {
            Snapshot before = SnapshotReader.read(copy);
            assertThatThrownBy(() -> compare(twin, "SELECT 1", false, QUARTERS))
                    .isInstanceOf(PandoException.class)
                    .hasMessageContaining("PRIMARY KEY (id) has not created")
                    .hasMessageContaining("FOREIGN KEY items_order_id_fkey of public.items refer to it");
            Trial.Partitioned extended =
                    compare(twin, "SELECT 1", true, QUARTERS).partitionings().getFirst();
            assertThat(extended.notes())
                    .containsExactly(
                            "PRIMARY KEY (id) became CONSTRAINT orders_pkey PRIMARY KEY (id, created)",
                            "FOREIGN KEY items_order_id_fkey of public.items: dropped");
            Trial.Comparison hashed = compare(
                    twin, "SELECT * FROM items WHERE order_id = 7", false, "items BY HASH (order_id) MODULUS 4");
            assertThat(hashed.partitionings().getFirst().read()).isEqualTo(1);
            assertThat(hashed.partitionings().getFirst().partitions()).hasSize(4);
            Trial.Comparison listed =
                    compare(twin, "SELECT * FROM orders WHERE status = 'lost'", true, "orders BY LIST (status)");
            assertThat(listed.partitionings().getFirst().read()).isEqualTo(1);
            assertThatThrownBy(() -> compare(twin, "SELECT 1", true, "regions BY RANGE (name) EVERY 1"))
                    .hasMessageContaining("give bounds by AT");
            assertThatThrownBy(() -> compare(twin, "SELECT 1", true, "orders BY RANGE (created) EVERY 1 minute"))
                    .hasMessageContaining("more than 1000 partitions");
            assertThatThrownBy(() -> compare(twin, "SELECT 1", true, "nothing BY LIST (a)"))
                    .hasMessageContaining("no such table");
            assertThat(SnapshotReader.read(copy)).isEqualTo(before);
        }
    }

    private static Trial.Comparison compare(Twin twin, String query, boolean extendKeys, String partitioning)
            throws SQLException {
        return Trial.compare(
                twin, query, new Trial.Candidates(List.of(partitioning), extendKeys, List.of(), List.of()), null);
    }

    private static void partition(Connection target, Trial.Partitioned quarters) throws SQLException {
        Sql.run(
                target,
                "DROP VIEW late",
                "ALTER TABLE items DROP CONSTRAINT items_order_id_fkey",
                "ALTER TABLE orders RENAME TO whole",
                "CREATE TABLE orders (LIKE whole) PARTITION BY RANGE (created)");
        for (Trial.Part part : quarters.partitions()) {
            Sql.run(target, "CREATE TABLE " + part.name() + " PARTITION OF orders " + part.bounds());
        }
        Sql.run(
                target,
                "INSERT INTO orders SELECT * FROM whole",
                "DROP TABLE whole",
                "ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id, created)",
                "CREATE INDEX orders_customer ON orders (customer)",
                "CREATE INDEX orders_created ON orders (created)",
                "CREATE INDEX orders_open ON orders (created) WHERE status IN ('new', 'paid')",
                "CREATE INDEX orders_status_created ON orders (status, created DESC)",
                "CREATE INDEX orders_day ON orders ((date_trunc('day', created AT TIME ZONE 'UTC')))",
                "ANALYZE orders");
    }

    private static String shape(Plan plan) {
        return COSTS.matcher(plan.text()).replaceAll("");
    }
}
