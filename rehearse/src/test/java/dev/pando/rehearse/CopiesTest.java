package dev.pando.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import java.io.IOException;
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
