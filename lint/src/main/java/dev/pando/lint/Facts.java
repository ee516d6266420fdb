package dev.pando.lint;

import dev.pando.base.sql.Quote;
import dev.pando.grammar.Node;
import dev.pando.lab.Messages;
import dev.pando.lab.TemporaryServer;
import dev.pando.lab.oracle.LockMode;
import dev.pando.lab.oracle.LockOracle;
import dev.pando.lab.oracle.Observation;
import dev.pando.lab.oracle.Outcome;
import dev.pando.lab.oracle.RelationLock;
import dev.pando.lint.fact.Names;
import dev.pando.lint.read.Statement;
import dev.pando.lint.recipe.Catalog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Facts measured in a database of a server that can be thrown away. Belongs to one thread. */
final class Facts implements AutoCloseable {
    private static final AtomicInteger FORKS = new AtomicInteger();
    private static final int MOST_ATTEMPTS = 100;
    private static final String TEMPORARY = "temporary ";
    private static final String PREPARED = "prepared ";

    private final TemporaryServer server;
    private final Rights rights;
    private final boolean copy;
    /** What the migration has left in its session, which a new one gets again: settings, prepared statements, temporary tables. */
    private final Map<String, String> left = new LinkedHashMap<>();

    private String database;
    /** What is gone back to, null while statements are run where they stay. */
    private @Nullable String kept;

    /** Temporary tables of the migration's transaction. */
    private final List<String> untilCommit = new ArrayList<>();

    private boolean lost;
    private LockOracle oracle;

    Facts(TemporaryServer server, String database) throws SQLException {
        this(server, database, false, Map.of());
    }

    private Facts(TemporaryServer server, String database, boolean copy, Map<String, String> left) throws SQLException {
        this.server = server;
        this.rights = new Rights(server);
        this.database = database;
        this.copy = copy;
        this.left.putAll(left);
        this.oracle = LockOracle.open(server, database);
        restore();
    }

    private void open() throws SQLException {
        oracle = LockOracle.open(server, database);
        restore();
    }

    private void restore() throws SQLException {
        for (Map.Entry<String, String> entry : left.entrySet()) {
            try {
                execute(oracle.session(), entry.getValue());
            } catch (SQLException e) {
                if (!entry.getKey().startsWith(TEMPORARY)) {
                    throw e;
                }
                lost = true; // what it was made of is not there any more
            }
        }
    }

    /** Whether a temporary table of the migration could not be made again, so that statements may miss it. */
    boolean lost() {
        return lost;
    }

    /** What the statement does on the schema as it is; the schema stays as it is. */
    Observation observe(Statement statement, Node node) throws SQLException {
        Connection session = oracle.session();
        Observation seen = withRights(() -> oracle.observe(statement.sql()), node, false);
        if (!oracle.session().equals(session)) {
            restore();
        }
        if (seen.observed()) {
            prepared(statement, node);
        }
        return Rights.judged(endsTransactions(seen, node) ? oracle.observe(withoutCommits(statement)) : seen);
    }

    /** What comes of a statement that PostgreSQL refuses outside a transaction. */
    Observation observeAlone(Statement statement) throws SQLException {
        try {
            execute(oracle.session(), statement.sql());
            return Observation.nothing();
        } catch (SQLException e) {
            return Observation.failed(String.valueOf(e.getSQLState()), Messages.of(e));
        }
    }

    /** What the statement does; the schema is as it left it. */
    Observation apply(Statement statement, Node node) throws SQLException {
        String sql = lasting(statement, node);
        Observation seen = withRights(() -> oracle.apply(sql), node, true);
        seen = endsTransactions(seen, node) ? oracle.apply(withoutCommits(statement)) : seen;
        if (seen.observed() && temporary(seen)) {
            left.put(TEMPORARY + left.size(), sql);
        }
        return Rights.judged(seen);
    }

