package dev.pando.cli;

import dev.pando.core.config.PandoConfig;

/** The running endpoint as the commands see it. */
interface Endpoint extends AutoCloseable {
    int port();

    /** 0 when HTTP is switched off. */
    int httpPort();

    /** A short line of what goes on, for the live status. */
    String status();

    @Override
    void close();

    /** Begins to listen and answers once clients are served. */
    interface Start {
        Endpoint start(PandoConfig config);
    }
}
