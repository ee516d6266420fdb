package dev.pando.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.TableConfig;
import dev.pando.core.topology.Address;
import dev.pando.core.topology.Shard;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.TableName;
import dev.pando.core.topology.Topology;
import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** A database of its own on the three servers that all tests of the JVM share, with an application role {@code app} that owns its tables. */
final class TestFleet implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final List<TemporaryServer> servers;
    private final String database = "t" + NUMBER.incrementAndGet();
    private final FleetConnections connections;
    private final Map<String, Connection> kept = new HashMap<>();

    private static final List<TemporaryServer> SERVERS = new ArrayList<>();

    private static List<TemporaryServer> servers(int count) {
        synchronized (SERVERS) {
            while (SERVERS.size() < count) {
                SERVERS.add(TemporaryServer.start());
            }
            return List.copyOf(SERVERS.subList(0, count));
        }
    }

    private TestFleet(int shards, String options) throws SQLException {
        this.servers = servers(shards);
        List<Shard> topology = new ArrayList<>();
        for (TemporaryServer server : servers) {
            topology.add(new Shard(
                    new ShardId(topology.size()),
                    "shard" + topology.size(),
                    new Address(server.host(), server.port()),
                    List.of()));
            try (Connection connection = server.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        "DO $$ BEGIN CREATE ROLE app LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
                statement.execute("CREATE DATABASE " + database + " OWNER app" + options);
            }
        }
        Topology fleet = new Topology(topology);
        this.connections = new FleetConnections(() -> fleet, new FleetConnections.Login(database, "postgres", ""));
    }

    static TestFleet of(int shards) throws SQLException {
        return new TestFleet(shards, "");
    }

    /** With more options of CREATE DATABASE. */
    static TestFleet of(int shards, String options) throws SQLException {
        return new TestFleet(shards, options);
    }

    String database() {
        return database;
    }

    FleetConnections connections() {
        return connections;
    }

    ControlPlane start(TableConfig... tables) {
        return startNode("n1", tables);
    }

    ControlPlane startNode(String node, TableConfig... tables) {
        return ControlPlane.start(connections, options(node, tables));
    }

    static ControlPlane.Options options(String node, TableConfig... tables) {
        return new ControlPlane.Options(
                node, List.of(tables), Duration.ofSeconds(2), Duration.ofSeconds(30), InstantSource.system(), false);
    }

    /** Kept until the end, because thousands of connections would take longer than what they are for. */
    private Connection kept(int shard, String user) throws SQLException {
        synchronized (kept) {
            Connection connection = kept.get(user + shard);
            if (connection == null) {
                connection = connect(shard, user);
                kept.put(user + shard, connection);
            }
            return connection;
        }
    }

    Connection connect(int shard, String user) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + servers.get(shard).port() + "/" + database + "?user=" + user);
    }

    /** As {@code app}, on every shard. */
    void everywhere(String sql) throws SQLException {
        for (int shard = 0; shard < servers.size(); shard++) {
            on(shard, sql);
        }
    }

    void on(int shard, String sql) throws SQLException {
        try (Statement statement = kept(shard, "app").createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row. */
    @Nullable
    String one(int shard, String sql) throws SQLException {
        try (Statement statement = kept(shard, "postgres").createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? result.getString(1) : null;
        }
    }

    List<String> onEach(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int shard = 0; shard < servers.size(); shard++) {
            values.add(String.valueOf(one(shard, sql)));
        }
        return values;
    }

    /** Calls as {@code app}; arguments as {@code "value"} or {@code "name=>value"}. */
    static CallResult call(ControlPlane plane, String function, String... arguments) {
        return callAs("app", plane, function, arguments);
    }

    static CallResult callAs(String user, ControlPlane plane, String function, String... arguments) {
        List<NamedArgument> named = new ArrayList<>();
        for (String argument : arguments) {
            int arrow = argument.indexOf("=>");
            named.add(
                    arrow < 0
                            ? new NamedArgument(null, argument)
                            : new NamedArgument(argument.substring(0, arrow), argument.substring(arrow + 2)));
        }
        return await(plane.call(user, function, named));
    }

    static <T> T await(java.util.concurrent.CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PandoException cause) {
                throw cause;
            }
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** The call fails with this error, and its message tells this. */
    static void refused(PandoError error, String text, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.error()).isEqualTo(error))
                .hasMessageContaining(text);
    }

    /** As a long over all shards. */
    long sum(String sql) throws SQLException {
        return onEach(sql).stream().mapToLong(Long::parseLong).sum();
    }

    static TableName table(String name) {
        return new TableName("public", name);
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : kept.values()) {
            connection.close();
        }
        for (TemporaryServer server : servers) {
            try (Connection connection = server.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("DROP DATABASE " + database + " WITH (FORCE)");
            }
        }
    }
}
