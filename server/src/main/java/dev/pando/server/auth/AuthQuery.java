package dev.pando.server.auth;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import dev.pando.core.config.DatabaseConfig;
import dev.pando.core.config.PandoConfig;
import dev.pando.core.topology.Shard;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Topology;
import dev.pando.server.control.FleetConnections;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/** The query for users over connections of its own, which are kept. Blocks; safe for use by several threads. */
final class AuthQuery implements SecretLookup.Source {
    private static final int ANSWER_MILLIS = 5_000;
    private static final int QUERY_MILLIS = 4_000;

    private final FleetConnections connections;
    private final String sql;
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    AuthQuery(FleetConnections connections, String query) {
        this.connections = connections;
        this.sql = withMarks(query);
    }

    /** At the server of the database that the configuration names for it. */
    static AuthQuery of(PandoConfig config, PandoConfig.Lookup lookup) {
        String name = lookup.database();
        boolean sharded = !config.shards().isEmpty() && (name == null || name.equals(config.database()));
        DatabaseConfig plain = sharded ? null : plain(config.databases(), name);
        Topology topology = config.topology();
        String database = name == null ? config.database() : name;
        if (plain != null) {
            Shard only = new Shard(ShardId.HOME, plain.name(), plain.servers().getFirst(), List.of());
            topology = new Topology(List.of(only));
            String dbname = plain.dbname();
            database = dbname != null ? dbname : name != null ? name : plain.name();
        }
        if (topology.shard(ShardId.HOME).primary().local()) {
            throw new PandoException(
                    PandoError.CONFIG_INVALID,
                    "auth.user: asked over TCP, but the server of database \"" + database
                            + "\" is a unix socket; name its address instead, or another database in auth.database");
        }
        var login = new FleetConnections.Login(
                database, lookup.user(), lookup.password().reveal());
        return new AuthQuery(FleetConnections.as(topology, login, config.serverTls()), lookup.query());
    }

    /** By its name, or the one for every name, or without a name the first. */
    private static @Nullable DatabaseConfig plain(List<DatabaseConfig> databases, @Nullable String name) {
        DatabaseConfig fallback = null;
        for (DatabaseConfig each : databases) {
            if (each.name().equals(name)) {
                return each;
            }
            if (fallback == null && (name == null || each.any())) {
                fallback = each;
            }
        }
        return fallback;
    }

    /** JDBC's own way to write parameters. */
    static String withMarks(String query) {
        byte[] text = query.getBytes(StandardCharsets.UTF_8);
        SqlLexer lexer = new SqlLexer();
        lexer.reset(text, 0, text.length);
        StringBuilder out = new StringBuilder();
        int copied = 0;
        for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
            out.append(new String(text, copied, lexer.start() - copied, StandardCharsets.UTF_8));
            String word = new String(text, lexer.start(), lexer.end() - lexer.start(), StandardCharsets.UTF_8);
            copied = lexer.end();
            out.append(
                    switch (token) {
                        case PARAMETER -> word.equals("$1") ? "?" : word;
                        case OPERATOR -> word.replace("?", "??");
                        default -> word;
                    });
        }
        return out.append(new String(text, copied, text.length - copied, StandardCharsets.UTF_8))
                .toString();
    }

    @Override
    public SecretLookup.@Nullable Row ask(String user) throws SQLException {
        Connection kept = idle.pollFirst();
        if (kept != null) {
            try {
                return ask(kept, user);
            } catch (SQLException e) {
                // It may have died since; a query that is wrong fails again on a new one.
                discard(kept);
            }
        }
        Connection made = connections.home();
        try {
            // A server that answers no more must not keep a place for ever.
            made.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
            try (Statement limit = made.createStatement()) {
                // A query that takes too long must not go on there when nobody waits for it any more.
                limit.execute("SET statement_timeout = " + QUERY_MILLIS);
            }
            return ask(made, user);
        } catch (SQLException e) {
            discard(made);
            throw e;
        }
    }

    private SecretLookup.@Nullable Row ask(Connection connection, String user) throws SQLException {
        SecretLookup.Row row = null;
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setObject(1, user, Types.OTHER);
            try (ResultSet answer = query.executeQuery()) {
                if (answer.next() && answer.getString(1) != null) {
                    row = new SecretLookup.Row(answer.getString(1), answer.getString(2));
                    if (answer.next()) {
                        throw new SQLException("it answers with more than one row");
                    }
                }
            }
        }
        idle.addFirst(connection);
        if (closed) {
            close();
        }
        return row;
    }

    private static void discard(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            SecretLookup.LOG.debug("closing a connection of auth.user: {}", e.toString());
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Connection each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
            discard(each);
        }
    }
}
