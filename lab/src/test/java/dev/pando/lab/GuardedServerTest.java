package dev.pando.lab;

import static dev.pando.lab.TemporaryServerTest.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SQL of others stays inside a guarded server. */
class GuardedServerTest {
    @ParameterizedTest
    @EnumSource
    void theOwnerOfItsDatabasesHasNoWayOut(Major major, @TempDir Path folder) throws SQLException, IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path proof = folder.resolve("proof");
        try (TemporaryServer server = TemporaryServer.startGuarded(major, Map.of());
                Connection owner = server.connect()) {
            assertThat(one(owner, "SELECT current_user || ' ' || rolsuper FROM pg_roles WHERE rolname = current_user"))
                    .isEqualTo("postgres false");
            for (String outward : List.of(
                    "COPY (SELECT 1) TO PROGRAM 'touch " + proof + "'",
                    "COPY (SELECT 1) TO '" + proof + "'",
                    "DO $$ BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch " + proof + "'''; END $$",
                    "SELECT lo_export(lo_from_bytea(0, 'x'), '" + proof + "')",
                    "SELECT lo_import('/etc/passwd')",
                    "SELECT pg_read_file('/etc/passwd')",
                    "SELECT pg_ls_dir('/')",
                    "CREATE EXTENSION dblink",
                    "CREATE EXTENSION file_fdw",
                    "CREATE EXTENSION postgres_fdw",
                    "CREATE FUNCTION f(cstring) RETURNS int LANGUAGE c AS '$libdir/dblink', 'dblink_exec'",
                    "CREATE FUNCTION f() RETURNS void LANGUAGE internal AS 'pg_reload_conf'",
                    "LOAD 'dblink'",
                    "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p WITH (connect = false)",
                    "ALTER SYSTEM SET archive_command = 'touch " + proof + "'",
                    "SELECT pg_create_logical_replication_slot('s', 'pgoutput')",
                    "ALTER ROLE postgres SUPERUSER",
                    "CREATE ROLE more SUPERUSER",
                    "CREATE ROLE more IN ROLE pg_execute_server_program",
                    "GRANT pg_write_server_files TO postgres",
                    "GRANT pando_superuser TO postgres",
                    "ALTER ROLE pando_superuser PASSWORD 'x'",
                    "SET ROLE pando_superuser",
                    "SET SESSION AUTHORIZATION pando_superuser",
                    "UPDATE pg_authid SET rolsuper = true",
                    "SET dynamic_library_path = '/tmp'",
                    "SET session_preload_libraries = 'dblink'")) {
                assertThatThrownBy(() -> execute(owner, outward)).as(outward).isInstanceOf(SQLException.class);
            }
            assertThat(proof).doesNotExist();
        }
    }

    @ParameterizedTest
    @EnumSource
    void ordinaryWorkIsDone(Major major) throws SQLException {
        try (TemporaryServer server = TemporaryServer.startGuarded(major, Map.of());
                Connection owner = server.connect()) {
            for (String ordinary : List.of(
                    "CREATE ROLE app LOGIN PASSWORD 'x'; GRANT app TO CURRENT_USER; CREATE SCHEMA AUTHORIZATION app",
                    "GRANT pg_monitor, pg_read_all_data TO app",
                    "CREATE EXTENSION pg_trgm; COMMENT ON EXTENSION pg_trgm IS 'trigrams'",
                    "COMMENT ON EXTENSION plpgsql IS 'language'",
                    "SET session_replication_role = replica",
                    "ALTER DATABASE postgres SET work_mem = '8MB'")) {
                execute(owner, ordinary);
            }
            execute(owner, "CREATE DATABASE other TEMPLATE postgres");
        }
    }

    @Test
    void nobodyLogsInWithoutAPassword() throws SQLException {
        try (TemporaryServer server = TemporaryServer.startGuarded(Major.newest(), Map.of())) {
            String url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=";
            for (String role : List.of("postgres", "pando_superuser", "pando_superuser&password=x")) {
                assertThatThrownBy(() -> DriverManager.getConnection(url + role).close())
                        .as(role)
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("password");
            }
            String password = server.url("postgres").replaceAll(".*:(\\w{64})@.*", "$1");
            try (Connection connection = DriverManager.getConnection(url + "postgres&password=" + password)) {
                assertThat(one(connection, "SELECT session_user")).isEqualTo("postgres");
            }
        }
    }

    @Test
    void whatARoleDoesToItselfIsMended() throws SQLException {
        // From 16 on a role with CREATEROLE may only change its password.
        try (TemporaryServer server = TemporaryServer.startGuarded(Major.POSTGRES_15, Map.of())) {
            for (String change :
                    List.of("PASSWORD 'mine'", "NOLOGIN", "CONNECTION LIMIT 0", "VALID UNTIL 'yesterday'")) {
                try (Connection owner = server.connect()) {
                    execute(owner, "ALTER ROLE postgres " + change);
                }
                try (Connection owner = server.connect()) {
                    assertThat(one(owner, "SELECT rolcanlogin FROM pg_roles WHERE rolname = current_user"))
                            .as(change)
                            .isEqualTo("t");
                }
            }
        }
    }

    @Test
    void theSuperusersNamesAreItsOwn() throws SQLException {
        try (TemporaryServer server = TemporaryServer.startGuarded(Major.newest(), Map.of())) {
            try (Connection owner = server.connect()) {
                execute(owner, "CREATE FUNCTION public.upper(text) RETURNS text LANGUAGE sql RETURN 'planted'");
                execute(owner, "ALTER DATABASE postgres SET search_path = public, pg_catalog");
                execute(owner, "ALTER DATABASE postgres SET standard_conforming_strings = off");
            }
            try (Connection owner = server.connect();
                    Connection superuser = server.superuser("postgres")) {
                assertThat(one(owner, "SELECT upper('a'::text)")).isEqualTo("planted");
                assertThat(one(superuser, "SELECT upper('a'::text)")).isEqualTo("A");
                assertThat(one(superuser, "SELECT length('\\')")).isEqualTo("1");
                assertThat(one(superuser, "SELECT session_user")).isEqualTo("pando_superuser");
            }
        }
    }

    @Test
    void theServerKnowsNothingOfThisProcessesEnvironment() throws SQLException, IOException {
        assertThat(System.getenv()).hasSizeGreaterThan(2);
        try (TemporaryServer server = TemporaryServer.start();
                Connection superuser = server.superuser("postgres")) {
            execute(superuser, "CREATE TEMP TABLE environment (line text)");
            execute(superuser, "COPY environment FROM PROGRAM 'env'");
            String names = one(
                    superuser,
                    "SELECT string_agg(split_part(line, '=', 1), ' ') FROM environment WHERE line !~ '^(PATH|TZ|LD_LIBRARY_PATH|LC_\\w+|PG\\w+|PWD|SHLVL|OLDPWD|_)='");
            assertThat(names).isNull();
            if (Files.exists(Path.of("/proc/self/status")) && Files.exists(Path.of("/usr/bin/setpriv"))) {
                execute(
                        superuser,
                        "TRUNCATE environment; COPY environment FROM PROGRAM 'grep NoNewPrivs /proc/self/status | tr -d ''\\t'''");
                assertThat(one(superuser, "SELECT line FROM environment")).isEqualTo("NoNewPrivs:1");
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
