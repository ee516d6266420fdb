package dev.pando.bench;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One of those compared.
 *
 * @param process the proxy's; null for the server itself
 * @param prepares whether named prepared statements work
 * @param startUps null for the server itself
 */
record Contestant(
        Kind kind,
        PostgresUrl url,
        @Nullable ProxyProcess process,
        boolean prepares,
        @Nullable StartUps startUps) {
    enum Kind {
        DIRECT("direct"),
        PGBOUNCER("PgBouncer"),
        PANDO("Pando");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /** Whether it is measured there. A server without a proxy has no place for more clients than connections. */
    boolean takes(Point point, int connections) {
        return (prepares || point.protocol() != Protocol.PREPARED)
                && (process != null || point.clients() <= connections);
    }

    OptionalLong residentKilobytes() {
        return process == null ? OptionalLong.empty() : process.residentKilobytes();
    }
}
