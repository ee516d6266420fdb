package dev.pando.lab.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LockOracleTest {
    private static TemporaryServer server;

    private LockOracle oracle;

    @BeforeAll
    static void start() {
        server = TemporaryServer.start(Map.of("autovacuum", "off"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() throws SQLException {
        try (Connection admin = server.connect();
                Statement statement = admin.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS app WITH (FORCE)");
            statement.execute("CREATE DATABASE app");
        }
        oracle = LockOracle.open(server, "app");
        setup("""
                CREATE TABLE customers (id bigint PRIMARY KEY, name varchar(40));
                CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, note text, at timestamp);
                CREATE INDEX orders_at ON orders (at);
                INSERT INTO customers SELECT g, repeat('x', 30) FROM generate_series(1, 500) g;
                INSERT INTO orders SELECT g, g % 500 + 1, repeat('y', 30), now() FROM generate_series(1, 2000) g;""");
    }

    @AfterEach
    void close() throws SQLException {
        oracle.close();
    }

    private void setup(String sql) throws SQLException {
        try (Statement statement = oracle.session().createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> locks(Observation observation) {
        assertThat(observation.outcome()).isInstanceOf(Outcome.Observed.class);
        return observation.locks().stream()
                .map(lock ->
                        lock.mode() + " " + lock.role() + " " + lock.relation().name())
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    @Test
    void aForeignKeyLocksAndReadsBothTables() throws SQLException {
        Observation seen = oracle.observe("ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers");
        assertThat(locks(seen))
                .containsExactly("SHARE_ROW_EXCLUSIVE TARGET orders", "SHARE_ROW_EXCLUSIVE REFERENCED customers");
        assertThat(seen.reads()).extracting(read -> read.relation().name()).containsExactly("customers", "orders");
        assertThat(seen.refusesTransaction()).isFalse();
        assertThat(seen.notes()).contains("validating foreign key constraint \"orders_customer_id_fkey\"");
    }

    @Test
    void whatIsObservedIsUndoneAndWhatIsAppliedStays() throws SQLException {
        assertThat(oracle.observe("ALTER TABLE orders ADD COLUMN a int").observed())
                .isTrue();
        assertThat(oracle.apply("ALTER TABLE orders ADD COLUMN a int").observed())
                .isTrue();
        assertThat(oracle.apply("ALTER TABLE orders ADD COLUMN a int").outcome())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.sqlState()).isEqualTo("42701"));
        assertThat(oracle.observe("ALTER TABLE orders DROP COLUMN a").observed())
                .isTrue();
    }

    @Test
    void whatCommitRefusesHasFailedAndIsGone() throws SQLException {
        setup("ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers DEFERRABLE INITIALLY DEFERRED");

        Observation seen = oracle.apply("INSERT INTO orders VALUES (0, 100000)");

        assertThat(seen.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.sqlState()).isEqualTo("23503"));
        assertThat(oracle.observe("DELETE FROM orders WHERE id = 0").observed()).isTrue();
    }

    @Test
    void droppingATableLocksTheOneItsForeignKeyRefersTo() throws SQLException {
        oracle.apply("ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers");
        assertThat(locks(oracle.observe("DROP TABLE orders")))
                .containsExactly("ACCESS_EXCLUSIVE TARGET orders", "ACCESS_EXCLUSIVE REFERENCED customers");
    }

    @Test
    void aRewriteShowsFilesBuildsAndReads() throws SQLException {
        Observation seen = oracle.observe("ALTER TABLE orders ALTER id TYPE numeric");
        assertThat(locks(seen)).containsExactly("ACCESS_EXCLUSIVE TARGET orders");
        assertThat(seen.files())
                .extracting(file -> file.relation().name() + " " + file.kind())
                .contains("orders REPLACED");
        assertThat(seen.builds())
                .extracting(build -> build.index().name() + " " + build.again())
                .containsExactly("orders_at true", "orders_pkey true");
        assertThat(seen.reads())
                .containsExactly(new TableRead(seen.locks().getFirst().relation(), TableRead.Kind.SCAN));
    }

    @Test
    void anIndexAloneIsRebuiltWhenOnlyItsOrderChanges() throws SQLException {
        Observation seen = oracle.observe("ALTER TABLE orders ALTER at TYPE timestamptz");
        assertThat(seen.files()).extracting(file -> file.relation().name()).contains("orders");
        seen = oracle.observe("SET timezone = 'UTC'; ALTER TABLE orders ALTER at TYPE timestamptz");
        assertThat(seen.files()).isEmpty();
        assertThat(seen.builds())
                .extracting(build -> build.index().name() + " " + build.again())
                .containsExactly("orders_at true");
    }

    @Test
    void truncateEmptiesAndIsNoRewrite() throws SQLException {
        Observation seen = oracle.observe("TRUNCATE orders");
        assertThat(seen.files())
                .extracting(file -> file.relation().name() + " " + file.kind())
                .containsExactly("orders EMPTIED");
        assertThat(seen.builds()).isEmpty();
        assertThat(seen.reads()).isEmpty();
    }

    @Test
    void aConcurrentIndexIsSeenInAllItsPhases() throws SQLException {
        Observation seen = oracle.observe("CREATE INDEX CONCURRENTLY orders_note ON orders (note)");
        assertThat(locks(seen)).containsExactly("SHARE_UPDATE_EXCLUSIVE TARGET orders");
        assertThat(seen.refusesTransaction()).isTrue();
        assertThat(seen.waits()).containsExactly(Wait.TRANSACTIONS_USING_TABLE, Wait.OLDER_SNAPSHOTS);
        assertThat(seen.builds()).extracting(build -> build.index().name()).containsExactly("orders_note");
        assertThat(seen.reads()).extracting(read -> read.relation().name()).containsExactly("orders");
        assertThat(oracle.apply("DROP INDEX orders_note").outcome()).isInstanceOf(Outcome.Failed.class);
        assertThat(oracle.apply("CREATE INDEX CONCURRENTLY orders_note ON orders (note)")
                        .observed())
                .isTrue();
        assertThat(oracle.apply("DROP INDEX orders_note").observed()).isTrue();
    }

    @Test
    void aVacuumThatMovesRowsLocksAllOut() throws SQLException {
        Observation seen = oracle.observe("VACUUM FULL orders");
        assertThat(locks(seen)).contains("ACCESS_EXCLUSIVE TARGET orders");
        assertThat(seen.files()).extracting(file -> file.relation().name()).contains("orders");
        seen = oracle.observe("VACUUM orders");
        assertThat(locks(seen)).contains("SHARE_UPDATE_EXCLUSIVE TARGET orders");
        assertThat(seen.files()).isEmpty();
    }

    @Test
    void whatCannotBeWatchedIsUnknown() throws SQLException {
        for (String sql : List.of("BEGIN", "COMMIT", "SELECT 1; COMMIT", "DO 'BEGIN COMMIT; END'")) {
            assertThat(oracle.observe(sql).outcome()).as(sql).isInstanceOf(Outcome.Unknown.class);
        }
        assertThat(oracle.observe("ALTER TABLE orders FLY").outcome())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.sqlState()).isEqualTo("42601"));
    }

    @Test
    void moreTablesThanCanBeWatchedAreUnknown() throws SQLException {
        for (int i = 0; i < 30; i++) {
            setup("CREATE TABLE many_" + i + " ()");
        }
        assertThat(oracle.observe("VACUUM").outcome()).isInstanceOf(Outcome.Unknown.class);
        assertThat(oracle.observe("VACUUM many_1").observed()).isTrue();
    }

    @Test
    void aDetachedPartitionIsLockedInItsLastPhase() throws SQLException {
        setup("""
                CREATE TABLE logs (at int) PARTITION BY RANGE (at);
                CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (1) TO (2);""");
        Observation seen = oracle.apply("ALTER TABLE logs DETACH PARTITION logs_1 CONCURRENTLY");
        assertThat(locks(seen))
                .containsExactly("SHARE_UPDATE_EXCLUSIVE TARGET logs", "ACCESS_EXCLUSIVE PARTITION logs_1");
        assertThat(seen.waits()).containsExactly(Wait.TRANSACTIONS_USING_TABLE);
        assertThat(locks(oracle.observe("DROP TABLE logs_1"))).containsExactly("ACCESS_EXCLUSIVE TARGET logs_1");
    }

    @Test
    void namesNeedQuotesAsInPostgres() throws SQLException {
        setup("CREATE SCHEMA \"My Schema\"; CREATE TABLE \"My Schema\".\"or\"\"ders\" (id int)");
        Observation seen = oracle.observe("ALTER TABLE \"My Schema\".\"or\"\"ders\" ADD COLUMN x int");
        assertThat(locks(seen)).containsExactly("ACCESS_EXCLUSIVE TARGET or\"ders");
        assertThat(seen.locks().getFirst().relation().qualifiedName()).isEqualTo("\"My Schema\".\"or\"\"ders\"");
        assertThat(oracle.observe("VACUUM \"My Schema\".\"or\"\"ders\"").observed())
                .isTrue();
    }

    @Test
    void copyFromTheClientLocksLikeInsert() throws SQLException {
        assertThat(locks(oracle.observe("COPY orders FROM STDIN"))).contains("ROW_EXCLUSIVE TARGET orders");
    }
}
