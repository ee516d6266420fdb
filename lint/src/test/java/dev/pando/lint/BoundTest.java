package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lint.fact.Sizes;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which changes of rows are a batch: nothing that may be large passes for one. */
class BoundTest {
    private static final String KEYS = """
            CREATE TABLE words (word text PRIMARY KEY, n int);
            CREATE TABLE amounts (amount numeric PRIMARY KEY, n int);
            """;
    private static Bench bench;

    @BeforeAll
    static void start() throws SQLException, IOException {
        bench = new Bench(Major.newest());
        try (var facts = bench.server().connect("ground")) {
            Bench.execute(facts, KEYS);
        }
    }

    @AfterAll
    static void stop() {
        bench.close();
    }

    private static List<String> found(String sql) throws SQLException {
        return bench.lint(sql).findings().stream()
                .map(finding -> finding.rule())
                .filter(rule -> !rule.endsWith("-timeout"))
                .distinct()
                .toList();
    }

    private static void batches(String lines) throws SQLException {
        for (String sql : lines.lines().toList()) {
            assertThat(found(sql)).as(sql).isEmpty();
        }
    }

    private static void anyNumber(String lines) throws SQLException {
        for (String sql : lines.lines().toList()) {
            assertThat(found(sql)).as(sql).containsExactly("unbounded-backfill");
        }
    }

    @Test
    void whatACommitFartherOutEndsIsAPileAllTheSame() throws SQLException {
        anyNumber("""
                DO $$ DECLARE t record; r record; BEGIN FOR t IN SELECT id FROM customers LOOP FOR r IN SELECT id FROM orders LOOP UPDATE orders SET amount = 1 WHERE id = r.id; END LOOP; COMMIT; END LOOP; END $$;
                DO $$ DECLARE r record; BEGIN FOR r IN SELECT min(id) AS lo, max(id) AS hi FROM orders GROUP BY customer_id LOOP UPDATE orders SET amount = 1 WHERE id BETWEEN r.lo AND r.hi; COMMIT; END LOOP; END $$;
                DELETE FROM items WHERE ctid = ctid;
                DELETE FROM items WHERE id IN (WITH b AS (SELECT items.id AS x) SELECT x FROM b UNION ALL SELECT x FROM b LIMIT 1);
                """);
        batches("""
                DO $$ DECLARE r record; BEGIN LOOP FOR r IN SELECT id FROM orders WHERE amount IS NULL LIMIT 5000 LOOP UPDATE orders SET amount = 1 WHERE id = r.id; END LOOP; EXIT WHEN NOT FOUND; COMMIT; END LOOP; END $$;
                """);
    }

    @Test
    void whatCodeAssignsItselfIsNotGiven() throws SQLException {
        String fill = "CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$ DECLARE lo bigint; hi bigint; BEGIN"
                + " SELECT min(id), max(id) INTO lo, hi FROM orders;"
                + " UPDATE orders SET amount = 1 WHERE id BETWEEN lo AND hi; END $$;";
        assertThat(found(fill + "DO $$ BEGIN FOR i IN 1..2 LOOP CALL fill(); END LOOP; END $$;"))
                .contains("unbounded-backfill");
    }

    @Test
    void aLimitOfWhatDiffersFromRowToRowBoundsNothing() throws SQLException {
        anyNumber("""
                DELETE FROM items WHERE id IN (SELECT id FROM orders WHERE orders.id = items.id LIMIT 1);
                DELETE FROM items WHERE id IN (SELECT a FROM parents WHERE a = order_id LIMIT 1);
                DELETE FROM items WHERE id = ANY (ARRAY (SELECT o.id FROM orders o WHERE o.id = order_id LIMIT 1));
                DELETE FROM items i WHERE id = (SELECT max(o.id) FROM orders o WHERE o.id = i.id);
                DELETE FROM items WHERE ctid IN (SELECT items.ctid FROM orders LIMIT 1);
                UPDATE orders SET note = 'x' WHERE id IN (SELECT a FROM parents WHERE note = 'x' AND EXISTS (SELECT FROM orders o) LIMIT 9);
                UPDATE orders SET note = 'x' WHERE id IN (SELECT i.id FROM items i, LATERAL (SELECT note) n LIMIT 9);
                DELETE FROM items WHERE id IN (SELECT a AS order_id FROM parents WHERE order_id = 7 LIMIT 9);
                """);
        batches("""
                DELETE FROM items WHERE id = (SELECT max(o.id) FROM orders o);
                DELETE FROM items WHERE id IN (SELECT items.id FROM items WHERE order_id IS NULL ORDER BY order_id LIMIT 1000);
                DELETE FROM items WHERE id IN (SELECT i.id FROM items i JOIN orders o ON o.id = i.order_id WHERE status = 'x' LIMIT 1000);
                UPDATE orders SET note = 'x' WHERE id IN (SELECT id FROM (SELECT * FROM orders WHERE note IS NULL) AS o ORDER BY note LIMIT 1000);
                DELETE FROM items WHERE (id, order_id) IN (SELECT id, order_id FROM items LIMIT 1000);
                WITH batch AS (SELECT id, note FROM orders LIMIT 9) UPDATE orders SET note = 'x' WHERE id IN (SELECT id FROM batch WHERE note = 'y');
                """);
    }

    @Test
    void onlyRangesOfIntegersHaveAWidth() throws SQLException {
        anyNumber("""
                DELETE FROM words WHERE word BETWEEN '0' AND '9';
                DELETE FROM amounts WHERE amount BETWEEN 0 AND 9;
                DELETE FROM amounts WHERE amount >= 0 AND amount < 9;
                """);
        batches("""
                DELETE FROM items WHERE id BETWEEN '0' AND '9';
                DELETE FROM words WHERE word IN ('0', '9');
                DELETE FROM items WHERE id >= -5 AND id < 5 + 7;
                """);
    }

