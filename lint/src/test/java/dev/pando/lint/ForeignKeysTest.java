package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import dev.pando.lint.fact.Change;
import dev.pando.lint.fact.Change.Kind;
import dev.pando.lint.fact.Reach;
import dev.pando.lint.fact.Sizes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told of foreign keys is what a server does with rows: which tables it changes, and which it reads from end to end. */
class ForeignKeysTest {
    /** What refers to a table {@code a}. */
    private static final List<String> SCHEMAS = List.of(
            "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);",
            "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a DEFERRABLE INITIALLY DEFERRED); CREATE INDEX ON b (a, id);",
            "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE ON UPDATE CASCADE); CREATE INDEX ON b USING hash (a);",
            "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE); CREATE INDEX ON b (a) WHERE a IS NOT NULL;",
            "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE); CREATE INDEX ON b (a) WHERE a < 5;",
            "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE); CREATE INDEX ON b (abs(a));",
            "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE SET NULL ON UPDATE SET NULL); CREATE INDEX ON b (id);",
            "CREATE TABLE b (id int PRIMARY KEY, a int DEFAULT 1 REFERENCES a ON DELETE SET DEFAULT);",
            "CREATE TABLE b (id int PRIMARY KEY, a int UNIQUE REFERENCES a ON DELETE SET NULL ON UPDATE CASCADE);"
                    + "CREATE TABLE c (id int PRIMARY KEY, b int REFERENCES b (a) ON DELETE CASCADE ON UPDATE CASCADE);",
            "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE); CREATE INDEX ON b (a);"
                    + "CREATE TABLE c (id int PRIMARY KEY, b int REFERENCES b ON DELETE CASCADE); CREATE INDEX ON c (b);"
                    + "CREATE TABLE d (id int PRIMARY KEY, c int REFERENCES c ON DELETE SET NULL);",
            "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE ON UPDATE SET DEFAULT, up int REFERENCES b ON DELETE CASCADE); CREATE INDEX ON b (a);",
            "CREATE TABLE b (id int, a int REFERENCES a ON DELETE CASCADE ON UPDATE CASCADE) PARTITION BY RANGE (id);"
                    + "CREATE TABLE b1 PARTITION OF b FOR VALUES FROM (0) TO (1000); CREATE INDEX ON b (a);",
            "CREATE TABLE b (id int, a int REFERENCES a) PARTITION BY RANGE (id);"
                    + "CREATE TABLE b1 PARTITION OF b FOR VALUES FROM (0) TO (1000);");

    private static final String PARTITIONS =
            " PARTITION BY RANGE (id); CREATE TABLE %1$s1 PARTITION OF %1$s FOR VALUES FROM (0) TO (50);"
                    + " CREATE TABLE %1$s2 PARTITION OF %1$s FOR VALUES FROM (50) TO (5000);";

    private static final List<String> MORE = List.of(
            "ALTER TABLE a ADD UNIQUE (id, note); CREATE TABLE b (id int, a int, note text DEFAULT 'n',"
                    + " FOREIGN KEY (a, note) REFERENCES a (id, note) ON DELETE SET NULL (note));"
                    + "ALTER TABLE b ADD UNIQUE (note, id);  CREATE TABLE c (id int, b int, note text DEFAULT 'n',"
                    + " FOREIGN KEY (note, b) REFERENCES b (note, id) ON UPDATE CASCADE); CREATE INDEX ON c (b) WHERE note IS NOT NULL AND b IS NOT NULL;"
                    + "ALTER TABLE b ADD UNIQUE (a); CREATE TABLE d (id int, b int REFERENCES b (a) ON UPDATE CASCADE);",
            "CREATE TABLE a (id int PRIMARY KEY, note text)" + PARTITIONS.formatted("a")
                    + "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE ON UPDATE CASCADE);",
            "CREATE TABLE a (id int PRIMARY KEY, note text)" + PARTITIONS.formatted("a")
                    + "CREATE TABLE b (id int, a int REFERENCES a ON DELETE SET NULL)" + PARTITIONS.formatted("b")
                    + "CREATE INDEX ON b1 (a); CREATE INDEX ON b2 (a);",
            "CREATE TABLE a (id int PRIMARY KEY, note text)" + PARTITIONS.formatted("a")
                    + "CREATE TABLE b (id int, a int REFERENCES a ON DELETE SET NULL)" + PARTITIONS.formatted("b")
                    + "CREATE INDEX ON b1 (a);",
            "CREATE TABLE b (id int PRIMARY KEY, a int UNIQUE REFERENCES a ON DELETE CASCADE);"
                    + "CREATE TABLE c (id int PRIMARY KEY, b int REFERENCES b ON DELETE CASCADE);"
                    + "ALTER TABLE b ADD c int REFERENCES c ON DELETE CASCADE; CREATE INDEX ON b (c);",
            "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE)" + PARTITIONS.formatted("b")
                    + "CREATE TABLE c (id int, b int);");

