package dev.pando.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** Writes events to a stream, not too many of one kind: see {@link FloodGate}. The encoder may be exchanged while it runs. */
final class BoundedLog extends AppenderBase<ILoggingEvent> {
    private final OutputStream out;
    private final FloodGate gate = new FloodGate();
    private volatile Encoder<ILoggingEvent> encoder;

    BoundedLog(OutputStream out, Encoder<ILoggingEvent> encoder) {
        this.out = out;
        this.encoder = encoder;
    }

    void encoder(Encoder<ILoggingEvent> next) {
        encoder = next;
    }

    /** Called by one thread at a time. */
    @Override
    protected void append(ILoggingEvent event) {
        long now = event.getTimeStamp();
        gate.due(now).forEach((kind, count) -> write(leftOut(kind, count, event)));
        if (gate.opens(kind(event), now)) {
            write(event);
        }
    }

    /** The pattern without its values, and of fields those that tell lines of one pattern apart. */
    private static String kind(ILoggingEvent event) {
        StringBuilder kind =
                new StringBuilder(event.getLoggerName()).append(": ").append(event.getMessage());
        List<KeyValuePair> fields = event.getKeyValuePairs();
        if (fields != null) {
            fields.stream()
                    .filter(pair -> pair.key.equals("code") || pair.key.equals("statement"))
                    .forEach(pair -> kind.append(' ').append(pair.value));
        }
        return kind.toString();
    }

    private static ILoggingEvent leftOut(String kind, int count, ILoggingEvent after) {
        LoggingEvent told = new LoggingEvent();
        told.setLoggerContext((LoggerContext) LoggerFactory.getILoggerFactory());
        told.setLoggerName(BoundedLog.class.getName());
        told.setThreadName(after.getThreadName());
        told.setInstant(after.getInstant());
        told.setLevel(Level.WARN);
        told.setMessage("{} lines left out that were like: {}");
        told.setArgumentArray(new Object[] {count, kind});
        return told;
    }

    private void write(ILoggingEvent event) {
        try {
            out.write(encoder.encode(event));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
