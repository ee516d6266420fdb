package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.Sizes;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nothing is said of a statement only where nobody waits for it, and where that is known. */
class SilenceTest {
    /** Of limits in time, which nearly every statement here lacks. */
    private static final Set<String> ADVICE = Set.of("lock-timeout", "statement-timeout");

    private static Bench bench;

    @BeforeAll
    static void start() throws SQLException, IOException {
        bench = new Bench(Major.newest());
    }

    @AfterAll
    static void stop() {
        bench.close();
    }

    /** Rules with the line of the statement, in order. */
    private static List<String> found(Report.File file) {
        return file.findings().stream()
                .filter(finding -> !ADVICE.contains(finding.rule()))
                .map(finding -> finding.place().line() + " " + finding.rule())
                .distinct()
                .toList();
    }

    private static List<String> found(String sql) throws SQLException {
        return found(bench.lint(sql));
    }

    private static List<String> foundIncomplete(String sql) throws SQLException {
        return found(bench.lintIncomplete(sql));
    }

    private static String said(Report.File file) {
        return String.join("\n", file.findings().stream().map(Finding::message).toList());
    }

    @Test
    void whatAnIncompleteSchemaLacksIsNotHarmless() throws SQLException {
        String skipped = """
                DROP TABLE IF EXISTS elsewhere;
                ALTER TABLE IF EXISTS elsewhere DROP COLUMN a;
                ALTER TABLE orders DROP COLUMN IF EXISTS elsewhere;
                DROP INDEX IF EXISTS elsewhere_a;
                ALTER TABLE orders DROP CONSTRAINT IF EXISTS elsewhere_check;
                DO $$ BEGIN DROP TABLE IF EXISTS elsewhere; END $$;
                """;

        assertThat(foundIncomplete(skipped))
                .contains(
                        "1 not-judged", "2 not-judged", "3 not-judged", "4 not-judged", "5 not-judged", "6 not-judged");
        assertThat(said(bench.lintIncomplete(skipped)))
                .contains("the schema at hand has no table \"elsewhere\", production may have it");
        assertThat(found(skipped)).doesNotContain("1 not-judged", "2 not-judged", "4 not-judged", "6 not-judged");
    }

    @Test
    void whatAnIncompleteSchemaMayHaveIsNotNew() throws SQLException {
        String migration = """
                CREATE TABLE IF NOT EXISTS elsewhere (a int);
                CREATE INDEX ON elsewhere (a);
                """;

        assertThat(foundIncomplete(migration)).containsExactly("2 index-not-concurrently");
        assertThat(found(migration)).isEmpty();
    }

    @Test
    void aNameInAnotherSchemaIsAnotherTable() throws SQLException {
        assertThat(found("""
                CREATE TABLE app.items (id bigint, order_id bigint);
                UPDATE items SET order_id = 1;
                TRUNCATE items;
                ALTER TABLE items DROP COLUMN order_id;
                ALTER TABLE app.items DROP COLUMN order_id;
                DROP TABLE items;
                """))
                .containsExactly(
                        "2 unbounded-backfill", "3 truncate", "4 locks-other-table", "4 drop-column", "6 drop-object");
    }

    @Test
    void whatTakesAKnownNameIsInUse() throws SQLException {
        assertThat(found("""
                CREATE TABLE fresh (LIKE orders);
                BEGIN;
                ALTER TABLE orders RENAME TO orders_old;
                ALTER TABLE fresh RENAME TO orders;
                COMMIT;
                CREATE INDEX ON orders (amount);
                CREATE INDEX ON orders_old (amount);
                """)).contains("6 index-not-concurrently", "7 index-not-concurrently");
        assertThat(found("CREATE TABLE IF NOT EXISTS orders (id bigint);\nCREATE INDEX ON orders (amount);"))
                .containsExactly("2 index-not-concurrently");
        assertThat(
                        found(
                                "BEGIN;\nDROP TABLE parents CASCADE;\nCREATE TABLE parents (a int);\nCREATE INDEX ON parents (a);\nCOMMIT;"))
                .doesNotContain("4 index-not-concurrently");
    }

    @Test
    void explainAnalyzeRunsItsStatement() throws SQLException {
        assertThat(
                        found(
                                "EXPLAIN (ANALYZE, COSTS off) DELETE FROM items;\nEXPLAIN DELETE FROM items;\nEXPLAIN (ANALYZE false) DELETE FROM items;"))
                .containsExactly("1 unbounded-backfill");
        assertThat(found("PREPARE wipe AS DELETE FROM items;\nEXECUTE wipe;")).containsExactly("2 unbounded-backfill");
        assertThat(found("WITH gone AS (DELETE FROM items RETURNING *)\nSELECT count(*) FROM gone;"))
                .containsExactly("1 unbounded-backfill");
    }

