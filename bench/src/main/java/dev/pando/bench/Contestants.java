package dev.pando.bench;

import dev.pando.bench.Contestant.Kind;
import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** Starts those compared; all of it goes when {@code cleanup} is closed. */
final class Contestants {
    /** For the connections that look into the server, beside those of the proxies and the direct ones. */
    private static final int SPARE_CONNECTIONS = 20;

    private static final String ROLE = "bench";

    private final Cleanup cleanup;
    private final ProxySizes sizes;

    Contestants(Cleanup cleanup, ProxySizes sizes) {
        this.cleanup = cleanup;
        this.sizes = sizes;
    }

    /** A PostgreSQL of its own, with room for everybody's connections at once. */
    PostgresUrl server() throws SQLException {
        int connections = 3 * sizes.connections() + SPARE_CONNECTIONS;
        TemporaryServer server = cleanup.add(TemporaryServer.start(
                Map.of("max_connections", Integer.toString(connections), "shared_buffers", "512MB")));
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + ROLE + " LOGIN PASSWORD '" + ROLE + "'");
            statement.execute("CREATE DATABASE " + ROLE + " OWNER " + ROLE);
        }
        return new PostgresUrl(ROLE, ROLE, server.host(), server.port(), ROLE);
    }

    Contestant direct(PostgresUrl server) {
        return new Contestant(Kind.DIRECT, server, null, true, null);
    }

    Contestant pgBouncer(PgBouncer program, PostgresUrl server) throws IOException, InterruptedException {
        return contestant(Kind.PGBOUNCER, new Proxies(cleanup).pgBouncer(program, server, sizes));
    }

    Contestant pando(PostgresUrl server) throws IOException, InterruptedException {
        PandoServe serve = PandoServe.plain(server, sizes, PandoServe.Mode.TRANSACTION);
        return contestant(Kind.PANDO, new Proxies(cleanup).pando(serve, server));
    }

    private static Contestant contestant(Kind kind, Proxies.Started started) {
        return new Contestant(kind, started.url(), started.process(), started.prepares(), started.startUp());
    }
}
