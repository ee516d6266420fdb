package dev.pando.server.control;

import static dev.pando.server.control.TestFleet.call;
import static dev.pando.server.control.TestFleet.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every sharding function on tables that have rows already, held to real servers. */
class PlacementTest {
    private record Sample(String type, String value, String... settings) {}

    private static final List<Sample> SAMPLES = List.of(
            new Sample("bigint", "g"),
            new Sample("smallint", "g", "function=>hash", "buckets=>16", "map=>0:2,4:0,10:1"),
            new Sample("uuid", "md5(g::text)::uuid", "function=>ring"),
            new Sample("varchar(20)", "'k' || g", "function=>ring", "virtual_nodes=>7"),
            new Sample("text", "chr(64 + g % 26 + 1) || g", "function=>range"),
            new Sample("int", "g", "function=>range", "bounds=>100,200", "shards=>2,0,1"),
            new Sample("text", "(ARRAY['US','DE','JP'])[g % 3 + 1]", "function=>list", "preset=>geography"),
            new Sample("int", "g % 5", "function=>list", "shard_0=>0,1", "shard_1=>2", "default=>2"),
            new Sample("uuid", "md5(g::text)::uuid", "function=>keyrange"),
            new Sample("bigint", "g", "function=>keyrange", "ranges=>-40,40-80,80-c0,c0-", "shards=>0,1,2,0"),
            new Sample("bigint", "g", "function=>directory", "base=>ring", "pins_2=>1,2,3", "pins_0=>4"));

