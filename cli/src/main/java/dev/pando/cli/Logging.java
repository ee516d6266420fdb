package dev.pando.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.pando.core.config.LogLevel;
import org.slf4j.LoggerFactory;

/** Sets how much is logged; where to is in logback.xml. */
final class Logging {
    private Logging() {}

    static void level(LogLevel level) {
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
