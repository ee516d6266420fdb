package dev.pando.server.control;

import static dev.pando.server.control.TestFleet.await;
import static dev.pando.server.control.TestFleet.call;
import static dev.pando.server.control.TestFleet.callAs;
import static dev.pando.server.control.TestFleet.refused;
import static dev.pando.server.control.TestFleet.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.core.topology.Placement;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistributeTest {
    @Test
    void colocatedTablesRefuseMisplacedRowsAndShareAGroup() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere("CREATE TABLE users (id uuid PRIMARY KEY, name text);"
                    + "CREATE TABLE messages (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                    + " user_id uuid REFERENCES users, body text)");
            CallResult users = call(plane, "distribute", "users", "id");
            assertThat(users.notices()).singleElement().asString().contains("messages", "colocate_with");
            CallResult messages = call(plane, "distribute", "messages", "user_id", "colocate_with=>users");
            assertThat(messages.notices()).singleElement().asString().contains("messages_pkey", "\"id\"");

            Placement placement = java.util.Objects.requireNonNull(
                            plane.catalog().tables().get(table("messages")))
                    .placement();
            assertThat(placement).isInstanceOfSatisfying(Placement.Sharded.class, sharded -> {
                assertThat(sharded.group()).isEqualTo("public.users");
                assertThat(sharded.keyColumns()).containsExactly("user_id");
            });
            String id = "6d9a8b2e-0000-4000-8000-000000000001";
            int shard = Integer.parseInt(String.valueOf(
                    call(plane, "shard_of", "users", id).rows().getFirst().getFirst()));
            fleet.on(shard, "INSERT INTO users VALUES ('" + id + "', 'a')");
            int other = (shard + 1) % 3;
            assertThatThrownBy(() -> fleet.on(other, "INSERT INTO users VALUES ('" + id + "', 'a')"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("pando_shard");
        }
    }

    @Test
    void rowsOfHomeAreDealtOutAndSequencesGoOnDisjoint() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere(
                    "CREATE TABLE t (id serial PRIMARY KEY, v text, twice int GENERATED ALWAYS AS (id * 2) STORED)");
            fleet.on(0, "INSERT INTO t (v) SELECT 'v' || g FROM generate_series(1, 1000) g");
            CallResult result = call(plane, "distribute", "t", "id", "function=>ring");
            assertThat(result.rows().getFirst().getFirst()).contains("rows moved");

            assertThat(fleet.onEach("SELECT count(*) FROM t").stream()
                            .mapToLong(Long::parseLong)
                            .sum())
                    .isEqualTo(1000);
            assertThat(fleet.onEach("SELECT count(*) FROM t")).doesNotContain("0", "1000");
            assertThat(fleet.onEach("SELECT count(*) FROM t WHERE v <> 'v' || id OR twice <> id * 2"))
                    .containsOnly("0");
            assertThat(fleet.onEach("SELECT nextval('t_id_seq')")).containsExactlyInAnyOrder("1001", "1002", "1003");
            assertThat(fleet.onEach("SELECT nextval('t_id_seq')")).containsExactlyInAnyOrder("1004", "1005", "1006");
        }
    }

    @Test
    void referenceTableIsCopiedEverywhereAndTakenBack() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere("CREATE TABLE settings (k text PRIMARY KEY, v text)");
            fleet.on(0, "INSERT INTO settings VALUES ('a', '1'), ('b', '2')");
            call(plane, "reference", "settings");
            assertThat(fleet.onEach("SELECT count(*) FROM settings")).containsOnly("2");
            refused(PandoError.ALREADY_DISTRIBUTED, "reference", () -> call(plane, "distribute", "settings", "k"));

            call(plane, "undistribute", "settings");
            assertThat(fleet.onEach("SELECT count(*) FROM settings")).containsExactly("2", "0", "0");
            assertThat(plane.catalog().declared()).isEmpty();
        }
    }

    @Test
    void refusalsNameWhatIsWrongAndChangeNothing() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere("CREATE TABLE u (id int PRIMARY KEY, email text UNIQUE, n numeric);"
                    + "CREATE TABLE child (id int PRIMARY KEY, other int REFERENCES u);"
                    + "CREATE VIEW w AS SELECT * FROM u;"
                    + "CREATE TABLE parts (id int, at int) PARTITION BY RANGE (at);"
                    + "CREATE TABLE part1 PARTITION OF parts FOR VALUES FROM (0) TO (10);"
                    + "CREATE TABLE hidden (id int PRIMARY KEY); CREATE TABLE differs (id int PRIMARY KEY)");
            fleet.on(
                    1,
                    "ALTER TABLE differs ADD COLUMN more int; CREATE TABLE elsewhere (id int); INSERT INTO parts VALUES (1, 1)");
            fleet.on(0, "CREATE TABLE only_home (id int); CREATE TEMP TABLE hidden (id int)");
            refused(PandoError.UNIQUE_WITHOUT_KEY, "u_email_key", () -> call(plane, "distribute", "u", "id"));
            refused(
                    PandoError.DISTRIBUTE_ARGUMENT,
                    "numeric",
                    () -> call(plane, "distribute", "u", "n", "unique_per_shard=>true"));
            refused(PandoError.DISTRIBUTE_ARGUMENT, "nope", () -> call(plane, "distribute", "u", "nope"));
            refused(
                    PandoError.DISTRIBUTE_ARGUMENT,
                    "bukets",
                    () -> call(plane, "distribute", "parts", "id", "bukets=>8"));
            refused(PandoError.DISTRIBUTE_ARGUMENT, "a view", () -> call(plane, "distribute", "w", "id"));
            refused(PandoError.DISTRIBUTE_ARGUMENT, "partition", () -> call(plane, "distribute", "part1", "id"));
            refused(PandoError.FOREIGN_KEY_ACROSS, "child_other_fkey", () -> call(plane, "distribute", "child", "id"));
            refused(PandoError.SCHEMA_DIFFERS, "more", () -> call(plane, "distribute", "differs", "id"));
            refused(PandoError.NO_SUCH_TABLE, "only_home", () -> call(plane, "distribute", "only_home", "id"));
            refused(PandoError.NO_SUCH_TABLE, "missing", () -> call(plane, "distribute", "missing", "id"));
            refused(PandoError.TABLE_NOT_EMPTY, "parts", () -> call(plane, "distribute", "parts", "id"));
            refused(PandoError.DISTRIBUTE_ARGUMENT, "1 temporary", () -> call(plane, "distribute", "hidden", "id"));
            refused(PandoError.DISTRIBUTE_ARGUMENT, "1 temporary", () -> call(plane, "reference", "hidden"));
            refused(PandoError.NO_SUCH_FUNCTION, "explode", () -> call(plane, "explode"));
            refused(PandoError.DISTRIBUTE_ARGUMENT, "valid name", () -> call(plane, "reference", "u; DROP TABLE u"));
            assertThat(fleet.onEach("SELECT count(*) FROM pg_constraint WHERE conname = 'pando_shard'"))
                    .containsOnly("0");
            assertThat(fleet.one(0, "SELECT count(*) FROM pando.sharded_table")).isEqualTo("0");
        }
    }

    @Test
    void onlyTheOwnerMayAndMetadataIsOutOfReachOfTheApplication() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere("CREATE TABLE u (id int PRIMARY KEY)");
            refused(PandoError.NOT_OWNER, "stranger", () -> callAs("stranger", plane, "distribute", "u", "id"));
            callAs("postgres", plane, "distribute", "u", "id");
            assertThatThrownBy(() -> fleet.on(0, "DELETE FROM pando.sharded_table"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> fleet.on(0, "INSERT INTO pando.transaction_decision VALUES ('x', 'commit')"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> fleet.on(0, "CREATE TABLE pando.mine (a int)"))
                    .hasMessageContaining("permission denied");
            fleet.on(0, "SELECT * FROM pando.sharded_table");
        }
    }

    @Test
    void partitionedTableCompositeKeyAndQuotedNames() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere(
                    "CREATE SCHEMA \"My Schema\";"
                            + "CREATE TABLE \"My Schema\".\"Order's\" (\"Tenant\" text, \"No\" int, at int, PRIMARY KEY (\"Tenant\", \"No\", at))"
                            + " PARTITION BY RANGE (at);"
                            + "CREATE TABLE \"My Schema\".p1 PARTITION OF \"My Schema\".\"Order's\" FOR VALUES FROM (0) TO (10)");
            fleet.on(
                    0,
                    "INSERT INTO \"My Schema\".\"Order's\" SELECT 't' || g, g, g % 10 FROM generate_series(1, 90) g");
            call(plane, "distribute", "\"My Schema\".\"Order's\"", "{Tenant,No}", "buckets=>64");
            assertThat(fleet.onEach("SELECT count(*) FROM \"My Schema\".p1").stream()
                            .mapToLong(Long::parseLong)
                            .sum())
                    .isEqualTo(90);
            assertThat(call(plane, "tables").rows())
                    .singleElement()
                    .satisfies(row -> assertThat(row).startsWith("My Schema.Order's", "sharded", "Tenant, No", "hash"));
        }
    }

    @Test
    void pinWinsOverTheFunctionUnlessTheKeyHasRows() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere(
                    "CREATE TABLE u (id bigint PRIMARY KEY); CREATE TABLE m (uid int, n int, PRIMARY KEY (uid, n))");
            call(plane, "distribute", "u", "id");
            call(plane, "distribute", "m", "uid", "colocate_with=>u");
            int shard = shardOf(plane, "7");
            int other = (shard + 1) % 3;
            call(plane, "pin", "u", "7", Integer.toString(other));
            assertThat(shardOf(plane, "7")).isEqualTo(other);
            assertThatThrownBy(() -> fleet.on(shard, "INSERT INTO m VALUES (7, 1)"))
                    .hasMessageContaining("pando_shard");
            fleet.on(other, "INSERT INTO m VALUES (7, 1)");
            refused(PandoError.KEY_HAS_ROWS, "\"public.m\"", () -> call(plane, "unpin", "u", "7"));
            fleet.on(other, "DELETE FROM m");
            call(plane, "unpin", "u", "7");
            assertThat(shardOf(plane, "7")).isEqualTo(shard);
        }
    }

    private static int shardOf(ControlPlane plane, String key) {
        return Integer.parseInt(String.valueOf(
                call(plane, "shard_of", "u", key).rows().getFirst().getFirst()));
    }

    @Test
    void schemaPerTenant() throws SQLException {
        try (TestFleet fleet = TestFleet.of(3);
                ControlPlane plane = fleet.start()) {
            call(plane, "distribute_schema", "acme", "2");
            fleet.everywhere("CREATE TABLE acme.orders (id int)");
            await(plane.refresh());
            assertThat(java.util.Objects.requireNonNull(plane.catalog()
                                    .tables()
                                    .get(new dev.pando.core.topology.TableName("acme", "orders")))
                            .placement())
                    .isEqualTo(new Placement.Single(new dev.pando.core.topology.ShardId(2)));
            fleet.on(2, "INSERT INTO acme.orders VALUES (1)");
            refused(PandoError.TABLE_NOT_EMPTY, "acme.orders", () -> call(plane, "distribute_schema", "acme", "1"));
            refused(PandoError.DISTRIBUTE_ARGUMENT, "tenant", () -> call(plane, "reference", "acme.orders"));
        }
    }

    @Test
    void listsOfColumnsAndValues() {
        assertThat(CallArguments.list("a, B c ,\"d,\"\"e\"")).isEqualTo(List.of("a", "B c", "d,\"e"));
        assertThat(CallArguments.list("{a,\"b,\\\"c\"}")).isEqualTo(List.of("a", "b,\"c"));
    }
}
