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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Facts measured in a database of a server that can be thrown away. Belongs to one thread. */
final class Facts implements AutoCloseable {
    private static final AtomicInteger FORKS = new AtomicInteger();
    private static final int MOST_ATTEMPTS = 100;

    private final TemporaryServer server;
    private final Rights rights;
    private final String database;
    private final boolean copy;
    /** What the migration has set for its session, by setting; a new connection gets it again. */
    private final Map<String, String> settings = new LinkedHashMap<>();

    private LockOracle oracle;

    Facts(TemporaryServer server, String database) throws SQLException {
        this(server, database, false, Map.of());
    }

    private Facts(TemporaryServer server, String database, boolean copy, Map<String, String> settings)
            throws SQLException {
        this.server = server;
        this.rights = new Rights(server);
        this.database = database;
        this.copy = copy;
        this.oracle = LockOracle.open(server, database);
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            set(setting.getKey(), setting.getValue());
        }
    }

    /** What the statement does on the schema as it is; the schema stays as it is. */
    Observation observe(Statement statement, Node node) throws SQLException {
        Observation seen = withRights(() -> oracle.observe(statement.sql()), node, false);
        return Rights.judged(endsTransactions(seen, node) ? oracle.observe(withoutCommits(statement)) : seen);
    }

    /** What the statement does; the schema is as it left it. */
    Observation apply(Statement statement, Node node) throws SQLException {
        Observation seen = withRights(() -> oracle.apply(statement.sql()), node, true);
        return Rights.judged(endsTransactions(seen, node) ? oracle.apply(withoutCommits(statement)) : seen);
    }

    /** Runs a statement of what came before, which nobody asks about. */
    void run(String sql, Node node) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                // Each time: the statement before may have set another one.
                execute(oracle.session(), "SET statement_timeout = " + LockOracle.LIMIT.toMillis());
                execute(oracle.session(), sql);
                return;
            } catch (SQLException e) {
                if (attempt == MOST_ATTEMPTS
                        || !rights.given(
                                oracle.session(), String.valueOf(e.getSQLState()), String.valueOf(e.getMessage()))) {
                    Observation made = rights.extension(oracle.session(), node, true);
                    if (made == null || !made.observed()) {
                        throw e;
                    }
                    return;
                }
            }
        }
    }

    private interface Attempt {
        Observation run() throws SQLException;
    }

    private Observation withRights(Attempt attempt, Node node, boolean keep) throws SQLException {
        Observation seen = attempt.run();
        for (int i = 1; i < MOST_ATTEMPTS && seen.outcome() instanceof Outcome.Failed failed; i++) {
            if (!rights.given(oracle.session(), failed.sqlState(), failed.message())) {
                Observation made = Rights.refused(failed) ? rights.extension(oracle.session(), node, keep) : null;
                return made == null ? seen : made;
            }
            seen = attempt.run();
        }
        return seen;
    }

    private static boolean endsTransactions(Observation seen, Node node) {
        return seen.outcome() instanceof Outcome.Unknown && node.is("DoStmt");
    }

    /** As if it were one transaction: what it locks is then held longer, and nothing less is seen. */
    private static String withoutCommits(Statement statement) {
        return statement.sql().replaceAll("(?i)\\bcommit\\s*;", "NULL;");
    }

    /** What a DROP … CASCADE takes with it, in the server's words; the schema stays as it is. */
    List<String> cascade(Statement statement) throws SQLException {
        return Cascade.of(oracle.session(), statement.sql());
    }

    /** Runs a SET in the session, so that later statements find their names. */
    void set(String name, String sql) throws SQLException {
        execute(oracle.session(), sql);
        // The last one counts, also in their order.
        settings.remove(name);
        settings.put(name, sql);
    }

    /** What gives a setting the value back that it has now. */
    String restoring(String name) throws SQLException {
        try (PreparedStatement statement = oracle.session().prepareStatement("SELECT current_setting(?, true)")) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                String value = rows.next() ? rows.getString(1) : null;
                return value == null
                        ? "RESET " + name
                        : "SELECT set_config(" + Quote.literal(name) + ", " + Quote.literal(value) + ", false)";
            }
        }
    }

    /** The next file begins: what the last one has set for its session is gone, as are its temporary tables. */
    void freshSession() throws SQLException {
        settings.clear();
        oracle.close();
        oracle = LockOracle.open(server, database);
    }

    /** A copy of the schema as it is, to try something else on; the caller closes it. The schema gets another session. */
    Facts fork() throws SQLException {
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
            for (String setting : settings.values()) {
                execute(oracle.session(), setting);
            }
        }
        return new Facts(server, name, true, settings);
    }

    /** What recipes may ask about the schema, up to the next session. */
    Catalog catalog() {
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
