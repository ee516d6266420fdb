package dev.pando.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TemporaryServerTest {
    @Test
    void servesSqlWithTheSettingsPromised() throws SQLException {
        try (TemporaryServer server = TemporaryServer.start(Map.of("work_mem", "7MB"));
                Connection connection = server.connect()) {
            assertThat(one(connection, "SHOW server_version")).startsWith("18.");
            assertThat(one(connection, "SHOW work_mem")).isEqualTo("7MB");
            assertThat(one(connection, "SHOW max_prepared_transactions")).isEqualTo("50");
            assertThat(one(connection, "SHOW server_encoding")).isEqualTo("UTF8");
            assertThat(one(
                            connection,
                            "SELECT datlocprovider::text || ' ' || datlocale || ' ' || current_user"
                                    + " FROM pg_database WHERE datname = current_database()"))
                    .isEqualTo("b C.UTF-8 postgres");
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyMajorStartsAndSaysItsVersion(Major major) throws SQLException {
        try (TemporaryServer server = TemporaryServer.start(major, Map.of());
                Connection connection = server.connect()) {
            assertThat(one(connection, "SHOW server_version")).isEqualTo(major.version());
            assertThat(one(connection, "SELECT current_setting('server_version_num')::int / 10000"))
                    .isEqualTo(Integer.toString(major.number()));
            assertThat(one(connection, "SHOW server_encoding")).isEqualTo("UTF8");
            assertThat(one(connection, "SELECT 'B' < 'a'")).isEqualTo("t");
            assertThat(server.major()).isEqualTo(major);
        }
    }

    @Test
    void aMajorThatIsNotPackagedIsNotThere() {
        assertThat(Major.of(17)).contains(Major.POSTGRES_17);
        assertThat(Major.of(19)).isEmpty();
    }

    @Test
    void twoServersAreApartAndOtherDatabasesCanBeReached() throws SQLException {
        try (TemporaryServer first = TemporaryServer.start();
                TemporaryServer second = TemporaryServer.start();
                Connection connection = first.connect()) {
            one(connection, "SELECT 1");
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE other");
            }
            try (Connection other = first.connect("other")) {
                assertThat(one(other, "SELECT current_database()")).isEqualTo("other");
            }
            assertThat(first.port()).isNotEqualTo(second.port());
            assertThatThrownBy(() -> second.connect("other")).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void nobodyListensAfterClose() {
        TemporaryServer server = TemporaryServer.start();
        server.close();
        assertThat(Ports.isFree(server.port())).isTrue();
        assertThatThrownBy(server::connect).isInstanceOf(SQLException.class);
    }

    @Test
    void aSettingThatTheServerRefusesIsToldInItsOwnWords() {
        assertThatThrownBy(() -> TemporaryServer.start(Map.of("shared_buffers", "much")))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("shared_buffers");
    }

    static String one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