    @Test
    void aPathThatDependsOnRowsIsNotKnown() throws SQLException {
        assertThat(
                        found(
                                "DO $$ BEGIN IF EXISTS (SELECT FROM orders) THEN ALTER TABLE orders ADD COLUMN x int; END IF; END $$;"))
                .contains("1 not-judged");
        assertThat(found("""
                DO $$ DECLARE n int; BEGIN
                  SELECT count(*) INTO n FROM orders;
                  IF n = 0 THEN RETURN; END IF;
                  ALTER TABLE orders ADD COLUMN x int;
                END $$;""")).contains("1 not-judged");
        assertThat(
                        found(
                                "DO $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM orders LOOP EXECUTE 'LOCK TABLE items'; END LOOP; END $$;"))
                .contains("1 not-judged");
        assertThat(found("""
                CREATE FUNCTION grow() RETURNS void LANGUAGE plpgsql AS 'BEGIN ALTER TABLE orders ADD COLUMN x int; END';
                SELECT grow() FROM orders;""")).contains("2 not-judged");
        assertThat(found("DO $$ BEGIN IF current_database() = 'shop' THEN LOCK TABLE items; END IF; END $$;"))
                .contains("1 not-judged");
        assertThat(
                        found(
                                "DO $$ BEGIN IF (SELECT count(*) FROM orders) = 0 THEN RAISE EXCEPTION 'none'; END IF; END $$;"))
                .containsExactly("1 not-judged");
    }

    @Test
    void aPathThatTheCatalogsDecideIsKnown() throws SQLException {
        String idioms = """
                DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'tone') THEN CREATE TYPE tone AS ENUM ('low'); END IF; END $$;
                DO $$ BEGIN CREATE TYPE mood AS ENUM ('happy'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;
                DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN CREATE ROLE app; END IF; END $$;
                DO $$ BEGIN
                  IF EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'orders' AND column_name = 'gone') THEN
                    ALTER TABLE orders DROP COLUMN gone;
                  END IF; END $$;
                DO $$ BEGIN IF to_regclass('orders') IS NULL THEN EXECUTE 'ALTER TABLE items RENAME TO orders'; END IF; END $$;
                DO $$ BEGIN IF current_setting('server_version_num')::int < 90000 THEN DROP TABLE items; END IF; END $$;
                """;

        assertThat(found(idioms)).isEmpty();
        assertThat(
                        found(
                                "DO $$ BEGIN IF EXISTS (SELECT FROM pg_attribute WHERE attname = 'status') THEN ALTER TABLE orders DROP COLUMN status; END IF; END $$;"))
                .containsExactly("1 drop-column");
        assertThat(
                        foundIncomplete(
                                "DO $$ BEGIN IF EXISTS (SELECT FROM pg_class WHERE relname = 'x') THEN ALTER TABLE x DROP COLUMN a; END IF; END $$;"))
                .contains("1 not-judged");
        assertThat(foundIncomplete(idioms.lines().limit(3).reduce("", (all, line) -> all + line + "\n")))
                .isEmpty();
    }

    private static final String LOCK = "ALTER TABLE accounts ALTER COLUMN balance TYPE bigint;";

    /** Each line is code that locks in production and, without rows, goes another way. */
    private static void neverSilent(String before, String lines) throws SQLException {
        for (String line : lines.lines().toList()) {
            String sql = before + line.replace("LOCK;", LOCK);
            assertThat(found(sql)).as(sql).isNotEmpty().noneMatch(finding -> finding.endsWith("syntax-error"));
        }
    }

