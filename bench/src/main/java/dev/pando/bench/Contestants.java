package dev.pando.bench;

import dev.pando.bench.Contestant.Kind;
import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts those compared; all of it goes when {@code cleanup} is closed. */
final class Contestants {
    /** For the connections that look into the server, beside those of the proxies and the direct ones. */
    private static final int SPARE_CONNECTIONS = 20;

    private static final String ROLE = "bench";

    private final Cleanup cleanup;
    private final ProxySizes sizes;
    private final int starts;

    /** @param starts of each proxy; the last one stays */
    Contestants(Cleanup cleanup, ProxySizes sizes, int starts) {
        this.cleanup = cleanup;
        this.sizes = sizes;
        this.starts = starts;
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
        return contestant(Kind.PGBOUNCER, proxies -> proxies.pgBouncer(program, server, sizes));
    }

    Contestant pando(PostgresUrl server) throws IOException, InterruptedException {
        PandoServe serve = PandoServe.plain(server, sizes, PandoServe.Mode.TRANSACTION);
        return contestant(Kind.PANDO, proxies -> proxies.pando(serve, server));
    }

    private interface Start {
        Proxies.Started with(Proxies proxies) throws IOException, InterruptedException;
    }

    private Contestant contestant(Kind kind, Start start) throws IOException, InterruptedException {
        List<StartUps.StartUp> startUps = new ArrayList<>();
        while (startUps.size() < starts - 1) {
            try (Cleanup passing = new Cleanup()) {
                startUps.add(start.with(new Proxies(passing)).startUp());
            }
        }
        Proxies.Started lasting = start.with(new Proxies(cleanup));
        startUps.add(lasting.startUp());
        return new Contestant(kind, lasting.url(), lasting.process(), lasting.prepares(), new StartUps(startUps));
    }
}