    @Test
    void variablesBoundARangeOnlyInALoopThatMovesThem() throws SQLException {
        anyNumber("""
                DO $$ DECLARE low int := 0; high int := 1000000000; BEGIN UPDATE orders SET note = 'x' WHERE id BETWEEN low AND high; END $$
                DO $$ DECLARE ids bigint[]; BEGIN SELECT array_agg(id) INTO ids FROM orders; UPDATE orders SET note = 'x' WHERE id = ANY (ids); END $$
                DO $$ DECLARE n int := 1000000000; BEGIN DELETE FROM items WHERE id IN (SELECT id FROM items LIMIT n); END $$
                DO $$ DECLARE low int := 0; high int; BEGIN SELECT max(id) INTO high FROM orders; WHILE low < high LOOP UPDATE orders SET note = 'x' WHERE id > low AND id <= high; low := low + 1000; COMMIT; END LOOP; END $$
                DO $$ DECLARE low int := 0; BEGIN LOOP UPDATE orders SET note = 'x' WHERE id > low AND id <= low + 100000000; low := low + 1000; EXIT WHEN low > 3000; COMMIT; END LOOP; END $$
                """);
        batches("""
                DO $$ DECLARE low int := 0; BEGIN UPDATE orders SET note = 'x' WHERE id > low AND id <= low + 1000; END $$
                DO $$ DECLARE low int := 0; high int; BEGIN SELECT max(id) INTO high FROM orders; WHILE low < high LOOP UPDATE orders SET note = 'x' WHERE id > low AND id <= low + 1000; low := low + 1000; COMMIT; END LOOP; END $$
                DO $$ BEGIN FOR i IN 0..(SELECT coalesce(max(id), 0) FROM orders) BY 1000 LOOP UPDATE orders o SET note = c.name FROM customers c WHERE c.id = o.customer_id AND o.id BETWEEN i AND i + 999; COMMIT; END LOOP; END $$
                DO $$ DECLARE ids bigint[]; BEGIN LOOP ids := ARRAY (SELECT id FROM orders WHERE note IS NULL LIMIT 1000); EXIT WHEN cardinality(ids) = 0; UPDATE orders SET note = 'x' WHERE id = ANY (ids); COMMIT; END LOOP; END $$
                DO $$ DECLARE n int := 1000; BEGIN LOOP DELETE FROM items WHERE id IN (SELECT id FROM items LIMIT n); EXIT WHEN NOT FOUND; COMMIT; END LOOP; END $$
                DO $$ DECLARE r record; BEGIN FOR r IN SELECT id, name FROM customers LOOP UPDATE orders SET note = r.name WHERE orders.id = r.id; COMMIT; END LOOP; END $$
                """);
    }

    @Test
    void whatPassesOfALoopChangeAddsUpUntilCommit() throws SQLException {
        anyNumber("""
                DO $$ DECLARE low int := 0; BEGIN LOOP UPDATE orders SET note = 'x' WHERE id > low AND id <= low + 1000; EXIT WHEN NOT FOUND; low := low + 1000; END LOOP; END $$
                DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM orders LOOP UPDATE orders SET note = 'x' WHERE id = r.id; END LOOP; END $$
                DO $$ BEGIN FOR i IN 1..5000 LOOP DELETE FROM items WHERE id = i; END LOOP; END $$
                CREATE FUNCTION fix(i bigint) RETURNS void LANGUAGE sql AS 'UPDATE orders SET note = NULL WHERE id = 5'; SELECT fix(id) FROM items;
                """);
        batches("""
                DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM customers LIMIT 10 LOOP UPDATE orders SET note = 'x' WHERE id = r.id; END LOOP; END $$
                DO $$ BEGIN FOR i IN 1..3 LOOP DELETE FROM items WHERE id = i; END LOOP; END $$
                DO $$ DECLARE n text; BEGIN FOREACH n IN ARRAY ARRAY['1', '2'] LOOP UPDATE orders SET note = n WHERE id = n::int; END LOOP; END $$
                """);
    }

    @Test
    void codeDoesNotCommitInATransaction() throws SQLException {
        String batches =
                "DO $$ BEGIN LOOP DELETE FROM items WHERE id IN (SELECT id FROM items LIMIT 9); EXIT WHEN NOT FOUND; COMMIT; END LOOP; END $$;";

        assertThat(found("BEGIN;\n" + batches + "\nCOMMIT;")).containsExactly("concurrently-in-transaction");
        assertThat(
                        found(
                                "CREATE PROCEDURE tidy() LANGUAGE plpgsql AS 'BEGIN COMMIT; END';\nBEGIN;\nCALL tidy();\nCOMMIT;"))
                .contains("concurrently-in-transaction");
        assertThat(found(batches)).isEmpty();
    }

    @Test
    void whatRowsDecideOverIsReached() throws SQLException {
        anyNumber("""
                DO $$ BEGIN IF EXISTS (SELECT FROM orders) THEN UPDATE items SET order_id = 1; END IF; END $$
                DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM orders LOOP UPDATE items SET order_id = 5 WHERE order_id = r.id; END LOOP; END $$
                """);
    }

    @Test
    void smallTablesAreABatch() throws SQLException {
        var sizes = new Sizes(Map.of("words", 8_192L));

        assertThat(bench.lint("m.sql", "DELETE FROM words;", sizes, false).findings())
                .extracting(finding -> finding.rule())
                .doesNotContain("unbounded-backfill");
    }
}
