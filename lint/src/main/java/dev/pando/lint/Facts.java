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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
    private static final String PATH = "search_path";
    /** invalid_object_definition: what bounds of partitions that overlap are refused with. */
    private static final String OVERLAP = "42P17";

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

    /** The last statement, if its time was over. */
    private @Nullable Statement endless;

    /** The last statement, and the zone that takes it, if the one that is taken for granted does not. */
    private @Nullable Statement zoned;

    private String taking = "";

    private boolean lost;
    private final Duration limit;
    private final Zone zone;
    private LockOracle oracle;
    /** The oracle's, as the last statement found it. */
    private Connection session;

    Facts(TemporaryServer server, String database) throws SQLException {
        this(server, database, LockOracle.LIMIT);
    }

    /** With another time {@code limit} for statements. */
    Facts(TemporaryServer server, String database, Duration limit) throws SQLException {
        this(server, database, limit, Zone.USUAL, false, Map.of());
    }

    /** With another time zone for its sessions. */
    Facts(TemporaryServer server, String database, Zone zone) throws SQLException {
        this(server, database, LockOracle.LIMIT, zone, false, Map.of());
    }

    private Facts(
            TemporaryServer server, String database, Duration limit, Zone zone, boolean copy, Map<String, String> left)
            throws SQLException {
        this.server = server;
        this.limit = limit;
        this.zone = zone;
        this.rights = new Rights(server);
        this.database = database;
        this.copy = copy;
        this.left.putAll(left);
        this.oracle = LockOracle.open(server, database, limit);
        this.session = oracle.session();
        begin();
        restore();
    }

    private void begin() throws SQLException {
        if (!left.containsKey(Zone.SETTING)) {
            usualZone();
        }
        // ALTER ROLE and ALTER DATABASE change it for sessions to come, and the one that stands for this is none of
        // them.
        if (!left.containsKey(PATH)) {
            set(PATH, restoring(PATH));
        }
    }

    private void open() throws SQLException {
        oracle = LockOracle.open(server, database, limit);
    }

    /** The session as it is, for what asks about the schema; it may be another one after the next statement. */
    Connection session() throws SQLException {
        if (!oracle.session().equals(session)) {
            session = oracle.session();
            restore();
        }
        return session;
    }

    private void restore() throws SQLException {
        for (Map.Entry<String, String> entry : left.entrySet()) {
            try {
                execute(session, entry.getValue());
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
        session();
        Observation seen = withRights(() -> oracle.observe(statement.sql()), node, false);
        if (seen.observed()) {
            prepared(statement, node);
        }
        endless = LockOracle.endless(seen) ? statement : null;
        if (endsTransactions(seen, statement, node)) {
            session();
            seen = oracle.observe(withoutCommits(statement));
        }
        return Rights.judged(elsewhere(seen, statement, node));
    }

    /** What it does where its session may have another time zone than the one that is taken for granted. */
    private Observation elsewhere(Observation seen, Statement statement, Node node) throws SQLException {
        zoned = null;
        if (!zone.assumed() || !zone.sql().equals(left.get(Zone.SETTING))) {
            return seen;
        }
        if (seen.observed() && retypes(node)) {
            Observation other = observedIn(Zone.OTHERS.getFirst(), statement);
            return work(other) > work(seen) ? other : seen;
        }
        if (seen.outcome() instanceof Outcome.Failed failed && failed.sqlState().equals(OVERLAP)) {
            for (String other : Zone.OTHERS) {
                if (observedIn(other, statement).observed()) {
                    zoned = statement;
                    taking = other;
                    return Observation.unknown("it fails where TimeZone is " + zone.name() + " (" + failed.message()
                            + "), and not elsewhere: --time-zone tells which one sessions have");
                }
            }
        }
        return seen;
    }

    private Observation observedIn(String setting, Statement statement) throws SQLException {
        execute(session(), setting);
        try {
            return oracle.observe(statement.sql());
        } finally {
            execute(session(), zone.sql());
        }
    }

    /** Whether it calls functions that are not PostgreSQL's own. */
    private boolean callsOthers(Node query) throws SQLException {
        Object[] names = query.all("FuncCall").stream()
                .map(call -> call.names("funcname").getLast())
                .toArray();
        if (names.length == 0) {
            return false;
        }
        try (PreparedStatement statement = session()
                .prepareStatement(
                        "SELECT FROM pg_proc WHERE proname = ANY (?) AND pronamespace <> 'pg_catalog'::regnamespace LIMIT 1")) {
            statement.setArray(1, session().createArrayOf("text", names));
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** Whether it may change a column's type; code is not asked what it does. */
    private boolean retypes(Node node) throws SQLException {
        return node.is("DoStmt")
                || node.is("CallStmt")
                || (node.is("SelectStmt") && callsOthers(node))
                || node.list("cmds").stream()
                        .anyMatch(command -> command.text("subtype").equals("AT_AlterColumnType"));
    }

    private static int work(Observation seen) {
        return seen.files().size() + seen.builds().size() + seen.reads().size();
    }

    /** What comes of a statement that PostgreSQL refuses outside a transaction. */
    Observation observeAlone(Statement statement) throws SQLException {
        try {
            execute(session(), statement.sql());
            return Observation.nothing();
        } catch (SQLException e) {
            return Observation.failed(String.valueOf(e.getSQLState()), Messages.of(e));
        }
    }

    /** What the statement does; the schema is as it left it. */
    Observation apply(Statement statement, Node node) throws SQLException {
        if (statement.equals(endless)) {
            return Observation.unknown("it has not ended in time before");
        }
        String sql = lasting(statement, node);
        boolean elsewhere = statement.equals(zoned);
        Connection current = session();
        if (elsewhere) {
            execute(current, taking);
        }
        Observation seen = withRights(() -> oracle.apply(sql), node, true);
        if (endsTransactions(seen, statement, node)) {
            session();
            seen = oracle.apply(withoutCommits(statement));
        }
        if (elsewhere) {
            execute(session(), zone.sql());
        }
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
            execute(session(), "DROP TABLE IF EXISTS pg_temp." + Quote.identifier(name));
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
        execute(session(), "SET statement_timeout = " + limit.toMillis());
        try (var _ = server.limit(session, LockOracle.outside(limit))) {
            rights.run(session, sql, () -> node);
        }
    }

    private interface Attempt {
        Observation run() throws SQLException;
    }

    private Observation withRights(Attempt attempt, Node node, boolean keep) throws SQLException {
        Observation seen = attempt.run();
        for (int i = 1; i < MOST_ATTEMPTS && seen.outcome() instanceof Outcome.Failed failed; i++) {
            if (!rights.given(session(), failed.sqlState(), failed.message())) {
                Observation made = Rights.refused(failed) ? rights.extension(session(), node, keep) : null;
                return made == null ? seen : made;
            }
            seen = attempt.run();
        }
        return seen;
    }

    private static boolean endsTransactions(Observation seen, Statement statement, Node node) {
        return seen.outcome() instanceof Outcome.Unknown
                && node.is("DoStmt")
                && !withoutCommits(statement).equals(statement.sql());
    }

    /** As if it were one transaction: what it locks is then held longer, and nothing less is seen. */
    private static String withoutCommits(Statement statement) {
        return statement.sql().replaceAll("(?i)\\bcommit\\s*;", "NULL;");
    }

    /** What a DROP … CASCADE takes with it, in the server's words; the schema stays as it is. */
    List<String> cascade(Statement statement) throws SQLException {
        return Cascade.of(session(), statement.sql());
    }

    /** Runs a SET in the session, so that later statements find their names. */
    void set(String name, String sql) throws SQLException {
        execute(session(), sql);
        // The last one counts, also in their order.
        left.remove(name);
        left.put(name, sql);
    }

    /** What RESET gives a session: not the zone of this machine, which the driver sends. */
    void usualZone() throws SQLException {
        set(Zone.SETTING, zone.sql());
    }

    /** Which of the tables are not there, under their names alone or as SQL has them. */
    List<String> absent(Collection<String> tables) throws SQLException {
        List<String> absent = new ArrayList<>();
        try (PreparedStatement statement = session().prepareStatement("""
                SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE ? IN (relname, quote_ident(nspname) || '.' || quote_ident(relname))""")) {
            for (String table : tables) {
                statement.setString(1, table);
                try (ResultSet rows = statement.executeQuery()) {
                    if (!rows.next()) {
                        absent.add(table);
                    }
                }
            }
        }
        return absent;
    }

    /** What gives a setting the value back that it has now. */
    String restoring(String name) throws SQLException {
        String zones = left.get(Zone.SETTING);
        if (name.equals(Zone.SETTING) && zones != null) {
            return zones;
        }
        try (PreparedStatement statement = session().prepareStatement("SELECT current_setting(?, true)")) {
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
        open();
        begin();
    }

    /** A copy of the schema as it is, to try something else on; the caller closes it. The schema gets another session. */
    Facts fork() throws SQLException {
        String name = copied();
        open();
        return new Facts(server, name, limit, zone, true, left);
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
        try (Connection admin = server.connectToMeasure("postgres")) {
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
        try (Connection admin = server.connectToMeasure("postgres")) {
            execute(admin, "DROP DATABASE " + Quote.identifier(name) + " WITH (FORCE)");
        }
    }

    /** What recipes may ask about the schema, up to the next session. */
    Catalog catalog() throws SQLException {
        return new Catalog(session());
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
