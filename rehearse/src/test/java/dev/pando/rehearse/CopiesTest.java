package dev.pando.rehearse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoException;
import dev.pando.lab.Major;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopiesTest {
    @TempDir
    Path folder;

    private Copy restored(String dump) throws IOException, SQLException, InterruptedException {
        Path file = Files.writeString(folder.resolve("dump.sql"), dump);
        return Copies.of(Major.newest().number(), 1, Duration.ofMinutes(1), List.of(), file);
    }

    private static String one(Copy copy, String query) throws SQLException {
        try (Connection connection = copy.plain();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void aDumpInAnotherEncodingSaysWhereAndWhatToDo() throws IOException {
        Path file = Files.write(
                folder.resolve("dump.sql"),
                "CREATE TABLE t (a text);\nCOMMENT ON TABLE t IS 'grün';".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> Copies.of(Major.newest().number(), 1, Duration.ofMinutes(1), List.of(), file))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining(
                        file + ": line 2, byte 50 is not UTF-8; convert it, as with iconv -f LATIN1 -t UTF-8,"
                                + " or dump with --encoding=UTF8 (PD8302)");
    }

    @Test
    void whatDoesNotEndEndsTheRunInOneLine() throws IOException {
        Path file = Files.writeString(folder.resolve("dump.sql"), """
                CREATE TABLE t (a text);
                DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(600); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$;
                """);

        assertThatThrownBy(() -> Copies.of(Major.newest().number(), 1, Duration.ofSeconds(4), List.of(), file))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("DO $$ BEGIN LOOP")
                .hasMessageContaining("it ran for more than 4 s and did not let itself be cancelled (PD8009)");
    }

    @Test
    void aDumpMayNameItsEncodingWhereThatSaysNothing() throws Exception {
        try (Copy copy = restored("""
                SET client_encoding = 'LATIN1';
                SELECT pg_catalog.set_config('search_path', '', false);
                SET DateStyle = 'German';
                CREATE TABLE public.t AS SELECT 'grün' AS a;
                """)) {
            assertThat(copy.notes()).isEmpty();
            assertThat(one(copy, "SELECT length(a) FROM public.t")).isEqualTo("4");
        }
    }

    @Test
    void aDumpGetsTheRolesRightsAndExtensionsItNamesAndWhatTakesASuperuserIsTold() throws Exception {
        try (Copy copy = restored("""
                CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public;
                CREATE SCHEMA shop;
                ALTER SCHEMA shop OWNER TO shop;
                CREATE TABLE shop.orders (id bigint);
                ALTER TABLE shop.orders OWNER TO app;
                GRANT SELECT ON TABLE shop.orders TO reader;
                GRANT SELECT ON TABLE shop.orders TO pg_read_server_files;
                GRANT SELECT ON TABLE shop.orders TO writer;
                """)) {
            assertThat(copy.notes())
                    .singleElement()
                    .asString()
                    .endsWith("GRANT SELECT ON TABLE shop.orders TO pg_read_server_files failed:"
                            + " role \"pg_read_server_files\" does not exist");
            assertThat(one(copy, "SELECT tableowner FROM pg_tables WHERE tablename = 'orders'"))
                    .isEqualTo("app");
            assertThat(one(copy, "SELECT has_table_privilege('writer', 'shop.orders', 'SELECT')"))
                    .isEqualTo("t");
            assertThat(one(copy, "SELECT count(*) FROM pg_extension WHERE extname = 'pg_stat_statements'"))
                    .isEqualTo("1");
        }
    }
}