    @Test
    void anErrorThatRowsDecideIsAWayThroughCode() throws SQLException {
        neverSilent("", """
                DO $$ DECLARE x int; BEGIN SELECT id INTO STRICT x FROM orders LIMIT 1; LOCK; EXCEPTION WHEN no_data_found THEN NULL; END $$
                DO $$ BEGIN IF NOT EXISTS (SELECT FROM orders) THEN RAISE EXCEPTION 'none'; END IF; LOCK; EXCEPTION WHEN OTHERS THEN NULL; END $$
                DO $$ BEGIN PERFORM 1 / (SELECT count(*) FROM orders); LOCK; EXCEPTION WHEN division_by_zero THEN NULL; END $$
                DO $$ DECLARE n int; BEGIN SELECT count(*) INTO n FROM orders; BEGIN n := 1 / n; LOCK; EXCEPTION WHEN division_by_zero THEN NULL; END; END $$
                DO $$ BEGIN ASSERT EXISTS (SELECT FROM orders); LOCK; EXCEPTION WHEN assert_failure THEN NULL; END $$
                DO $$ BEGIN BEGIN PERFORM 1 / (SELECT count(*) FROM orders); EXCEPTION WHEN OTHERS THEN RETURN; END; LOCK; END $$
                DO $$ BEGIN IF NOT EXISTS (SELECT FROM orders) THEN RAISE duplicate_object; END IF; LOCK; EXCEPTION WHEN duplicate_object THEN NULL; END $$
                DO $$ BEGIN INSERT INTO items VALUES (1, 5); LOCK; EXCEPTION WHEN foreign_key_violation THEN NULL; END $$
                DO $$ BEGIN EXECUTE 'SELECT 1 / (SELECT count(*) FROM orders)'; LOCK; EXCEPTION WHEN OTHERS THEN NULL; END $$
                """);
    }

    @Test
    void leavingIsSeenThroughBlocksAndLoops() throws SQLException {
        neverSilent("", """
                DO $$ BEGIN BEGIN IF NOT EXISTS (SELECT FROM orders) THEN RETURN; END IF; EXCEPTION WHEN duplicate_table THEN NULL; END; LOCK; END $$
                DO $$ BEGIN <<o>> BEGIN LOOP IF NOT EXISTS (SELECT FROM orders) THEN EXIT o; END IF; EXIT; END LOOP; LOCK; END; END $$
                DO $$ BEGIN <<o>> FOR i IN 1..2 LOOP FOR j IN 1..2 LOOP CONTINUE o WHEN NOT EXISTS (SELECT FROM orders); END LOOP; LOCK; END LOOP; END $$
                """);
    }

    @Test
    void whatDecidesACallIsSeen() throws SQLException {
        String routines = """
                CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS 'BEGIN %1$s END';
                CREATE FUNCTION widen(go bool) RETURNS void LANGUAGE plpgsql AS 'BEGIN IF go THEN %1$s END IF; END';
                CREATE PROCEDURE pwiden(go bool) LANGUAGE plpgsql AS 'BEGIN IF go THEN %1$s END IF; END';
                CREATE FUNCTION has_rows() RETURNS bool LANGUAGE sql AS 'SELECT EXISTS (SELECT FROM orders)';
                """.formatted(LOCK);
        neverSilent(routines, """
                DO $$ DECLARE b bool; BEGIN SELECT EXISTS (SELECT FROM orders) INTO b; PERFORM widen(b); END $$
                DO $$ DECLARE b bool; BEGIN SELECT EXISTS (SELECT FROM orders) INTO b; PERFORM widen(false); CALL pwiden(b); END $$
                DO $$ BEGIN PERFORM widen(current_database() = 'prod'); END $$
                DO $$ BEGIN PERFORM widen(false); PERFORM widen(has_rows()); END $$
                CALL pwiden(current_database() = 'prod');
                SELECT widen(current_setting('app.go', true) = 'on');
                SELECT CASE WHEN current_database() = 'prod' THEN f() END;
                SELECT CASE WHEN has_rows() THEN f() END;
                SELECT f() WHERE current_database() = 'prod';
                """);
        assertThat(found(routines + "SELECT widen(false);\nDO $$ BEGIN PERFORM widen(1 > 2); END $$;"))
                .isEmpty();
    }

    @Test
    void whatIsMadeAtRunTimeReadsRowsToo() throws SQLException {
        neverSilent("", """
                DO $$ DECLARE n int; BEGIN EXECUTE 'UPDATE orders SET amount = 1 WHERE id = 1'; GET DIAGNOSTICS n = ROW_COUNT; IF n > 0 THEN LOCK; END IF; END $$
                DO $$ DECLARE n int := 0; r record; BEGIN FOR r IN EXECUTE 'SELECT 1 FROM orders' LOOP n := n + 1; END LOOP; IF n > 0 THEN LOCK; END IF; END $$
                DO $$ DECLARE c refcursor; r record; BEGIN OPEN c FOR EXECUTE 'SELECT 1 FROM orders'; FETCH c INTO r; IF FOUND THEN LOCK; END IF; END $$
                """);
    }

