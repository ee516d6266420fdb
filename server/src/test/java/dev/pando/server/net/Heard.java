package dev.pando.server.net;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** Everything Pando logs, at the lowest level. */
final class Heard extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(30);

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

    long count(String message) {
        return events.stream()
                .filter(event -> event.getMessage().equals(message))
                .count();
    }

    String all() {
        return events.stream()
                .map(event -> event.getFormattedMessage()
                        + event.getKeyValuePairs()
                        + ThrowableProxyUtil.asString(event.getThrowableProxy()))
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(before);
    }
}
