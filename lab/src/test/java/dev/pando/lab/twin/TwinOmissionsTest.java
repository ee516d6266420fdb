package dev.pando.lab.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoException;
import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a twin has not is told by its name, and the rights of pg_monitor suffice to read a target. */
class TwinOmissionsTest {
    private static TemporaryServer server;

    @BeforeAll
    static void start() throws SQLException, IOException {
        server = Targets.start(Major.newest(), "incomplete");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void whatCannotBeMadeIsTold() throws SQLException {
        Snapshot read = read("postgres");
        List<SchemaObject> schema = new ArrayList<>(read.schema());
        schema.addFirst(new SchemaObject(ObjectKind.EXTENSION, "postgis", "CREATE EXTENSION postgis"));
        schema.add(new SchemaObject(ObjectKind.TABLE, "public.shop", "CREATE TABLE public.shop (place geometry)"));
        schema.add(new SchemaObject(ObjectKind.INDEX, "public.shop_i", "CREATE INDEX ON public.shop (place)"));

        try (Twin twin = Twin.ofSchema(Changed.schema(read, schema), step -> {})) {
            assertThat(twin.omissions())
                    .extracting(omission -> omission.kind() + " " + omission.name())
                    .containsExactlyInAnyOrder(
                            "event trigger guard",
                            "publication everything",
                            "foreign server elsewhere",
                            "foreign table public.far",
                            "shell operator public.<~>(integer,integer)",
                            "operator public.|>|(integer,integer)",
                            "extension postgis",
                            "extension postgres_fdw",
                            "table public.shop",
                            "index public.shop_i");
            assertThat(twin.omissions())
                    .anySatisfy(omission ->
                            assertThat(omission.reason()).contains("extension \"postgis\" is not available"))
                    .anySatisfy(omission -> assertThat(omission.reason())
                            .isEqualTo("only a superuser may make it, and it may reach out of the twin's server"));
            try (Connection connection = twin.connect()) {
                assertThat(Sql.one(connection, "SELECT count(*) FROM public.plain"))
                        .isEqualTo("0");
            }
        }
    }

    @Test
    void theRightsOfMonitorSufficeAndHiddenStatisticsAreTold() throws SQLException {
        Snapshot seen = read("watcher");
        Snapshot all = read("postgres");

        assertThat(seen.schema()).isEqualTo(all.schema());
        assertThat(seen.relations()).isEqualTo(all.relations());
        assertThat(seen.columns()).isEmpty();
        assertThat(all.columns()).extracting(Snapshot.Column::name).containsExactly("a", "b");
        assertThat(seen.omissions())
                .contains(new Omission(
                        "statistics",
                        "public.plain",
                        "2 columns hidden from watcher; GRANT pg_read_all_data TO watcher shows them"));
    }

    @Test
    void aSettingOfTheTargetIsTheTwins() throws SQLException {
        try (Twin twin = Twin.ofSchema(read("postgres"), step -> {});
                Connection connection = twin.connect()) {
            assertThat(Sql.one(connection, "SHOW random_page_cost")).isEqualTo("1.25");
            assertThat(Sql.one(connection, "SHOW search_path")).isEqualTo("\"$user\", public, \"Other One\"");
        }
    }

    @Test
    void anOldServerIsRefused() {
        assertThatThrownBy(() -> SnapshotReader.requireKnown(14, "14.2"))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("PostgreSQL 14.2 has no twin");
    }

    private static Snapshot read(String user) throws SQLException {
        String url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/incomplete?user=" + user;
        try (Connection connection = DriverManager.getConnection(url)) {
            return SnapshotReader.read(connection);
        }
    }
}