    @Test
    void onlyAnswersOfTheSchemaAreKnown() throws SQLException {
        neverSilent("", """
                DO $$ BEGIN IF query_to_xml('SELECT FROM orders LIMIT 1', true, true, '')::text LIKE '%row%' THEN LOCK; END IF; END $$
                DO $$ BEGIN IF pg_stat_get_live_tuples('orders'::regclass) > 0 THEN LOCK; END IF; END $$
                DO $$ BEGIN IF NOT has_column_privilege('orders', 'id', 'SELECT') THEN LOCK; END IF; END $$
                DO $$ BEGIN IF pg_backend_pid() = 7 THEN LOCK; END IF; END $$
                DO $$ BEGIN IF version() LIKE '%arm%' THEN LOCK; END IF; END $$
                DO $$ BEGIN IF NOT pg_try_advisory_xact_lock(7) THEN LOCK; END IF; END $$
                DO $$ BEGIN IF EXISTS (SELECT FROM orders) THEN CREATE SCHEMA zz CREATE TABLE q (x bigint REFERENCES public.orders); END IF; END $$
                """);
        assertThat(found("""
                DO $$ BEGIN IF lower(format_type('int'::regtype, NULL)) <> format('%s', 'integer') THEN DROP TABLE items; END IF; END $$;
                DO $$ BEGIN IF obj_description('orders'::regclass) IS NOT NULL THEN DROP TABLE items; END IF; END $$;
                DO $$ BEGIN IF (SELECT count(*) FROM pg_constraint WHERE pg_get_constraintdef(oid) = 'x') > 0 THEN DROP TABLE items; END IF; END $$;
                DO $$ BEGIN ALTER TABLE orders ADD CONSTRAINT c CHECK (amount > 0) NOT VALID; EXCEPTION WHEN duplicate_object THEN RAISE NOTICE 'there'; END $$;
                DO $$ BEGIN CREATE TYPE mood AS ENUM ('happy'); EXCEPTION WHEN OTHERS THEN NULL; END $$;
                """)).isEmpty();
    }

    @Test
    void whatCodeMayHaveMadeIsNotMissing() throws SQLException {
        String then = "\nDROP TABLE IF EXISTS made_there;\nTABLE made_there;";

        assertThat(found("DO $$ BEGIN IF EXISTS (SELECT FROM orders) THEN LOCK TABLE orders; END IF; END $$;" + then))
                .containsExactly("1 not-judged", "3 statement-fails");
        assertThat(found("DO $$ BEGIN IF EXISTS (SELECT FROM orders) THEN CREATE TABLE made_there (); END IF; END $$;"
                        + then))
                .containsExactly("2 not-judged", "3 not-judged");
    }

    @Test
    void rulesAboutMeaningReadCode() throws SQLException {
        assertThat(
                        found(
                                "DO $$ BEGIN ALTER TABLE orders RENAME COLUMN amount TO total; EXECUTE 'TRUNCATE items'; UPDATE orders SET note = 'x'; END $$;"))
                .contains("1 rename", "1 truncate", "1 unbounded-backfill", "1 backfill-under-lock");
        assertThat(found("""
                CREATE PROCEDURE tidy() LANGUAGE plpgsql AS 'BEGIN DROP TABLE items; PERFORM fill(); END';
                CREATE FUNCTION fill() RETURNS void LANGUAGE sql AS 'UPDATE orders SET note = NULL';
                CALL tidy();""")).contains("3 drop-object", "3 unbounded-backfill");
        assertThat(
                        found(
                                "DO $$ DECLARE t text := 'items'; BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN x int', t); END $$;"))
                .contains("1 not-judged");
    }

    @Test
    void whatOnlyProductionHasIsNotKnown() throws SQLException {
        assertThat(found("DROP OWNED BY postgres;")).contains("1 not-judged");
        assertThat(found("REASSIGN OWNED BY postgres TO postgres;")).contains("1 not-judged");
    }

    @Test
    void maintenanceOfEverythingIsSeen() throws SQLException {
        assertThat(found("VACUUM FULL;")).contains("1 blocks-reads", "1 not-judged");
        assertThat(found("VACUUM FULL pg_class;")).contains("1 not-judged");
        assertThat(found("REINDEX SYSTEM;")).contains("1 not-judged");
        assertThat(found("REINDEX DATABASE;")).contains("1 reindex-not-concurrently");
        assertThat(found("REINDEX SCHEMA public;")).contains("1 reindex-not-concurrently");
        assertThat(found("CLUSTER orders USING orders_pkey;\nCLUSTER;")).contains("1 blocks-reads", "2 blocks-reads");
    }

