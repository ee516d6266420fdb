package dev.pando.bench;

import dev.pando.lab.FleetEvent;
import dev.pando.lab.FleetOptions;
import dev.pando.lab.FleetServer;
import dev.pando.lab.Login;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * Shards of real PostgreSQL servers in a temporary folder.
 *
 * @param app login and database of clients on the first shard
 * @param control a superuser there
 */
record FleetServers(Fleet fleet, PostgresUrl app, PostgresUrl control) {
    private static final String APP = "app";

    /** How many, and how set. */
    record Sizes(int shards, int replicas, Map<String, String> settings) {
        Sizes {
            settings = Map.copyOf(settings);
        }
    }

    /** Starts them; they and their files go when {@code cleanup} is closed. */
    static FleetServers open(Cleanup cleanup, Sizes sizes, Progress progress) throws IOException {
        Login app = new Login(APP, APP);
        FleetOptions options = FleetOptions.of(cleanup.folder("rwx--x--x"))
                .shards(sizes.shards())
                .replicas(sizes.replicas())
                .application(app, APP)
                .settings(sizes.settings())
                .listener(event -> {
                    if (event instanceof FleetEvent.Progress(int done, int total, String what)) {
                        progress.show("servers, " + done + " of " + total + ": " + what);
                    }
                });
        dev.pando.lab.Fleet servers = cleanup.add(dev.pando.lab.Fleet.open(options));
        Fleet fleet = new Fleet(servers.shards().stream()
                .map(shard -> new Fleet.Shard(
                        "shard-" + shard.number(),
                        server(shard.primary()),
                        shard.replicas().stream().map(FleetServers::server).toList()))
                .toList());
        Fleet.Server first = fleet.shards().getFirst().primary();
        Login control = servers.superuser();
        return new FleetServers(
                fleet,
                new PostgresUrl(app.user(), app.password(), first.host(), first.port(), APP),
                new PostgresUrl(control.user(), control.password(), first.host(), first.port(), APP));
    }

    private static Fleet.Server server(FleetServer server) {
        return new Fleet.Server(server.host(), server.port());
    }

    /** Makes one more database for clients on each of the first shards; answers these, with a login to it. */
    FleetServers database(String name, int shards) throws SQLException {
        Fleet part = new Fleet(fleet.shards().subList(0, shards));
        for (Fleet.Shard shard : part.shards()) {
            try (Connection connection = control.at(shard.primary().port()).connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name + " OWNER " + app.user());
            }
        }
        return new FleetServers(part, app.database(name), control.database(name));
    }
}
