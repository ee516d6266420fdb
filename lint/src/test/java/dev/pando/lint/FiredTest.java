package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.fact.Speeds;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Code that statements run for each row, which there are none of here, and what becomes of what the migration made. */
class FiredTest {
    private static Bench bench;

    @BeforeAll
    static void start() throws SQLException, IOException {
        bench = new Bench(Major.newest());
    }

    @AfterAll
    static void stop() {
        bench.close();
    }

    private static List<String> found(String sql) throws SQLException {
        return bench.lint(sql).findings().stream()
                .filter(finding -> !finding.rule().endsWith("-timeout"))
                .map(finding -> finding.place().line() + " " + finding.rule())
                .distinct()
                .toList();
    }

    private static String trigger(String event, String body) {
        return "CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + body + " RETURN NEW; END $$;\n"
                + "CREATE TRIGGER act AFTER " + event + " FOR EACH ROW EXECUTE FUNCTION act();\n";
    }

    @Test
    void triggersOfRowsAreRead() throws SQLException {
        assertThat(found(trigger("UPDATE OF note ON orders", "LOCK TABLE customers;")
                        + "UPDATE orders SET note = 'x' WHERE id = 7;\nUPDATE orders SET amount = 1 WHERE id = 7;\n"
                        + "INSERT INTO orders (id) VALUES (8);\nDELETE FROM items WHERE id = 8;"))
                .containsExactly("3 not-judged");
        assertThat(found(trigger("INSERT ON orders", "UPDATE items SET order_id = order_id;")
                        + "INSERT INTO orders SELECT * FROM orders LIMIT 5;"))
                .containsExactly("3 unbounded-backfill");
        assertThat(found(trigger("DELETE ON events_2025", "EXECUTE 'LOCK ' || TG_TABLE_NAME;")
                        + "DO $$ BEGIN WITH gone AS (DELETE FROM events RETURNING *) SELECT 1 FROM gone; END $$;"))
                .contains("3 not-judged");
        assertThat(found("CREATE TABLE audit (at timestamptz, who bigint);\n"
                        + trigger(
                                "UPDATE ON orders",
                                "INSERT INTO audit VALUES (now(), NEW.id); UPDATE customers SET name = name WHERE id = NEW.customer_id;")
                        + "UPDATE orders SET note = 'x' WHERE id = 7;\nALTER TABLE orders DISABLE TRIGGER act;"))
                .isEmpty();
    }

    @Test
    void triggersOfTablesThatForeignKeysReachAreRead() throws SQLException {
        String lock = "LOCK TABLE customers;";
        assertThat(found(trigger("DELETE ON shops", lock) + "DELETE FROM regions WHERE id = 7;"))
                .contains("3 not-judged");
        assertThat(found(trigger("UPDATE OF shop_id ON staff", lock) + "DELETE FROM regions WHERE id = 7;"))
                .contains("3 not-judged");
        assertThat(found(trigger("UPDATE OF code ON shops", lock) + "UPDATE regions SET code = 'x' WHERE id = 7;"))
                .contains("3 not-judged");
        assertThat(found(trigger("DELETE OR UPDATE ON staff", lock) + "UPDATE regions SET code = 'x' WHERE id = 7;\n"
                        + "UPDATE shops SET code = 'y' WHERE id = 7;"))
                .containsExactly("3 cascading-change");
    }

    @Test
    void replicasFireOtherTriggersAndNoForeignKeys() throws SQLException {
        String replica = "SET session_replication_role = replica;\n";
        String trigger = trigger("DELETE ON shops", "LOCK TABLE customers;");
        assertThat(found(trigger + replica + "DELETE FROM regions WHERE id = 7; DELETE FROM shops WHERE id = 7;"))
                .isEmpty();
        assertThat(found(trigger + "ALTER TABLE shops ENABLE REPLICA TRIGGER act;\n" + replica
                        + "DELETE FROM shops WHERE id = 7;"))
                .containsExactly("5 not-judged");
    }