    @Test
    void onlyAKeyBoundsRows() throws SQLException {
        String unbounded = """
                UPDATE orders SET note = 'x' WHERE 1 = 1;
                UPDATE orders SET note = 'x' WHERE id > 0;
                DELETE FROM items USING orders WHERE items.order_id = orders.id AND orders.id = 5;
                MERGE INTO orders o USING items i ON o.id = i.order_id WHEN MATCHED THEN UPDATE SET note = 'x';
                UPDATE orders SET note = 'x' WHERE status = 'old';
                DELETE FROM items WHERE id BETWEEN 1 AND 1000000000;
                DELETE FROM items WHERE id = 1 OR order_id = 7;
                DELETE FROM items WHERE order_id IN (SELECT id FROM orders LIMIT 10);
                """;
        String bounded = """
                UPDATE orders SET note = 'x' WHERE id = 5 AND status = 'old';
                UPDATE orders SET note = 'x' WHERE id IN (1, 2, 3);
                UPDATE orders SET note = 'x' WHERE id = ANY (ARRAY[1, 2]);
                DELETE FROM items WHERE id >= 1 AND id < 1000;
                DELETE FROM items WHERE id IN (SELECT id FROM items WHERE order_id IS NULL ORDER BY id LIMIT 1000);
                DELETE FROM items WHERE ctid = ANY (ARRAY (SELECT ctid FROM items LIMIT 1000));
                WITH batch AS (SELECT id FROM orders LIMIT 1000) UPDATE orders o SET note = 'x' FROM batch WHERE o.id = batch.id;
                UPDATE orders o SET note = v.note FROM (VALUES (1, 'a'), (2, 'b')) AS v (id, note) WHERE o.id = v.id;
                MERGE INTO orders o USING (VALUES (1)) AS v (id) ON o.id = v.id WHEN MATCHED THEN UPDATE SET note = 'x';
                """;

        assertThat(found(unbounded)).containsExactlyElementsOf(lines(unbounded, "unbounded-backfill"));
        assertThat(found(bounded)).isEmpty();
        assertThat(found(bench.lint(
                        "m.sql", "UPDATE orders SET note = 'x';", new Sizes(Map.of("orders", 8_192L)), false)))
                .isEmpty();
    }

    private static List<String> lines(String sql, String rule) {
        return java.util.stream.IntStream.rangeClosed(1, (int) sql.lines().count())
                .mapToObj(line -> line + " " + rule)
                .toList();
    }

    @Test
    void loadsUnderALockAreSeen() throws SQLException {
        assertThat(found("""
                BEGIN;
                ALTER TABLE orders ADD COLUMN extra int;
                CREATE TABLE copied (id bigint);
                INSERT INTO copied SELECT id FROM orders;
                COPY copied FROM STDIN;
                \\.
                INSERT INTO copied VALUES (1), (2);
                INSERT INTO copied SELECT id FROM orders LIMIT 10;
                COMMIT;
                """)).containsExactly("4 backfill-under-lock", "5 backfill-under-lock");
    }

    @Test
    void whatIsRolledBackIsGone() throws SQLException {
        assertThat(found("""
                BEGIN;
                ALTER TABLE orders ADD COLUMN extra int;
                CREATE TABLE fresh (a int);
                ROLLBACK;
                ALTER TABLE orders ADD COLUMN extra int;
                DROP TABLE fresh;
                """)).contains("6 statement-fails").doesNotContain("5 statement-fails");
        assertThat(
                        found(
                                "BEGIN;\nSAVEPOINT a;\nCREATE TABLE fresh (a int);\nROLLBACK TO a;\nDROP TABLE fresh;\nCOMMIT;"))
                .contains("4 not-judged");
    }

