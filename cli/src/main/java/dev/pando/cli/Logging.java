package dev.pando.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import dev.pando.core.config.LogFormat;
import dev.pando.core.config.LogLevel;
import dev.pando.core.config.PandoConfig;
import org.slf4j.LoggerFactory;

/** How much is logged, and what a line looks like; where to is standard error. */
final class Logging {
    private static final String APPENDER = "stderr";

    private Logging() {}

    /** From now on as the configuration says. */
    static void follow(PandoConfig config) {
        level(config.logLevel());
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
            Encoder<ILoggingEvent> encoder = encoder(config.logging().format());
            if (root.getAppender(APPENDER) instanceof BoundedLog running) {
                running.encoder(encoder);
            } else {
                root.detachAndStopAllAppenders();
                root.addAppender(appender(context, encoder));
            }
        }
    }

    static BoundedLog appender(LoggerContext context, Encoder<ILoggingEvent> encoder) {
        BoundedLog log = new BoundedLog(System.err, encoder);
        log.setName(APPENDER);
        log.setContext(context);
        log.start();
        return log;
    }

    private static Encoder<ILoggingEvent> encoder(LogFormat format) {
        return switch (format) {
            case TEXT -> new TextLines();
            case JSON -> new JsonLines();
        };
    }

    private static void level(LogLevel level) {
        if (LoggerFactory.getLogger("dev.pando") instanceof Logger logger) {
            logger.setLevel(
                    switch (level) {
                        case ERROR -> Level.ERROR;
                        case WARN -> Level.WARN;
                        case INFO -> Level.INFO;
                        case DEBUG -> Level.DEBUG;
                        case TRACE -> Level.TRACE;
                    });
        }
    }
}