    @Test
    void aChangeIsWhatItsWordsSay() throws SQLException {
        String rows = "MERGE INTO orders o USING (VALUES (7)) v (id) ON o.id = v.id WHEN ";
        assertThat(found(trigger("UPDATE OR DELETE ON orders", "LOCK TABLE customers;")
                        + "INSERT INTO orders (id) VALUES (7) ON CONFLICT DO NOTHING;\n"
                        + rows + "NOT MATCHED THEN INSERT (id) VALUES (7);\n" + rows + "MATCHED THEN DO NOTHING;\n"
                        + rows + "MATCHED THEN UPDATE SET note = 'x';\n"
                        + "INSERT INTO orders (id) VALUES (7) ON CONFLICT (id) DO UPDATE SET note = 'x';"))
                .containsExactly("6 not-judged", "7 not-judged");

        String merge = "MERGE INTO items i USING orders o ON i.order_id = o.id WHEN ";
        assertThat(found(merge + "NOT MATCHED THEN INSERT VALUES (o.id, o.id);"))
                .isEmpty();
        assertThat(found(merge + "MATCHED THEN UPDATE SET id = 7;")).containsExactly("1 unbounded-backfill");
        assertThat(
                        found(
                                "BEGIN; LOCK TABLE customers;\n" + merge
                                        + "NOT MATCHED THEN INSERT VALUES (o.id, o.id);\n"
                                        + "MERGE INTO items i USING (VALUES (7)) o (id) ON i.order_id = o.id WHEN NOT MATCHED THEN INSERT VALUES (7, 7); COMMIT;"))
                .contains("2 backfill-under-lock")
                .doesNotContain("3 backfill-under-lock");
        String both = "MERGE INTO own USING items i ON own.id = i.id WHEN MATCHED THEN UPDATE SET id = 1"
                + " WHEN NOT MATCHED THEN INSERT VALUES (i.id);";
        String own = "CREATE TABLE own (id bigint); BEGIN; LOCK TABLE customers;\n";
        assertThat(found(own + both + "COMMIT;")).contains("2 backfill-under-lock");
        assertThat(found(own + "WITH w AS (SELECT id FROM items) INSERT INTO own SELECT id FROM w; COMMIT;"))
                .contains("2 backfill-under-lock");
        assertThat(found("BEGIN; LOCK TABLE customers;\nDELETE FROM regions WHERE id = 7; COMMIT;"))
                .contains("2 backfill-under-lock");
        assertThat(found("BEGIN; LOCK TABLE customers;\nDELETE FROM staff WHERE id = 7; COMMIT;"))
                .doesNotContain("2 backfill-under-lock");
    }

    @Test
    void whereForeignKeysLeadIsTold() throws SQLException {
        String schema = "CREATE TABLE \"Odd\" (id int PRIMARY KEY);"
                + "CREATE SCHEMA s; CREATE TABLE s.b (\"Key\" int CONSTRAINT odd_key REFERENCES \"Odd\" ON DELETE SET NULL, n int);"
                + "CREATE TABLE p (k int CONSTRAINT part_key REFERENCES \"Odd\" ON DELETE CASCADE) PARTITION BY LIST (k);"
                + "CREATE TABLE loose (k int REFERENCES \"Odd\" ON DELETE CASCADE NOT ENFORCED);";
        try (TemporaryServer server = TemporaryServer.startGuarded(Major.newest(), Map.of())) {
            try (Connection connection = server.connect()) {
                Bench.execute(connection, schema);
            }
            var options = new Linter.Options(
                    Major.newest().number(), new Sizes(Map.of("b", 41_000_000_000L)), Speeds.DEFAULT, true, false);
            List<Report.File> files = Linter.judge(
                    server,
                    "postgres",
                    List.of(Bench.migration("m.sql", "DELETE FROM \"Odd\" WHERE id = 7;")),
                    options);
            assertThat(files.getFirst().findings())
                    .extracting(Finding::message)
                    .contains(
                            "part_key of p (ON DELETE CASCADE, to \"Odd\") deletes any number of rows of p;"
                                    + " odd_key of s.b (ON DELETE SET NULL, to \"Odd\") changes \"Key\" in any number of rows of s.b (41 GB)",
                            "reads all of s.b (41 GB) for each row of \"Odd\", as no index finds the rows that refer to it by \"Key\":"
                                    + " CREATE INDEX CONCURRENTLY ON s.b (\"Key\")");
        }
    }

    @Test
    void rowsOfALoopAddUp() throws SQLException {
        String insert =
                "BEGIN; LOCK TABLE customers;\nDO $$ BEGIN %s INSERT INTO items (id) VALUES (7); %s END $$; COMMIT;";
        assertThat(found(insert.formatted("LOOP", "EXIT WHEN random() > 0.9; END LOOP;")))
                .contains("2 backfill-under-lock");
        assertThat(found(insert.formatted("FOR i IN 1..10 LOOP", "END LOOP;"))).doesNotContain("2 backfill-under-lock");
        assertThat(found(insert.formatted("", ""))).doesNotContain("2 backfill-under-lock");
    }

