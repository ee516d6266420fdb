package dev.pando.acceptance;

import static dev.pando.acceptance.Jdbc.execute;
import static dev.pando.acceptance.Jdbc.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.PGobject;

/** What Java programs do with statements and rows through pgjdbc. */
class PgjdbcTest {
    private static final String[] FORMATS = {"binaryTransfer=false", "prepareThreshold=-1", "preferQueryMode=simple"};

    @BeforeAll
    static void createTables() throws SQLException {
        try (Connection connection = Shared.pando().connect()) {
            execute(
                    connection,
                    "CREATE TABLE jdbc_users (id bigint PRIMARY KEY, name text, n int NOT NULL DEFAULT 0)",
                    "SELECT pando.distribute('jdbc_users', 'id')",
                    "CREATE TABLE jdbc_orders (user_id bigint NOT NULL, id bigserial, item text, PRIMARY KEY (user_id, id))",
                    "SELECT pando.distribute('jdbc_orders', 'user_id', colocate_with => 'jdbc_users')",
                    "CREATE TABLE jdbc_things (id uuid PRIMARY KEY, tags text[], extra jsonb, at timestamptz, price numeric, raw bytea)",
                    "SELECT pando.distribute('jdbc_things', 'id')",
                    "CREATE TABLE jdbc_names (name text PRIMARY KEY, n int)",
                    "SELECT pando.distribute('jdbc_names', 'name')");
        }
    }

    @AfterAll
    static void dropTables() throws SQLException {
        try (Connection connection = Shared.pando().connect()) {
            execute(connection, "DROP TABLE jdbc_orders, jdbc_users, jdbc_things, jdbc_names");
        }
    }

    @Test
    void batchesReachEveryShard() throws SQLException {
        for (boolean autoCommit : new boolean[] {false, true}) {
            try (Connection connection = Shared.pando().connect()) {
                connection.setAutoCommit(autoCommit);
                assertThat(insertBatch(connection, 1, 200)).hasSize(200).containsOnly(1);
                commit(connection);
                assertThat(list(connection, "SELECT count(*) FROM jdbc_users")).containsExactly("200");
                try (PreparedStatement update =
                        connection.prepareStatement("UPDATE jdbc_users SET n = ? WHERE id = ?")) {
                    for (int id = 1; id <= 200; id++) {
                        update.setInt(1, id * 2);
                        update.setLong(2, id);
                        update.addBatch();
                    }
                    assertThat(update.executeBatch()).hasSize(200).containsOnly(1);
                }
                assertThat(list(connection, "SELECT count(*) FROM jdbc_users WHERE n = id * 2"))
                        .containsExactly("200");
                execute(connection, "DELETE FROM jdbc_users");
                commit(connection);
            }
        }
    }

    @Test
    void aRewrittenBatchReachesItsShard() throws SQLException {
        try (Connection connection = Shared.pando().connect("reWriteBatchedInserts=true");
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO jdbc_orders (user_id, item) VALUES (?, ?)")) {
            for (int i = 0; i < 100; i++) {
                insert.setLong(1, 7);
                insert.setString(2, "item " + i);
                insert.addBatch();
            }
            assertThat(insert.executeBatch()).hasSize(100).containsOnly(Statement.SUCCESS_NO_INFO);
            assertThat(list(connection, "DELETE FROM jdbc_orders RETURNING item"))
                    .hasSize(100);
        }
    }