    @Test
    void everyFunctionDealsRowsOutAndRefusesMisplacedOnes() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane plane = fleet.start()) {
            for (int i = 0; i < SAMPLES.size(); i++) {
                Sample sample = SAMPLES.get(i);
                String table = "t" + i;
                fleet.everywhere("CREATE TABLE " + table + " (k " + sample.type() + ", n int)");
                fleet.on(
                        0,
                        "INSERT INTO " + table + " SELECT (" + sample.value() + ")::" + sample.type()
                                + ", g FROM generate_series(1, 300) g");
                List<String> arguments = new java.util.ArrayList<>(List.of(table, "k"));
                arguments.addAll(List.of(sample.settings()));
                call(plane, "distribute", arguments.toArray(String[]::new));
                assertThat(fleet.sum("SELECT count(*) FROM " + table))
                        .as("%s", sample)
                        .isEqualTo(300);
                assertThat(fleet.sum("SELECT coalesce(sum(n), 0) FROM " + table))
                        .isEqualTo(300 * 301 / 2);
                assertThat(fleet.onEach("SELECT count(*) FROM " + table))
                        .as("%s", sample)
                        .doesNotContain("0");
                refusesOthers(fleet, plane, table);
            }
        }
    }

    /** A row of each shard is refused by the two others, and pando.shard_of() knows where it is. */
    private static void refusesOthers(TestFleet fleet, ControlPlane plane, String table) throws SQLException {
        for (int shard = 0; shard < 3; shard++) {
            String key = String.valueOf(fleet.one(shard, "SELECT k FROM " + table + " LIMIT 1"));
            assertThat(call(plane, "shard_of", table, key).rows().getFirst())
                    .as("%s of %s", key, table)
                    .containsExactly(Integer.toString(shard));
            for (int other = 0; other < 3; other++) {
                String insert = "INSERT INTO " + table + " VALUES ('" + key + "', 0)";
                if (other != shard) {
                    int wrong = other;
                    assertThatThrownBy(() -> fleet.on(wrong, insert))
                            .isInstanceOfSatisfying(
                                    SQLException.class,
                                    e -> assertThat(e.getSQLState()).isEqualTo("23514"))
                            .hasMessageContaining("pando_shard");
                }
            }
        }
        assertThatThrownBy(() -> fleet.on(0, "INSERT INTO " + table + " VALUES (NULL, 0)"))
                .hasMessageContaining("pando_shard");
    }

    @Test
    void rowsThatBelongNowhereAreNamedAndNothingChanges() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere("CREATE TABLE t (k text)");
            fleet.on(0, "INSERT INTO t VALUES ('US'), ('XX')");
            refused(
                    PandoError.KEY_INVALID,
                    "\"XX\"",
                    () -> call(plane, "distribute", "t", "k", "function=>list", "shard_0=>US", "shard_1=>DE"));
            fleet.on(0, "UPDATE t SET k = NULL WHERE k = 'XX'");
            refused(PandoError.KEY_INVALID, "no shard", () -> call(plane, "distribute", "t", "k"));
            assertThat(fleet.onEach("SELECT count(*) FROM t")).containsExactly("2", "0", "0");
            fleet.on(0, "DELETE FROM t WHERE k IS NULL");
            call(plane, "distribute", "t", "k");
        }
    }

    @Test
    void foreignKeysOfFullTables() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere("CREATE TABLE kinds (k text PRIMARY KEY);"
                    + "CREATE TABLE u (id int PRIMARY KEY, kind text REFERENCES kinds);"
                    + "CREATE TABLE m (uid int, n int, CONSTRAINT m_u FOREIGN KEY (uid) REFERENCES u (id))");
            fleet.on(
                    0,
                    "INSERT INTO kinds VALUES ('a'); INSERT INTO u SELECT g, 'a' FROM generate_series(1, 60) g;"
                            + "INSERT INTO m SELECT g, g FROM generate_series(1, 60) g");
            refused(PandoError.FOREIGN_KEY_ACROSS, "m_u", () -> call(plane, "distribute", "m", "uid"));
            assertThatThrownBy(() -> call(plane, "distribute", "u", "id"))
                    .isInstanceOfSatisfying(
                            dev.pando.base.error.PandoException.class,
                            e -> assertThat(e.detail()).contains("Drop the foreign key, distribute both"));
            fleet.everywhere("ALTER TABLE m DROP CONSTRAINT m_u");
            refused(PandoError.FOREIGN_KEY_ACROSS, "u_kind_fkey", () -> call(plane, "distribute", "u", "id"));
            call(plane, "reference", "kinds");
            call(plane, "distribute", "u", "id");
            call(plane, "distribute", "m", "uid", "colocate_with=>u");
            fleet.everywhere("ALTER TABLE m ADD CONSTRAINT m_u FOREIGN KEY (uid) REFERENCES u (id)");
            assertThat(fleet.sum("SELECT count(*) FROM u JOIN m ON u.id = m.uid"))
                    .isEqualTo(60);
            refused(PandoError.FOREIGN_KEY_ACROSS, "m_u", () -> call(plane, "undistribute", "m"));
            refused(PandoError.FOREIGN_KEY_ACROSS, "m_u", () -> call(plane, "undistribute", "u"));
        }
    }

    @Test
    void undistributeBringsRowsAndSequencesHome() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere("CREATE TABLE t (id serial PRIMARY KEY, v text)");
            call(plane, "distribute", "t", "id");
            for (int shard = 0; shard < 3; shard++) {
                int at = shard;
                for (int id = 1; id < 40; id++) {
                    int key = id;
                    if (String.valueOf(at)
                            .equals(call(plane, "shard_of", "t", Integer.toString(key))
                                    .rows()
                                    .getFirst()
                                    .getFirst())) {
                        fleet.on(at, "INSERT INTO t VALUES (" + key + ", 'v')");
                    }
                }
            }
            fleet.one(2, "SELECT setval('t_id_seq', 99)");
            call(plane, "undistribute", "t");
            assertThat(fleet.onEach("SELECT count(*) FROM t")).containsExactly("39", "0", "0");
            assertThat(fleet.one(0, "SELECT nextval('t_id_seq')")).isEqualTo("100");
            assertThat(fleet.onEach("SELECT count(*) FROM pg_constraint WHERE conname = 'pando_shard'"))
                    .containsOnly("0");
            call(plane, "distribute", "t", "id", "function=>ring");
            assertThat(fleet.sum("SELECT count(*) FROM t")).isEqualTo(39);
        }
    }
}
