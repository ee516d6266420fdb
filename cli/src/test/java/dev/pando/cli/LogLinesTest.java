package dev.pando.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogLinesTest {
    private static final Instant NOON = Instant.parse("2026-05-01T12:00:00.250Z");

    private static LoggingEvent event(String message, Object... fields) {
        LoggingEvent event = new LoggingEvent();
        event.setLoggerContext(new LoggerContext());
        event.setLoggerName("dev.pando.server.net.Journal");
        event.setThreadName("pando-loop-1");
        event.setInstant(NOON);
        event.setLevel(Level.INFO);
        event.setMessage(message);
        for (int i = 0; i < fields.length; i += 2) {
            event.addKeyValuePair(new KeyValuePair(String.valueOf(fields[i]), fields[i + 1]));
        }
        return event;
    }

    private static String json(ILoggingEvent event) {
        return new String(new JsonLines().encode(event), StandardCharsets.UTF_8);
    }

    private static String text(ILoggingEvent event) {
        return new String(new TextLines().encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void jsonHasOneObjectPerLineWithItsFields() {
        assertThat(json(event("client logged in", "client", 7, "user", "app", "tls", true)))
                .isEqualTo("{\"time\":\"2026-05-01T12:00:00.250Z\",\"level\":\"INFO\","
                        + "\"logger\":\"dev.pando.server.net.Journal\",\"thread\":\"pando-loop-1\","
                        + "\"message\":\"client logged in\",\"client\":7,\"user\":\"app\",\"tls\":true}\n");
    }

    @Test
    void textHasFieldsBehindTheMessage() {
        assertThat(text(event("client logged in", "client", 7, "application", "psql \"x\"", "tls", "")))
                .endsWith(" INFO  Journal: client logged in client=7 application=\"psql \\\"x\\\"\" tls=\"\"\n");
    }

    @Test
    void whatAClientSaysStaysWithinItsLine() {
        String evil = "a\nb\r\u001b[31m\u2028\u0000\ud800";
        assertThat(text(event("client logged in", "user", evil))).matches("[^\\n\\r\\x1b\\u2028\\x00]*\\n");
        assertThat(json(event(evil, "user", evil)))
                .matches("[^\\n\\r\\x1b\\x00]*\\n")
                .contains("\\ud800");
    }

    @Test
    void anExceptionIsAFieldOfItsOwn() {
        LoggingEvent event = event("bug");
        event.setThrowableProxy(new ch.qos.logback.classic.spi.ThrowableProxy(new IllegalStateException("two\nlines")));
        assertThat(json(event))
                .contains("\"exception\":\"java.lang.IllegalStateException: two\\nlines\\n")
                .endsWith("}\n");
        assertThat(json(event).chars().filter(c -> c == '\n').count()).isEqualTo(1);
    }

    @Test
    void aFloodIsCutAndCounted() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BoundedLog log = new BoundedLog(out, new TextLines());
        log.start();
        for (int i = 0; i < 1_000; i++) {
            log.doAppend(event("client refused", "client", i, "code", "PD1004"));
        }
        log.doAppend(event("client refused", "client", 1, "code", "PD2001"));
        LoggingEvent later = event("client logged in");
        later.setInstant(NOON.plus(FloodGate.PERIOD));
        log.doAppend(later);
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(FloodGate.LINES_PER_PERIOD + 3);
        assertThat(lines.get(FloodGate.LINES_PER_PERIOD)).as("another kind").contains("PD2001");
        assertThat(lines.get(FloodGate.LINES_PER_PERIOD + 1))
                .contains("990 lines left out that were like: dev.pando.server.net.Journal: client refused PD1004");
        assertThat(lines.getLast()).contains("client logged in");
    }

    @Test
    void theGateRemembersABoundedNumberOfKinds() {
        FloodGate gate = new FloodGate();
        for (int i = 0; i < 100_000; i++) {
            assertThat(gate.opens("kind " + i, 0)).isTrue();
        }
        for (int i = 0; i < 50; i++) {
            assertThat(gate.opens("flood", 0)).isEqualTo(i < FloodGate.LINES_PER_PERIOD);
        }
        assertThat(gate.due(FloodGate.PERIOD.toMillis()))
                .containsEntry("flood", 40)
                .hasSize(1);
        assertThat(gate.due(10 * FloodGate.PERIOD.toMillis())).isEmpty();
        assertThat(gate.opens("flood", FloodGate.PERIOD.toMillis())).isTrue();
    }
}