    @Test
    void aBatchThatFailsOnOneShardLeavesNothingOnAny() throws SQLException {
        try (Connection connection = Shared.pando().connect()) {
            execute(connection, "INSERT INTO jdbc_users (id) VALUES (57)");
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> insertBatch(connection, 1, 100))
                    .isInstanceOfSatisfying(
                            BatchUpdateException.class,
                            e -> assertThat(e.getSQLState()).isEqualTo("23505"));
            connection.rollback();
            assertThat(list(connection, "SELECT id FROM jdbc_users")).containsExactly("57");
            execute(connection, "DELETE FROM jdbc_users");
            connection.commit();
        }
    }

    private static void commit(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
    }

    private static int[] insertBatch(Connection connection, int from, int count) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO jdbc_users (id, name) VALUES (?, ?)")) {
            for (int id = from; id < from + count; id++) {
                insert.setLong(1, id);
                insert.setString(2, "name " + id);
                insert.addBatch();
            }
            return insert.executeBatch();
        }
    }

    @Test
    void generatedKeysAreThoseOfTheRows() throws SQLException {
        try (Connection connection = Shared.pando().connect()) {
            String sql = "INSERT INTO jdbc_orders (user_id, item) VALUES (?, ?)";
            List<String> keys = new ArrayList<>();
            try (PreparedStatement one = connection.prepareStatement(sql, new String[] {"id"})) {
                one.setLong(1, 1);
                one.setString(2, "book");
                one.executeUpdate();
                keys.addAll(list(one.getGeneratedKeys()));
            }
            try (PreparedStatement several =
                    connection.prepareStatement(sql + ", (?, ?), (?, ?)", new String[] {"id"})) {
                for (int row = 0; row < 3; row++) {
                    several.setLong(2 * row + 1, 100 + row);
                    several.setString(2 * row + 2, "pen");
                }
                assertThat(several.executeUpdate()).isEqualTo(3);
                keys.addAll(list(several.getGeneratedKeys()));
            }
            try (PreparedStatement batch = connection.prepareStatement(sql, new String[] {"id"})) {
                for (int user = 1; user <= 30; user++) {
                    batch.setLong(1, user);
                    batch.setString(2, "ink");
                    batch.addBatch();
                }
                batch.executeBatch();
                keys.addAll(list(batch.getGeneratedKeys()));
            }
            assertThat(keys).hasSize(34).doesNotHaveDuplicates();
            assertThat(list(connection, "SELECT id FROM jdbc_orders")).containsExactlyInAnyOrderElementsOf(keys);
            assertThat(list(connection, "DELETE FROM jdbc_orders RETURNING id")).hasSameElementsAs(keys);
        }
    }

    @Test
    void oneShardAnswersUpToMaxRows() throws SQLException {
        try (Connection connection = Shared.pando().connect();
                Statement statement = connection.createStatement()) {
            execute(connection, "INSERT INTO jdbc_orders (user_id, item) SELECT 7, 'x' FROM generate_series(1, 20)");
            statement.setMaxRows(6);
            assertThat(list(statement.executeQuery("SELECT id FROM jdbc_orders WHERE user_id = 7 ORDER BY id")))
                    .hasSize(6);
            statement.setMaxRows(0);
            assertThat(list(statement.executeQuery("SELECT id FROM jdbc_orders WHERE user_id = 7")))
                    .hasSize(20);
            execute(connection, "DELETE FROM jdbc_orders");
        }
    }

    @Test
    void integerKeysMayComeAsAnyNumber() throws SQLException {
        for (String format : FORMATS) {
            try (Connection connection = Shared.pando().connect(format)) {
                insertBatch(connection, 1, 40);
                for (int id = 1; id <= 40; id++) {
                    for (Object key : List.of((short) id, id, (long) id, BigDecimal.valueOf(id), (double) id)) {
                        try (PreparedStatement select =
                                connection.prepareStatement("SELECT name FROM jdbc_users WHERE id = ?")) {
                            select.setObject(1, key);
                            assertThat(list(select.executeQuery()))
                                    .as("%s %s", format, key.getClass())
                                    .containsExactly("name " + id);
                        }
                    }
                }
                try (PreparedStatement select =
                        connection.prepareStatement("SELECT name FROM jdbc_users WHERE id = ANY (?) ORDER BY id")) {
                    Object[] ids = LongStream.rangeClosed(5, 9).boxed().toArray();
                    select.setArray(1, connection.createArrayOf("bigint", ids));
                    assertThat(list(select.executeQuery()))
                            .containsExactly("name 5", "name 6", "name 7", "name 8", "name 9");
                }
                execute(connection, "DELETE FROM jdbc_users");
            }
        }
    }

    @Test
    void textKeysMayHoldAnything() throws SQLException {
        List<String> names =
                List.of("", " ", "a", "A", "é", "e\u0301", "日本", "😀", "it's", "back\\slash", "$1", "%", "a\tb\n");
        for (String format : FORMATS) {
            try (Connection connection = Shared.pando().connect(format);
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO jdbc_names VALUES (?, ?)");
                    PreparedStatement select =
                            connection.prepareStatement("SELECT name, n FROM jdbc_names WHERE name = ?")) {
                for (int i = 0; i < names.size(); i++) {
                    insert.setString(1, names.get(i));
                    insert.setInt(2, i);
                    insert.executeUpdate();
                }
                for (String name : names) {
                    select.setString(1, name);
                    assertThat(list(select.executeQuery())).as(format).containsExactly(name);
                }
                execute(connection, "DELETE FROM jdbc_names");
            }
        }
    }

    @Test
    void valuesOfAllKindsComeBackAsTheyWere() throws SQLException {
        OffsetDateTime at = Instant.parse("2026-03-01T12:34:56.789012Z").atOffset(ZoneOffset.UTC);
        BigDecimal price = new BigDecimal("12345678901234567890.1234567890");
        byte[] raw = {0, 1, (byte) 0xff, '\\', '\''};
        for (String format : FORMATS) {
            try (Connection connection = Shared.pando().connect(format)) {
                List<UUID> ids = LongStream.range(0, 12)
                        .mapToObj(n -> new UUID(n * 0x9e3779b97f4a7c15L, n))
                        .toList();
                try (PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO jdbc_things VALUES (?, ?, ?, ?, ?, ?)")) {
                    for (UUID id : ids) {
                        insert.setObject(1, id);
                        insert.setArray(2, connection.createArrayOf("text", new String[] {"a", null, "{\"b\",}"}));
                        insert.setObject(3, json("{\"k\": [1, null]}"));
                        insert.setObject(4, at);
                        insert.setBigDecimal(5, price);
                        insert.setBytes(6, raw);
                        insert.executeUpdate();
                    }
                }
                for (String where : List.of("id = ?", "id = ANY (ARRAY[?]::uuid[])", "id IN (?)")) {
                    try (PreparedStatement select =
                            connection.prepareStatement("SELECT * FROM jdbc_things WHERE " + where)) {
                        for (UUID id : ids) {
                            select.setObject(1, id);
                            try (ResultSet row = select.executeQuery()) {
                                assertThat(row.next())
                                        .as("%s: %s", format, where)
                                        .isTrue();
                                assertThat(row.getObject(1)).isEqualTo(id);
                                assertThat((Object[]) row.getArray(2).getArray())
                                        .containsExactly("a", null, "{\"b\",}");
                                assertThat(row.getString(3)).isEqualTo("{\"k\": [1, null]}");
                                assertThat(row.getObject(4, OffsetDateTime.class))
                                        .isEqualTo(at);
                                assertThat(row.getBigDecimal(5)).isEqualTo(price);
                                assertThat(row.getBytes(6)).isEqualTo(raw);
                                assertThat(row.next()).isFalse();
                            }
                        }
                    }
                }
                assertThat(list(connection, "DELETE FROM jdbc_things WHERE at = '" + at + "' RETURNING id"))
                        .hasSize(ids.size());
            }
        }
    }

    private static PGobject json(String text) throws SQLException {
        PGobject json = new PGobject();
        json.setType("jsonb");
        json.setValue(text);
        return json;
    }

    @Test
    void copyManagerCopiesInAndOutAndGivesUp() throws SQLException, IOException {
        try (Connection connection = Shared.pando().connect()) {
            var copy = connection.unwrap(PGConnection.class).getCopyAPI();
            StringBuilder rows = new StringBuilder();
            for (int id = 1; id <= 3_000; id++) {
                rows.append(id).append("\tname ").append(id).append('\n');
            }
            String copyIn = "COPY jdbc_users (id, name) FROM STDIN";
            byte[] data = rows.toString().getBytes(StandardCharsets.UTF_8);
            CopyIn abandoned = copy.copyIn(copyIn);
            abandoned.writeToCopy(data, 0, data.length);
            abandoned.cancelCopy();
            assertThat(list(connection, "SELECT count(*) FROM jdbc_users")).containsExactly("0");
            assertThat(copy.copyIn(copyIn, new ByteArrayInputStream(data))).isEqualTo(3_000);
            StringWriter out = new StringWriter();
            assertThat(copy.copyOut("COPY jdbc_users (id, name) TO STDOUT", out))
                    .isEqualTo(3_000);
            assertThat(out.toString().lines())
                    .containsExactlyInAnyOrderElementsOf(rows.toString().lines().toList());
            assertThatThrownBy(() -> copy.copyIn(copyIn, new ByteArrayInputStream(data)))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));
            execute(connection, "DELETE FROM jdbc_users");
        }
    }

    @Test
    void theDriversMetadataDescribesTables() throws SQLException {
        try (Connection connection = Shared.pando().connect()) {
            DatabaseMetaData about = connection.getMetaData();
            assertThat(list(about.getTables(null, "public", "jdbc\\_%", new String[] {"TABLE"}), "TABLE_NAME"))
                    .containsExactlyInAnyOrder("jdbc_names", "jdbc_orders", "jdbc_things", "jdbc_users");
            assertThat(list(about.getColumns(null, "public", "jdbc_orders", null), "COLUMN_NAME"))
                    .containsExactly("user_id", "id", "item");
            assertThat(list(about.getColumns(null, "public", "jdbc_things", null), "TYPE_NAME"))
                    .containsExactly("uuid", "_text", "jsonb", "timestamptz", "numeric", "bytea");
            assertThat(list(about.getPrimaryKeys(null, "public", "jdbc_orders"), "COLUMN_NAME"))
                    .containsExactlyInAnyOrder("user_id", "id");
            assertThat(list(about.getIndexInfo(null, "public", "jdbc_users", true, false), "INDEX_NAME"))
                    .containsExactly("jdbc_users_pkey");
            assertThat(about.getDatabaseProductName().toLowerCase(Locale.ROOT)).isEqualTo("postgresql");
        }
    }

    @Test
    void preparedStatementsSurviveChangesOfTheSchema() throws SQLException {
        try (Connection connection = Shared.pando().connect("prepareThreshold=1");
                Connection other = Shared.pando().connect()) {
            insertBatch(connection, 1, 20);
            try (PreparedStatement one = connection.prepareStatement("SELECT name FROM jdbc_users WHERE id = ?");
                    PreparedStatement all =
                            connection.prepareStatement("SELECT count(*) FROM jdbc_users WHERE id > ?")) {
                for (String change : List.of(
                        "SELECT 1",
                        "ALTER TABLE jdbc_users ADD COLUMN extra int DEFAULT 5",
                        "CREATE INDEX jdbc_users_name ON jdbc_users (name)",
                        "ALTER TABLE jdbc_users DROP COLUMN extra",
                        "DROP INDEX jdbc_users_name")) {
                    execute(other, change);
                    for (int round = 0; round < 3; round++) {
                        one.setLong(1, 3);
                        assertThat(list(one.executeQuery())).as(change).containsExactly("name 3");
                        all.setLong(1, 5);
                        assertThat(list(all.executeQuery())).as(change).containsExactly("15");
                    }
                }
            }
            execute(connection, "DELETE FROM jdbc_users");
        }
    }
}
