package dev.pando.lab.oracle;

import dev.pando.base.sql.Quote;
import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** A temporary server with what the statements of the corpus meet, a database for each topic. Belongs to one thread. */
public final class CorpusServer implements AutoCloseable {
    private static final String SCHEMA = "corpus";

    private final Major major;
    private final TemporaryServer server;
    private int databases;

    private CorpusServer(Major major) {
        this.major = major;
        this.server = TemporaryServer.start(major, Map.of("autovacuum", "off", "allow_in_place_tablespaces", "on"));
    }

    public static CorpusServer start(Major major) throws SQLException {
        var started = new CorpusServer(major);
        try {
            started.admin("CREATE TABLESPACE other_space LOCATION ''", "CREATE DATABASE " + SCHEMA);
            started.fill(SCHEMA, List.of(Corpus.schema()));
            return started;
        } catch (SQLException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    public TemporaryServer server() {
        return server;
    }

    /** Makes a database with the tables of a topic and answers its name. */
    public String database(String topic) throws SQLException {
        String name = topic.replace('-', '_');
        copy(SCHEMA, name);
        fill(name, Corpus.topic(topic).setup(major));
        return name;
    }

    /** Makes a copy of a database that nobody is connected to, and answers its name. */
    public String copyOf(String database) throws SQLException {
        String name = "copy_" + ++databases;
        copy(database, name);
        return name;
    }

    private void copy(String from, String to) throws SQLException {
        admin("CREATE DATABASE " + Quote.identifier(to) + " TEMPLATE " + Quote.identifier(from) + " STRATEGY wal_log");
    }

    public void drop(String database) throws SQLException {
        admin("DROP DATABASE " + Quote.identifier(database) + " WITH (FORCE)");
    }

    private void admin(String... statements) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private void fill(String database, List<String> scripts) throws SQLException {
        try (Connection connection = server.connect(database, "preferQueryMode=simple");
                Statement statement = connection.createStatement()) {
            for (String script : scripts) {
                statement.execute(script);
            }
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
