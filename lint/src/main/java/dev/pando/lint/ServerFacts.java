package dev.pando.lint;

import dev.pando.base.sql.Quote;
import dev.pando.grammar.Node;
import dev.pando.lab.TemporaryServer;
import dev.pando.lab.oracle.LockOracle;
import dev.pando.lab.oracle.Observation;
import dev.pando.lab.oracle.Outcome;
import dev.pando.lint.read.Statement;
import dev.pando.lint.recipe.Catalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Facts measured in a database of a server that can be thrown away. Belongs to one thread. */
final class ServerFacts implements Facts {
    private static final AtomicInteger FORKS = new AtomicInteger();
    private static final String NO_SUCH_ROLE = "42704";

    private final TemporaryServer server;
    private final String database;
    private final boolean copy;
    /** What the migration has set for its session; a new connection gets it again. */
    private final List<String> settings = new ArrayList<>();

    private LockOracle oracle;

    ServerFacts(TemporaryServer server, String database) throws SQLException {
        this(server, database, false, List.of());
    }

    private ServerFacts(TemporaryServer server, String database, boolean copy, List<String> settings)
            throws SQLException {
        this.server = server;
        this.database = database;
        this.copy = copy;
        this.oracle = LockOracle.open(server, database);
        for (String setting : settings) {
            set(setting);
        }
    }

    @Override
    public Observation observe(Statement statement, Node node) throws SQLException {
        Observation seen = oracle.observe(statement.sql());
        return endsTransactions(seen, node) ? oracle.observe(withoutCommits(statement)) : seen;
    }

    @Override
    public Observation apply(Statement statement, Node node) throws SQLException {
        Observation seen = oracle.apply(statement.sql());
        return endsTransactions(seen, node) ? oracle.apply(withoutCommits(statement)) : seen;
    }

    private static boolean endsTransactions(Observation seen, Node node) {
        return seen.outcome() instanceof Outcome.Unknown && node.is("DoStmt");
    }

    /** As if it were one transaction: what it locks is then held longer, and nothing less is seen. */
    private static String withoutCommits(Statement statement) {
        return statement.sql().replaceAll("(?i)\\bcommit\\s*;", "NULL;");
    }

    /** Runs a SET in the session, so that later statements find their names. */
    void set(String sql) throws SQLException {
        execute(oracle.session(), sql);
        settings.add(sql);
    }

    @Override
    public Facts fork() throws SQLException {
        String name = "pando_lint_" + FORKS.incrementAndGet();
        // A database can be copied while nobody is connected to it.
        oracle.close();
        try (Connection admin = server.connect("postgres")) {
            execute(
                    admin,
                    "CREATE DATABASE " + Quote.identifier(name) + " TEMPLATE " + Quote.identifier(database)
                            + " STRATEGY wal_log");
        } finally {
            oracle = LockOracle.open(server, database);
            for (String setting : settings) {
                execute(oracle.session(), setting);
            }
        }
        return new ServerFacts(server, name, true, settings);
    }

    @Override
    public Catalog catalog() {
        return new Catalog(oracle.session());
    }

    @Override
    public void close() throws SQLException {
        oracle.close();
        if (copy) {
            try (Connection admin = server.connect("postgres")) {
                execute(admin, "DROP DATABASE " + Quote.identifier(database) + " WITH (FORCE)");
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
