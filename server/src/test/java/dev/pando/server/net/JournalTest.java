package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What stands in the log, and what must not. */
class JournalTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Everything Pando logs, at the lowest level. */
    private static final class Heard extends AppenderBase<ILoggingEvent> implements AutoCloseable {
        private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
        private final Logger logger = (Logger) LoggerFactory.getLogger("dev.pando");
        private final Level before = logger.getEffectiveLevel();

        Heard() {
            logger.setLevel(Level.TRACE);
            logger.addAppender(this);
            start();
        }

        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }

        Map<String, Object> fields(String message) {
            await().atMost(LONG)
                    .until(() ->
                            events.stream().anyMatch(event -> event.getMessage().equals(message)));
            return events.stream()
                    .filter(event -> event.getMessage().equals(message))
                    .reduce((first, second) -> second)
                    .orElseThrow()
                    .getKeyValuePairs()
                    .stream()
                    .collect(Collectors.toMap(pair -> pair.key, (KeyValuePair pair) -> pair.value));
        }

        String all() {
            return events.stream()
                    .map(event -> event.getFormattedMessage() + event.getKeyValuePairs())
                    .collect(Collectors.joining("\n"));
        }

        @Override
        public void close() {
            logger.detachAppender(this);
            logger.setLevel(before);
        }
    }

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
