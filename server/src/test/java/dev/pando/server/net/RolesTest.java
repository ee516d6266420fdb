package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A role that is dropped, or renamed, while the pool has connections of it. */
class RolesTest {
    private static final String MAKE =
            "CREATE ROLE passing LOGIN PASSWORD 'passing'; GRANT SELECT ON guarded TO passing";
    private static final String AGAIN = "DROP OWNED BY passing; DROP ROLE passing; " + MAKE;

    private static Running plain(TemporaryServer server, String mode) {
        return Running.plain("""
                [[databases]]
                name = "app"
                pool_mode = "%s"
                servers = ["127.0.0.1:%d"]
                [[users]]
                name = "postgres"
                password = "postgres"
                [[users]]
                name = "passing"
                password = "passing"
                """.formatted(mode, server.port()));
    }

    private static TemporaryServer server() throws SQLException {
        TemporaryServer server = Running.servers(1).getFirst();
        try (Connection direct = server.connect("app")) {
            Sql.run(direct, "DROP TABLE IF EXISTS guarded; CREATE TABLE guarded AS SELECT 1 AS a");
            Sql.run(direct, "DROP ROLE IF EXISTS passing, renamed; " + MAKE);
        }
        return server;
    }

    @AfterEach
    void clear() throws SQLException {
        try (Connection direct = Running.servers(1).getFirst().connect("app")) {
            Sql.run(direct, "DROP TABLE IF EXISTS guarded; DROP ROLE IF EXISTS passing, renamed");
        }
    }

    @Test
    void oneMadeAgainThroughPandoIsNoticedAtOnce() throws SQLException {
        TemporaryServer server = server();
        for (String mode : new String[] {"transaction", "session"}) {
            try (Running pando = plain(server, mode)) {
                try (Connection admin = pando.to("app", "postgres")) {
                    for (String sql : new String[] {AGAIN, "BEGIN; " + AGAIN + "; COMMIT"}) {
                        try (Connection passing = pando.to("app", "passing")) {
                            assertThat(Sql.value(passing, "SELECT a FROM guarded"))
                                    .isEqualTo("1");
                        }
                        Sql.run(admin, sql);
                        try (Connection passing = pando.to("app", "passing")) {
                            assertThat(Sql.value(passing, "SELECT a FROM guarded"))
                                    .isEqualTo("1");
                            assertThat(Sql.value(passing, "SELECT current_user"))
                                    .isEqualTo("passing");
                        }
                    }
                }
            }
        }
    }

    @Test
    void oneMadeAgainByAPreparedTransactionIsNoticedWhoeverCommitsIt() throws SQLException {
        TemporaryServer server = server();
        try (Running pando = plain(server, "transaction");
                Connection admin = pando.to("app", "postgres");
                Connection another = pando.to("app", "postgres");
                Connection passing = pando.to("app", "passing")) {
            assertThat(Sql.value(passing, "SELECT a FROM guarded")).isEqualTo("1");
            Sql.run(admin, "BEGIN; " + AGAIN + "; PREPARE TRANSACTION 'again'");
            // Keeps the server connection that prepared it from the one who commits.
            Sql.run(admin, "BEGIN");
            Sql.run(another, "COMMIT PREPARED 'again'");
            assertThat(Sql.value(passing, "SELECT a FROM guarded")).isEqualTo("1");
            Sql.run(admin, "COMMIT");
        }
    }

    @Test
    void oneMadeAgainPastPandoFailsOnce() throws SQLException {
        TemporaryServer server = server();
        try (Running pando = plain(server, "transaction");
                Connection direct = server.connect("app");
                Connection one = pando.to("app", "passing");
                Connection two = pando.to("app", "passing")) {
            one.setAutoCommit(false);
            assertThat(Sql.value(one, "SELECT a FROM guarded")).isEqualTo("1");
            assertThat(Sql.value(two, "SELECT a FROM guarded")).isEqualTo("1");
            one.commit();
            one.setAutoCommit(true);
            Sql.run(direct, AGAIN);
            assertThatThrownBy(() -> Sql.value(one, "SELECT a FROM guarded")).hasMessageContaining("permission denied");
            // Each connection that was there may tell of it once, until the first of them has been asked.
            for (Connection each : List.of(one, two)) {
                await().ignoreExceptionsInstanceOf(SQLException.class)
                        .until(() -> "1".equals(Sql.value(each, "SELECT a FROM guarded")));
            }
            for (int i = 0; i < 3; i++) {
                assertThat(Sql.value(one, "SELECT a FROM guarded")).isEqualTo("1");
                assertThat(Sql.value(two, "SELECT a FROM guarded")).isEqualTo("1");
            }
        }
    }

    @Test
    void aConnectionIsNotKeptForTheOldNameOfARole() throws SQLException {
        TemporaryServer server = server();
        try (Running pando = plain(server, "transaction");
                Connection admin = pando.to("app", "postgres");
                Connection passing = pando.to("app", "passing")) {
            assertThat(Sql.value(passing, "SELECT session_user")).isEqualTo("passing");
            Sql.run(admin, "ALTER ROLE passing RENAME TO renamed");
            Sql.run(admin, "CREATE ROLE passing LOGIN PASSWORD 'passing'");
            assertThat(Sql.value(passing, "SELECT session_user")).isEqualTo("passing");
        }
    }

    @Test
    void oneRenamedPastPandoIsNoticedSoon() throws SQLException {
        TemporaryServer server = server();
        try (Running pando = plain(server, "transaction");
                Connection direct = server.connect("app");
                Connection passing = pando.to("app", "passing")) {
            assertThat(Sql.value(passing, "SELECT session_user")).isEqualTo("passing");
            Sql.run(direct, "ALTER ROLE passing RENAME TO renamed; CREATE ROLE passing LOGIN PASSWORD 'passing'");
            await().atMost(Roles.INTERVAL.multipliedBy(3))
                    .until(() -> "passing".equals(Sql.value(passing, "SELECT session_user")));
        }
    }

    @Test
    void anErrorOfRightsCostsNoConnection() throws SQLException {
        TemporaryServer server = server();
        try (Running pando = plain(server, "transaction");
                Connection direct = server.connect("app");
                Connection passing = pando.to("app", "passing")) {
            String before = Sql.value(passing, "SELECT pg_backend_pid()");
            assertThatThrownBy(() -> Sql.run(passing, "DELETE FROM guarded")).hasMessageContaining("permission denied");
            // The pool may have another one by now, and give that.
            assertThat(Sql.value(passing, "SELECT 1")).isEqualTo("1");
            assertThat(Sql.value(direct, "SELECT count(*) FROM pg_stat_activity WHERE pid = " + before))
                    .isEqualTo("1");
        }
    }
}