    private static final List<String> WORDS = List.of("reads", "deletes from", "updates");

    private static final Map<String, Change> CHANGES = Map.of(
            "DELETE FROM a WHERE id = %d",
            new Change("a", Kind.DELETE, Set.of()),
            "UPDATE a SET id = id + 1000 WHERE id = %d",
            new Change("a", Kind.UPDATE, Set.of("id")),
            "UPDATE a SET note = 'x' WHERE id = %d",
            new Change("a", Kind.UPDATE, Set.of("note")));

    static Stream<Major> majors() {
        return Stream.of(Major.POSTGRES_15, Major.newest());
    }

    @ParameterizedTest
    @MethodSource("majors")
    void theServerDoesWhatIsTold(Major major) throws SQLException {
        try (TemporaryServer server = TemporaryServer.start(major, Map.of())) {
            List<String> schemas =
                    Stream.concat(SCHEMAS.stream(), MORE.stream()).toList();
            for (int i = 0; i < schemas.size(); i++) {
                try (Connection admin = server.connect()) {
                    Bench.execute(admin, "CREATE DATABASE keys_" + i);
                }
                try (Connection connection = server.connect("keys_" + i)) {
                    fill(connection, schemas.get(i));
                    for (Map.Entry<String, Change> each : CHANGES.entrySet()) {
                        compare(connection, schemas.get(i), each.getValue(), each.getKey());
                    }
                }
            }
        }
    }

    /** Rows of a with keys up to 101; up to 100 there are rows that refer to them. */
    private static void fill(Connection connection, String schema) throws SQLException {
        String first =
                schema.contains("CREATE TABLE a ") ? "" : "CREATE TABLE a (id int PRIMARY KEY, note text DEFAULT 'n');";
        Bench.execute(connection, first + schema + "INSERT INTO a SELECT generate_series(1, 101);");
        for (String table : List.of("b", "c", "d")) {
            if (schema.contains("TABLE " + table + " ")) {
                Bench.execute(connection, "INSERT INTO " + table + " SELECT i, i FROM generate_series(1, 100) i");
            }
        }
        Bench.execute(connection, "ANALYZE; SET enable_seqscan = off");
    }

    private static void compare(Connection connection, String schema, Change change, String sql) throws SQLException {
        var told = new TreeSet<String>();
        for (Reach reach : new ForeignKeys(connection).to("public.a", (oid, name) -> false, Sizes.NONE)) {
            if (reach.follows(change)) {
                String table = reach.key().table().replace("public.", "").substring(0, 1);
                if (!reach.indexed()) {
                    told.add("reads " + table);
                }
                if (reach.change() != null) {
                    told.add((reach.change().kind() == Kind.DELETE ? "deletes from " : "updates ") + table);
                }
            }
        }
        var did = new TreeSet<String>();
        for (int key : List.of(7, 101)) {
            did.addAll(did(connection, sql.formatted(key)));
        }
        assertThat(did).as(schema + "\n" + sql).isEqualTo(told);
    }

    /** Nothing where rows that refer to it make it fail. */
    private static Set<String> did(Connection connection, String sql) throws SQLException {
        Bench.execute(connection, "SELECT pg_stat_force_next_flush()"); // counts of what ran before
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
            return counted(statement);
        } catch (SQLException e) {
            assertThat(e.getSQLState()).as(sql).isEqualTo("23503");
            return Set.of();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static Set<String> counted(Statement statement) throws SQLException {
        Set<String> did = new TreeSet<>();
        try (ResultSet rows = statement.executeQuery("""
                SELECT left(relname, 1), seq_scan > 0, n_tup_del > 0, n_tup_upd > 0 FROM pg_stat_xact_user_tables
                WHERE left(relname, 1) <> 'a'""")) {
            while (rows.next()) {
                for (int i = 0; i < WORDS.size(); i++) {
                    if (rows.getBoolean(i + 2)) {
                        did.add(WORDS.get(i) + " " + rows.getString(1));
                    }
                }
            }
        }
        return did;
    }
}
