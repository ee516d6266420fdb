package dev.pando.server.control;

import static dev.pando.server.control.TestFleet.await;
import static dev.pando.server.control.TestFleet.call;
import static dev.pando.server.control.TestFleet.refused;
import static dev.pando.server.control.TestFleet.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.core.topology.Placement;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What DDL does to declared tables is followed, and wrong calls are told apart. */
class SchemaChangeTest {
    private static Placement placement(ControlPlane plane, String name) {
        return Objects.requireNonNull(plane.catalog().tables().get(table(name)), name)
                .placement();
    }

    @Test
    void partitionsComeAndGoWithTheirRowsWhereTheyAre() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere("CREATE TABLE e (id int, at int) PARTITION BY RANGE (at);"
                    + "CREATE TABLE e1 PARTITION OF e FOR VALUES FROM (0) TO (10);"
                    + "CREATE TABLE e2 (id int, at int)");
            fleet.on(
                    0,
                    "INSERT INTO e SELECT g, g % 10 FROM generate_series(1, 100) g;"
                            + "INSERT INTO e2 SELECT g, 10 + g % 10 FROM generate_series(1, 100) g");
            call(plane, "distribute", "e", "id");
            call(plane, "distribute", "e2", "id", "colocate_with=>e");
            fleet.everywhere("ALTER TABLE e ATTACH PARTITION e2 FOR VALUES FROM (10) TO (20)");
            await(plane.refresh());
            assertThat(call(plane, "tables").rows()).hasSize(1);
            assertThat(placement(plane, "e2")).isInstanceOf(Placement.Sharded.class);
            assertThat(fleet.sum("SELECT count(*) FROM e")).isEqualTo(200);

            int away = (Integer.parseInt(String.valueOf(call(plane, "shard_of", "e", "1000")
                                    .rows()
                                    .getFirst()
                                    .getFirst()))
                            + 1)
                    % 3;
            call(plane, "pin", "e", "1000", Integer.toString(away));
            fleet.on(away, "INSERT INTO e VALUES (1000, 15)");

