package dev.pando.acceptance;

import static dev.pando.acceptance.Jdbc.execute;
import static dev.pando.acceptance.Jdbc.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** PREPARE, EXECUTE and DEALLOCATE of SQL over sharded tables, in both protocols. */
class PreparedSqlTest {
    private static final int IDS = 9;
    private static final List<String> MODES = List.of("preferQueryMode=simple", "preferQueryMode=extended");

    @BeforeAll
    static void createTable() throws SQLException {
        try (Connection connection = Shared.pando().connect()) {
            execute(
                    connection,
                    "CREATE TABLE kept (id int PRIMARY KEY, v text, n numeric)",
                    "SELECT pando.distribute('kept', 'id')",
                    "PREPARE fill (int, text) AS INSERT INTO kept VALUES ($1, $2, 1)");
            for (int id = 1; id <= IDS; id++) {
                execute(connection, "EXECUTE fill (" + id + ", 'it''s " + id + "')");
            }
        }
    }

    @AfterAll
    static void dropTable() throws SQLException {
        try (Connection connection = Shared.pando().connect()) {
            execute(connection, "DROP TABLE kept");
        }
    }

    @Test
    void executeGoesWhereItsValuesSay() throws SQLException {
        for (String mode : MODES) {
            try (Connection connection = Shared.pando().connect(mode)) {
                execute(connection, "PREPARE one (int) AS SELECT v FROM kept WHERE id = $1;");
                for (int id = 1; id <= IDS; id++) {
                    assertThat(list(connection, "EXECUTE one(" + id + ")")).containsExactly("it's " + id);
                    assertThat(list(connection, "EXECUTE one (1 + " + (id - 1) + ")"))
                            .containsExactly("it's " + id);
                }
                assertThat(list(connection, "EXECUTE one(NULL)")).isEmpty();
                assertThat(list(connection, "EXPLAIN EXECUTE one(3)").getFirst())
                        .contains("kept");
                execute(connection, "DEALLOCATE one");
                assertThatThrownBy(() -> list(connection, "EXECUTE one(1)")).hasMessageContaining("does not exist");
            }
        }
    }

    @Test
    void ofSeveralShardsItIsMerged() throws SQLException {
        for (String mode : MODES) {
            try (Connection connection = Shared.pando().connect(mode)) {
                execute(
                        connection,
                        "PREPARE most AS SELECT id FROM kept WHERE id <= $1 ORDER BY id DESC LIMIT $2",
                        "PREPARE total (numeric) AS SELECT sum(n * $1) FROM kept");
                assertThat(list(connection, "EXECUTE most(7, 3)")).containsExactly("7", "6", "5");
                assertThat(list(connection, "EXECUTE total(2.5)")).containsExactly("22.5");
                execute(connection, "PREPARE more (int) AS UPDATE kept SET n = n + $1");
                connection.setAutoCommit(false);
                execute(connection, "EXECUTE more(1)");
                assertThat(list(connection, "EXECUTE total(1)")).containsExactly("18");
                connection.rollback();
                assertThat(list(connection, "EXECUTE total(1)")).containsExactly("9");
            }
        }
    }

    @Test
    void aRowLimitHolds() throws SQLException {
        try (Connection connection = Shared.pando().connect()) {
            execute(connection, "PREPARE numbers AS SELECT id FROM kept ORDER BY id");
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement("EXECUTE numbers")) {
                statement.setFetchSize(2);
                try (ResultSet rows = statement.executeQuery()) {
                    for (int id = 1; id <= IDS; id++) {
                        assertThat(rows.next()).isTrue();
                        assertThat(rows.getInt(1)).isEqualTo(id);
                    }
                    assertThat(rows.next()).isFalse();
                }
            }
        }
    }

    @Test
    void errorsAreThoseOfPostgres() throws SQLException {
        for (String mode : MODES) {
            try (Connection connection = Shared.pando().connect(mode)) {
                execute(connection, "PREPARE one (int) AS SELECT v FROM kept WHERE id = $1");
                assertThatThrownBy(() -> execute(connection, "PREPARE one AS SELECT 1"))
                        .hasMessageContaining("already exists");
                assertThatThrownBy(() -> execute(connection, "EXECUTE one"))
                        .hasMessageContaining("wrong number of parameters");
                assertThatThrownBy(() -> execute(connection, "EXECUTE one('x')"))
                        .hasMessageContaining("invalid input syntax for type integer");
                assertThatThrownBy(() -> execute(connection, "PREPARE two AS SELECT nope FROM kept"))
                        .hasMessageContaining("nope")
                        .hasMessageContaining("Position: 23");
                assertThatThrownBy(() -> execute(connection, "PREPARE two (nosuch) AS SELECT $1"))
                        .hasMessageContaining("nosuch");
            }
        }
    }

    @Test
    void anotherSessionHasItsOwn() throws SQLException {
        try (Connection connection = Shared.pando().connect();
                Connection other = Shared.pando().connect()) {
            execute(connection, "PREPARE mine AS SELECT 1 AS x");
            execute(other, "PREPARE mine AS SELECT 2 AS x");
            assertThat(list(connection, "EXECUTE mine")).containsExactly("1");
            assertThat(list(other, "EXECUTE mine")).containsExactly("2");
        }
    }

    @Test
    void columnsThatHaveChangedAreAnErrorAsOnPostgres() throws SQLException {
        try (Connection connection = Shared.pando().connect();
                Connection other = Shared.pando().connect()) {
            execute(connection, "CREATE TABLE grows (id int)", "PREPARE grown AS SELECT * FROM grows");
            assertThat(list(connection, "EXECUTE grown")).isEmpty();
            execute(other, "ALTER TABLE grows ADD COLUMN more int");
            assertThatThrownBy(() -> list(connection, "EXECUTE grown"))
                    .hasMessageContaining("cached plan must not change result type");
            execute(other, "DROP TABLE grows");
        }
    }

    @Test
    void tablesAreMadeFromIt() throws SQLException {
        try (Connection connection = Shared.pando().connect()) {
            execute(
                    connection,
                    "PREPARE numbers (int) AS SELECT i FROM generate_series(1, $1) i;",
                    "CREATE TABLE made_by_execute AS EXECUTE numbers(4) WITH NO DATA");
            assertThat(list(connection, "SELECT count(*) FROM made_by_execute")).containsExactly("0");
            execute(connection, "DROP TABLE made_by_execute");
        }
    }
}