    @Test
    void aSessionKeepsWhatItWasGiven() throws SQLException {
        String migration = """
                SET search_path = app, public;
                SET work_mem = '7MB';
                SET pando.tenant = 'one';
                CREATE TEMP TABLE chosen AS SELECT 1 AS id;
                PREPARE one AS SELECT 1;
                CREATE INDEX CONCURRENTLY ON customers (email);
                ALTER TABLE public.orders ADD CHECK (amount > 0);
                DO $$ BEGIN
                  IF current_setting('work_mem') <> '7MB' OR current_setting('pando.tenant') <> 'one' THEN RAISE EXCEPTION 'lost'; END IF;
                END $$;
                EXECUTE one;
                INSERT INTO chosen VALUES (2);
                """;

        Report.File file = bench.lint("m.sql", migration, Sizes.NONE, true);

        assertThat(
                        found(
                                "BEGIN;\nCREATE TEMP TABLE brief (a int) ON COMMIT DROP;\nINSERT INTO brief VALUES (1);\nCOMMIT;\n"
                                        + "BEGIN;\nCREATE TEMP TABLE brief ON COMMIT DROP AS SELECT 1 AS a;\nTABLE brief;\nCOMMIT;\nTABLE brief;"))
                .containsExactly("9 statement-fails");
        assertThat(file.findings()).as(said(file)).anyMatch(finding -> finding.rewrite() != null);
        assertThat(found(file)).as(said(file)).containsExactly("7 constraint-validated-under-lock");
    }

    @Test
    void commandsOfPsqlMayDoAnything() throws SQLException {
        assertThat(
                        found(
                                "\\echo begins\n\\set ON_ERROR_STOP on\n\\timing\nSELECT 1;\n\\i other.sql\nDROP TABLE IF EXISTS made_there;"))
                .containsExactly("5 not-judged", "6 not-judged");
    }

    @Test
    void nothingIsSaidOfWhatIsMeasuredHarmless() throws SQLException {
        assertThat(found("""
                ALTER TABLE orders ADD COLUMN constant int NOT NULL DEFAULT 7;
                ALTER TABLE orders ADD COLUMN seen timestamptz DEFAULT now();
                ALTER TABLE customers ALTER COLUMN email TYPE varchar(200);
                ALTER TABLE customers ALTER COLUMN email TYPE text;
                ALTER TABLE orders ADD COLUMN twice int GENERATED ALWAYS AS (amount * 2) VIRTUAL;
                CREATE TABLE payments (id bigint PRIMARY KEY, order_id bigint REFERENCES orders);
                ALTER TABLE payments ADD COLUMN customer_id bigint REFERENCES customers;
                ALTER TABLE orders ADD COLUMN referred bigint REFERENCES customers;
                CREATE INDEX ON payments (order_id);
                UPDATE payments SET order_id = 1;
                COMMENT ON TABLE orders IS 'x';
                GRANT SELECT ON orders TO PUBLIC;
                ALTER TYPE mood ADD VALUE 'meh';
                ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount > 0) NOT VALID;
                ALTER TABLE orders VALIDATE CONSTRAINT positive;
                ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 10) NOT VALID;
                CREATE INDEX CONCURRENTLY ON orders (amount);
                CREATE TABLE logs_2020 (LIKE logs, CHECK (at >= '2020-01-01' AND at < '2021-01-01'));
                """)).isEmpty();
    }

    @Test
    void noneOfTheSurprisesIsMissed() throws SQLException {
        assertThat(found("""
                DROP TABLE items;
                ALTER TABLE orders ADD COLUMN checked int CHECK (checked > 0);
                ALTER TABLE accounts ALTER COLUMN code TYPE varchar(99);
                ALTER TABLE orders ADD COLUMN sure positive;
                ALTER TABLE events DETACH PARTITION events_2025;
                CREATE TABLE logs_2020 PARTITION OF logs FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
                CREATE TABLE logs_2021 (at date NOT NULL);
                ALTER TABLE logs ATTACH PARTITION logs_2021 FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
                DROP TABLE logs_2020;
                ALTER TABLE orders ADD EXCLUDE (amount WITH =);
                ALTER TABLE orders ALTER COLUMN amount SET NOT NULL;
                SET timezone = 'UTC';
                ALTER TABLE orders ALTER COLUMN created TYPE timestamptz;
                """))
                .containsExactly(
                        "1 locks-other-table",
                        "1 drop-object",
                        "2 constraint-validated-under-lock",
                        "3 column-type-rewrite",
                        "4 column-default-rewrite",
                        "5 detach-partition",
                        "6 blocks-reads",
                        "6 locks-other-table",
                        "8 attach-partition-scan",
                        "9 locks-other-table",
                        "9 drop-object",
                        "10 blocks-reads",
                        "11 set-not-null-scan",
                        "13 column-type-rewrite");
        assertThat(found("ALTER TABLE items DROP CONSTRAINT items_order_id_fkey;"))
                .containsExactly("1 locks-other-table");
        assertThat(found("ALTER TABLE orders SET TABLESPACE fast;")).containsExactly("1 not-judged");
    }
}