    @Test
    void whatADomainComputesForEachRowIsRead() throws SQLException {
        String function =
                "CREATE FUNCTION tag(int DEFAULT 1) RETURNS int LANGUAGE plpgsql AS 'BEGIN LOCK TABLE customers; RETURN 1; END';\n";
        String domain = function
                + "CREATE DOMAIN tags AS int DEFAULT tag();\nCREATE DOMAIN checked AS int CHECK (tag(VALUE) > 0);\n"
                + "CREATE DOMAIN inner_tags AS tags;\nCREATE DOMAIN own AS tags DEFAULT 7;\n";

        assertThat(found(domain + "ALTER TABLE orders ADD COLUMN tag tags;")).contains("6 not-judged");
        assertThat(found(domain + "ALTER TABLE orders ADD COLUMN tag inner_tags;"))
                .contains("6 not-judged");
        assertThat(found(domain + "ALTER TABLE orders ADD COLUMN tag checked;")).contains("6 not-judged");
        assertThat(found(domain + "ALTER TABLE orders ALTER amount TYPE checked;"))
                .contains("6 not-judged");
        assertThat(found(domain + "ALTER TABLE orders ALTER note TYPE checked[] USING '{1}';"))
                .contains("6 not-judged");
        assertThat(found(domain + "ALTER TABLE orders ADD COLUMN tag tags[];")).doesNotContain("6 not-judged");
        assertThat(found(domain.replace("CREATE DOMAIN own", "ALTER DOMAIN inner_tags DROP DEFAULT; CREATE DOMAIN own")
                        + "ALTER TABLE orders ADD COLUMN tag inner_tags;"))
                .doesNotContain("6 not-judged");
        assertThat(found(domain + "ALTER TABLE orders ADD COLUMN tag own;")).doesNotContain("6 not-judged");
        assertThat(found(domain + "ALTER TABLE orders ADD COLUMN tag tags DEFAULT 7;"))
                .doesNotContain("6 not-judged");
        assertThat(found(function + "CREATE TABLE t (a positive);\nALTER DOMAIN positive ADD CHECK (tag(VALUE) > 0);"))
                .contains("3 not-judged");
        assertThat(found(function + "ALTER DOMAIN positive ADD CONSTRAINT c CHECK (tag(VALUE) > 0) NOT VALID;\n"
                        + "CREATE TABLE t (a positive);\nALTER DOMAIN positive VALIDATE CONSTRAINT c;"))
                .contains("4 not-judged");
        assertThat(found(domain + "ALTER TABLE orders ADD COLUMN tag tags GENERATED ALWAYS AS (7) STORED;"))
                .doesNotContain("6 not-judged");
        assertThat(found(function + "ALTER DOMAIN positive ADD CHECK (tag(VALUE) > 0) NOT VALID;\n"
                        + "ALTER DOMAIN positive SET DEFAULT tag();"))
                .isEmpty();
    }

    @Test
    void whatAlterTableComputesForEachRowIsRead() throws SQLException {
        String function = "CREATE FUNCTION tag() RETURNS int LANGUAGE plpgsql AS 'BEGIN %s RETURN 1; END';\n";

        assertThat(found(function.formatted("LOCK TABLE customers;")
                        + "ALTER TABLE orders ADD COLUMN tag int DEFAULT tag();"))
                .contains("2 not-judged");
        assertThat(found(function.formatted("UPDATE customers SET name = 1 WHERE id = 1;")
                        + "ALTER TABLE orders ADD COLUMN tag int DEFAULT tag();"))
                .contains("2 unbounded-backfill", "2 backfill-under-lock");
        assertThat(found(function.formatted("LOCK TABLE customers;")
                        + "ALTER TABLE orders ALTER amount TYPE bigint USING amount + tag();"))
                .contains("2 not-judged");
        assertThat(found(function.formatted("LOCK TABLE customers;")
                        + "ALTER TABLE orders ALTER amount SET DEFAULT tag();"))
                .isEmpty();
        assertThat(found(function.formatted("PERFORM 1;") + "ALTER TABLE orders ADD COLUMN tag int DEFAULT tag();"))
                .containsExactly("2 column-default-rewrite");
    }

    @Test
    void aPartitionIsUsedByWayOfItsParent() throws SQLException {
        assertThat(found("""
                CREATE TABLE logs_2020 PARTITION OF logs FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
                CREATE INDEX ON logs_2020 (at);
                CREATE TABLE more () INHERITS (parents);
                UPDATE more SET a = 1;
                """)).contains("2 index-not-concurrently", "4 unbounded-backfill");
        assertThat(found("""
                BEGIN;
                CREATE TABLE logs_2020 PARTITION OF logs FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
                CREATE INDEX ON logs_2020 (at);
                COMMIT;
                CREATE TABLE own (at date) PARTITION BY RANGE (at);
                CREATE TABLE own_2020 PARTITION OF own FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
                CREATE INDEX ON own_2020 (at);
                """)).doesNotContain("3 index-not-concurrently", "7 index-not-concurrently");
    }
}
