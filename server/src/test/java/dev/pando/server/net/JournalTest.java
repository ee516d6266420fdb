package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What stands in the log, and what must not. */
class JournalTest {
    @Test
    void loginsDeparturesErrorsAndStatisticsAreLoggedAndNothingOfStatements() throws Exception {
        String settings = "log_connections = true\nlog_disconnections = true\nlog_stats = true\nstats_period = \"1s\"\n"
                + "[listen]\nport = 0\n[pool]\nsize = 2";
        try (Heard heard = new Heard();
                Running pando = Running.before(1, settings)) {
            try (WireClient client = new WireClient(pando.port()).login()) {
                assertThat(heard.fields("client logged in"))
                        .containsEntry("user", "app")
                        .containsEntry("database", "app")
                        .containsKeys("client", "address", "application", "tls");
                client.query("SELECT 'geheim-1'");
                client.received();
                client.query("SELECT 'geheim-2'::int");
                assertThatThrownBy(client::received).isInstanceOf(IOException.class);
                client.query("SET client_encoding TO 'geheim-3'");
                assertThatThrownBy(client::received).isInstanceOf(IOException.class);
                assertThat(heard.fields("client was told an error"))
                        .containsEntry("code", "PD3009")
                        .containsEntry("error", "setting … to … is not possible through Pando: …");
            }
            assertThat(heard.fields("client left"))
                    .containsEntry("reason", "connection lost")
                    .containsEntry("queries", 3L)
                    .containsEntry("transactions", 3L);
            assertThatThrownBy(() -> new WireClient(pando.port()).login("app", "geheim"))
                    .isInstanceOf(IOException.class);
            assertThat(heard.fields("statistics"))
                    .containsEntry("database", "app")
                    .containsKey("statements");
            assertThat(heard.fields("server connection opened")).containsEntry("user", "app");
            assertThat(heard.all()).doesNotContain("geheim-").doesNotContain("SELECT");
        }
    }
}
