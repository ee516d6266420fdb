package dev.pando.cli;

import dev.pando.base.error.PandoException;
import dev.pando.core.config.LiveConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SIGHUP reads the configuration again, as the admin command RELOAD does; what came of it stands in the log. */
final class Reloading {
    private static final Logger LOG = LoggerFactory.getLogger(Reloading.class);

    private Reloading() {}

    /** From now on, until the process ends. */
    static void begin(LiveConfig live) {
        live.follow(next -> () -> Logging.follow(next));
        Signals.on("HUP", () -> Thread.ofVirtual().name("pando-reload").start(() -> reload(live)));
    }

    private static void reload(LiveConfig live) {
        try {
            LiveConfig.Reload done = live.reload();
            LOG.info("configuration read again; changed: {}", done.changed());
            if (!done.atNextStart().isEmpty()) {
                LOG.warn("these take effect at the next start: {}", done.atNextStart());
            }
        } catch (PandoException e) {
            LOG.error("configuration not changed: {}", e.getMessage());
        }
    }
}