    /** Each statement is committed by itself here: what COMMIT would drop is dropped when the transaction ends. */
    private String lasting(Statement statement, Node node) {
        Node into = node.child("into");
        boolean drops = node.text("oncommit").equals("ONCOMMIT_DROP")
                || (into != null && into.text("onCommit").equals("ONCOMMIT_DROP"));
        Node made = Names.created(node);
        if (!drops || made == null || !statement.transaction().block()) {
            return statement.sql();
        }
        untilCommit.add(made.text("relname"));
        return statement.sql().replaceFirst("(?i)\\bon\\s+commit\\s+drop\\b", "");
    }

    /** A transaction of the migration is over. */
    void committed() throws SQLException {
        for (String name : untilCommit) {
            execute(oracle.session(), "DROP TABLE IF EXISTS pg_temp." + Quote.identifier(name));
            left.entrySet()
                    .removeIf(entry -> entry.getKey().startsWith(TEMPORARY)
                            && entry.getValue().contains(name));
        }
        untilCommit.clear();
    }

    /** No rollback takes PREPARE and DEALLOCATE back. */
    private void prepared(Statement statement, Node node) {
        if (node.is("PrepareStmt")) {
            left.put(PREPARED + node.text("name"), statement.sql());
        } else if (node.is("DeallocateStmt")) {
            left.keySet()
                    .removeIf(key ->
                            node.has("name") ? key.equals(PREPARED + node.text("name")) : key.startsWith(PREPARED));
        }
    }

    /** Whether it has changed temporary tables and nothing else. */
    private static boolean temporary(Observation seen) {
        List<RelationLock> changed = seen.locks().stream()
                .filter(lock -> lock.mode() != LockMode.ACCESS_SHARE)
                .toList();
        return !changed.isEmpty()
                && changed.stream().allMatch(lock -> lock.relation().schema().equals("pg_temp"));
    }

    /** Runs a statement of what came before, which nobody asks about. */
    void run(String sql, Node node) throws SQLException {
        // Each time: the statement before may have set another one.
        execute(oracle.session(), "SET statement_timeout = " + LockOracle.LIMIT.toMillis());
        rights.run(oracle.session(), sql, () -> node);
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
        left.remove(name);
        left.put(name, sql);
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
        undo();
        left.clear();
        untilCommit.clear();
        oracle.close();
        oracle = LockOracle.open(server, database);
    }

    /** A copy of the schema as it is, to try something else on; the caller closes it. The schema gets another session. */
    Facts fork() throws SQLException {
        String name = copied();
        open();
        return new Facts(server, name, true, left);
    }

    /** Runs what follows on a copy, up to {@link #undo}. */
    void attempt() throws SQLException {
        String name = copied();
        kept = database;
        database = name;
        open();
    }

    /** What was run since {@link #attempt} has not been; nothing happens without one. */
    void undo() throws SQLException {
        if (kept == null) {
            return;
        }
        oracle.close();
        String tried = database;
        database = kept;
        kept = null;
        drop(tried);
        open();
    }

    /** A database can be copied while nobody is connected to it, so the session is closed. */
    private String copied() throws SQLException {
        String name = "pando_lint_" + FORKS.incrementAndGet();
        oracle.close();
        try (Connection admin = server.connect("postgres")) {
            execute(
                    admin,
                    "CREATE DATABASE " + Quote.identifier(name) + " TEMPLATE " + Quote.identifier(database)
                            + " STRATEGY wal_log");
        } catch (SQLException e) {
            open();
            throw e;
        }
        return name;
    }

    private void drop(String name) throws SQLException {
        try (Connection admin = server.connect("postgres")) {
            execute(admin, "DROP DATABASE " + Quote.identifier(name) + " WITH (FORCE)");
        }
    }

    /** The session as it is, for what asks about the schema; it may be another one after the next statement. */
    Connection session() {
        return oracle.session();
    }

    /** What recipes may ask about the schema, up to the next session. */
    Catalog catalog() {
        return new Catalog(oracle.session());
    }

    @Override
    public void close() throws SQLException {
        undo();
        oracle.close();
        if (copy) {
            drop(database);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