            fleet.everywhere("ALTER TABLE e DETACH PARTITION e1; ALTER TABLE e DETACH PARTITION e2");
            await(plane.refresh());
            assertThat(placement(plane, "e1")).isEqualTo(placement(plane, "e"));
            assertThat(placement(plane, "e2")).isEqualTo(placement(plane, "e"));
            assertThat(call(plane, "tables").rows()).hasSize(3);
        }
    }

    @Test
    void aCopyMadeByLikeIsShardedAsItsModel() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere("CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)");
            call(plane, "distribute", "a", "id");
            fleet.everywhere("CREATE TABLE b (LIKE a INCLUDING ALL); CREATE TABLE c (LIKE a)");
            await(plane.refresh());
            assertThat(placement(plane, "b")).isEqualTo(placement(plane, "a"));
            assertThat(placement(plane, "c")).isInstanceOf(Placement.Single.class);
            assertThat(fleet.onEach("SELECT nextval('b_id_seq')")).doesNotHaveDuplicates();
        }
    }

    @Test
    void renamedTablesAreFollowedAndDroppedOnesForgotten() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere("CREATE TABLE a (id int); CREATE TABLE r (id int); CREATE SCHEMA s");
            call(plane, "distribute", "a", "id");
            call(plane, "reference", "r");
            fleet.everywhere("ALTER TABLE a SET SCHEMA s; ALTER TABLE s.a RENAME TO b; DROP TABLE r");
            await(plane.refresh());
            assertThat(call(plane, "tables").rows())
                    .singleElement()
                    .satisfies(row -> assertThat(row).startsWith("s.b", "sharded", "id"));
            fleet.everywhere("DROP TABLE s.b; CREATE TABLE s.b (id int)");
            await(plane.refresh());
            assertThat(call(plane, "tables").rows()).isEmpty();
            assertThat(fleet.one(0, "SELECT count(*) FROM pando.colocation_group"))
                    .isEqualTo("0");
        }
    }

    @Test
    void theCatalogKnowsFunctionsAndAggregates() throws SQLException {
        try (TestFleet fleet = TestFleet.of(1);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere("CREATE FUNCTION touches() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1';"
                    + "CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0')");
            await(plane.refresh());
            assertThat(plane.catalog().code().varying()).contains("touches");
            assertThat(plane.catalog().aggregates()).containsExactly("total");
            assertThat(plane.catalog().byteOrderedDefault()).isTrue();
        }
    }

    @Test
    void rowsHiddenFromTheirOwnerAreNotForgotten() throws SQLException {
        try (TestFleet fleet = TestFleet.of(2);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere(
                    "CREATE TABLE t (id int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY");
            fleet.one(0, "INSERT INTO t VALUES (1) RETURNING id");
            refused(PandoError.TABLE_NOT_EMPTY, "public.t", () -> call(plane, "distribute", "t", "id"));
            refused(PandoError.TABLE_NOT_EMPTY, "public.t", () -> call(plane, "reference", "t"));
            fleet.one(0, "DELETE FROM t RETURNING id");
            call(plane, "distribute", "t", "id");
        }
    }

    @Test
    void expressionsOfTheOwnerNeverRunWithMoreRights() throws SQLException {
        try (TestFleet fleet = TestFleet.of(2);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere("CREATE TABLE seen (who text);"
                    + "CREATE FUNCTION spy(v int) RETURNS boolean LANGUAGE plpgsql VOLATILE AS"
                    + " $$ BEGIN INSERT INTO public.seen VALUES (current_user); RETURN true; END $$;"
                    + "CREATE TABLE t (id int CHECK (spy(id)))");
            fleet.on(0, "INSERT INTO t SELECT g FROM generate_series(1, 20) g");
            call(plane, "distribute", "t", "id");
            assertThat(fleet.onEach("SELECT count(*) FROM seen")).doesNotContain("0");
            assertThat(fleet.onEach("SELECT count(*) FROM seen WHERE who <> 'app'"))
                    .containsOnly("0");
        }
    }

    private record Wrong(PandoError error, String text, List<String> call) {
        static Wrong argument(String text, String... call) {
            return new Wrong(PandoError.DISTRIBUTE_ARGUMENT, text, List.of(call));
        }
    }

    private static final List<Wrong> WRONG = List.of(
            Wrong.argument("needs argument \"table\"", "distribute"),
            Wrong.argument("needs argument \"key\"", "distribute", "t"),
            Wrong.argument("at most 4 arguments", "distribute", "t", "id", "hash", "u", "more"),
            Wrong.argument("\"key\" twice", "distribute", "t", "id", "key=>id"),
            Wrong.argument("column \"nope\" of table \"public.t\" does not exist", "distribute", "t", "nope"),
            Wrong.argument("named twice", "distribute", "t", "id,id"),
            Wrong.argument("md5", "distribute", "t", "id", "function=>md5"),
            Wrong.argument("distribute_schema", "distribute", "t", "id", "function=>schema"),
            Wrong.argument("buckets", "distribute", "t", "id", "buckets=>1000"),
            Wrong.argument("bounds", "distribute", "t", "id", "function=>range"),
            Wrong.argument("does not exist", "distribute", "t", "id", "function=>list", "shard_0=>1", "default=>7"),
            Wrong.argument("leave function", "distribute", "t", "id", "colocate_with=>u", "function=>ring"),
            Wrong.argument("is not sharded", "distribute", "t", "id", "colocate_with=>plain"),
            Wrong.argument("cannot be co-located", "distribute", "t", "name", "colocate_with=>u"),
            Wrong.argument("not a boolean", "distribute", "t", "id", "unique_per_shard=>perhaps"),
            Wrong.argument("nondeterministic", "distribute", "odd", "k"),
            Wrong.argument("generated", "distribute", "odd", "twice"),
            Wrong.argument("PD6001", "distribute", "odd", "amount"),
            Wrong.argument("not a valid name", "distribute", "t;", "id"),
            Wrong.argument("not a table's name", "distribute", "a.b.c", "id"),
            Wrong.argument("has no argument \"key\"", "reference", "t", "key=>id"),
            Wrong.argument("at most 1 arguments", "reference", "t", "id"),
            Wrong.argument("is not declared", "undistribute", "t"),
            Wrong.argument("needs argument \"shard\"", "pin", "u", "1"),
            Wrong.argument("not a number", "pin", "u", "1", "one"),
            Wrong.argument("shard 9 does not exist", "pin", "u", "1", "9"),
            Wrong.argument("is not sharded", "pin", "t", "1", "1"),
            Wrong.argument("is not pinned", "unpin", "u", "1"),
            Wrong.argument("is not distributed", "undistribute_schema", "public"),
            Wrong.argument("cannot be a tenant's", "distribute_schema", "pg_x"),
            Wrong.argument("shard 5 does not exist", "distribute_schema", "x", "5"),
            Wrong.argument("has no argument", "version", "shard=>1"),
            new Wrong(PandoError.KEY_INVALID, "\"x\"", List.of("shard_of", "u", "x")),
            new Wrong(PandoError.KEY_INVALID, "\"x\"", List.of("pin", "u", "x", "1")),
            new Wrong(PandoError.ALREADY_DISTRIBUTED, "sharded", List.of("distribute", "u", "id")),
            new Wrong(PandoError.ALREADY_DISTRIBUTED, "sharded", List.of("reference", "u")),
            new Wrong(PandoError.NO_SUCH_TABLE, "nope", List.of("distribute", "nope", "id")),
            new Wrong(PandoError.NO_SUCH_TABLE, "nope", List.of("undistribute", "nope")),
            new Wrong(PandoError.NO_SUCH_FUNCTION, "distribut", List.of("distribut", "t", "id")));

    @Test
    void eachWrongCallHasItsOwnAnswer() throws SQLException {
        try (TestFleet fleet = TestFleet.of(2);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere("CREATE TABLE t (id int, name text); CREATE TABLE u (id int); CREATE TABLE plain (id int);"
                    + "CREATE COLLATION insensitive (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
                    + "CREATE TABLE odd (k text COLLATE insensitive, id int, amount numeric,"
                    + " twice int GENERATED ALWAYS AS (id * 2) STORED)");
            call(plane, "distribute", "u", "id");
            assertThat(WRONG).allSatisfy(wrong -> {
                List<String> arguments = wrong.call().subList(1, wrong.call().size());
                refused(
                        wrong.error(),
                        wrong.text(),
                        () -> call(plane, wrong.call().getFirst(), arguments.toArray(String[]::new)));
            });
            assertThat(call(plane, "tables").rows()).hasSize(1);
            assertThat(fleet.onEach("SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()"))
                    .containsOnly("0");
        }
    }

    @Test
    void tenantSchemasGoAndComeBack() throws SQLException {
        try (TestFleet fleet = TestFleet.of(2);
                ControlPlane plane = fleet.start()) {
            call(plane, "distribute_schema", "\"Acme Inc\"", "1");
            fleet.everywhere("CREATE TABLE \"Acme Inc\".t (id int)");
            await(plane.refresh());
            assertThatThrownBy(() -> fleet.on(0, "INSERT INTO \"Acme Inc\".t VALUES (1)"))
                    .hasMessageContaining("pando_shard");
            call(plane, "distribute_schema", "\"Acme Inc\"", "0");
            assertThatThrownBy(() -> fleet.on(1, "INSERT INTO \"Acme Inc\".t VALUES (1)"))
                    .hasMessageContaining("pando_shard");
            call(plane, "distribute_schema", "\"Acme Inc\"", "1");
            fleet.on(1, "INSERT INTO \"Acme Inc\".t VALUES (1)");
            refused(PandoError.TABLE_NOT_EMPTY, "Acme Inc", () -> call(plane, "undistribute_schema", "\"Acme Inc\""));
            fleet.on(1, "DELETE FROM \"Acme Inc\".t");
            call(plane, "undistribute_schema", "\"Acme Inc\"");
            fleet.on(0, "INSERT INTO \"Acme Inc\".t VALUES (1)");
            assertThat(fleet.one(0, "SELECT count(*) FROM pando.tenant_schema")).isEqualTo("0");
            refused(
                    PandoError.NOT_OWNER,
                    "Acme Inc",
                    () -> TestFleet.callAs("stranger", plane, "distribute_schema", "\"Acme Inc\"", "1"));
            assertThatThrownBy(() -> fleet.on(0, "INSERT INTO pando.tenant_schema VALUES ('x', 1)"))
                    .hasMessageContaining("permission denied");
        }
    }
}
