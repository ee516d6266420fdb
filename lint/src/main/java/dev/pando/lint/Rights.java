package dev.pando.lint;

import dev.pando.base.sql.Quote;
import dev.pando.grammar.Node;
import dev.pando.lab.Extensions;
import dev.pando.lab.ForeignStatement;
import dev.pando.lab.Messages;
import dev.pando.lab.TemporaryServer;
import dev.pando.lab.oracle.Observation;
import dev.pando.lab.oracle.Outcome;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * What a statement may do where it is measured. Rights in production are not looked at, so the owner of the database gives itself what it can:
 * roles that are missing are made, it joins those there are, and they may create in its schemas. What it is refused then takes a superuser,
 * and nothing is known of it. Guarded servers only.
 */
public final class Rights {
    private static final String REFUSED = "42501";
    private static final String CIRCULAR = "0LP01";
    private static final int MOST_ATTEMPTS = 100;
    /** Of those that reach out of a server, which a guarded one has not. */
    private static final Pattern PREDEFINED_ROLE = Pattern.compile("role \"pg_.+\" does not exist");

    /** What is not put into a savepoint: it would end it, or must not stand in one. */
    private static final Pattern CONTROL = Pattern.compile(
            "(?i)(savepoint|rollback|release|commit|end|abort|begin|start|prepare|set\\s+((local|session)\\s+)?transaction).*",
            Pattern.DOTALL);

    /** Texts have been decoded by now, and the driver speaks UTF-8. */
    private static final Pattern ENCODING =
            Pattern.compile("(?i)set\\s+((local|session)\\s+)?(client_encoding|names)\\b.*", Pattern.DOTALL);

    private static final String SAVEPOINT = "pando_rights";
    private static final Pattern MISSING_ROLE = Pattern.compile("role \"(.+)\" does not exist");
    private static final String OTHERS = """
            SELECT rolname FROM pg_catalog.pg_roles WHERE NOT rolsuper AND rolname !~ '^pg_' AND rolname <> current_user
            AND NOT pg_catalog.pg_has_role(current_user, oid, 'USAGE')""";
    private static final String CLOSED = """
            SELECT DISTINCT n.nspname FROM pg_catalog.pg_namespace n, pg_catalog.pg_roles r
            WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT r.rolsuper AND r.rolname !~ '^pg_'
            AND NOT pg_catalog.has_schema_privilege(r.oid, n.oid, 'CREATE')
            AND pg_catalog.pg_has_role(current_user, n.nspowner, 'USAGE')""";

    private final TemporaryServer server;

    public Rights(TemporaryServer server) {
        this.server = server;
    }

    /**
     * Runs a statement, without comments before it. In a transaction block it is in a savepoint meanwhile, as a block in which something
     * was refused takes nothing more.
     */
    public void run(Connection session, String sql) throws SQLException {
        run(session, sql, () -> parsed(sql));
    }

    /** {@code node} parses the statement, when that is needed. */
    void run(Connection session, String sql, Supplier<@Nullable Node> node) throws SQLException {
        if (ENCODING.matcher(sql).matches()) {
            return;
        }
        boolean block = inBlock(session) && !CONTROL.matcher(sql).matches();
        for (int attempt = 1; ; attempt++) {
            try {
                attempt(session, sql, block);
                return;
            } catch (SQLException e) {
                var failed = new Outcome.Failed(String.valueOf(e.getSQLState()), Messages.of(e));
                boolean usable = !session.isClosed() && state(session) != TransactionState.FAILED;
                if (usable && attempt < MOST_ATTEMPTS && given(session, failed.sqlState(), failed.message())) {
                    continue;
                }
                if (usable && refused(failed) && made(session, node.get())) {
                    return;
                }
                throw e;
            }
        }
    }

    private boolean made(Connection session, @Nullable Node node) throws SQLException {
        Observation made = node == null ? null : extension(session, node, true);
        return made != null && made.observed();
    }

    private static @Nullable Node parsed(String sql) {
        try (var parsing = new Parsing()) {
            return parsing.parse(sql).node();
        }
    }

    private static void attempt(Connection session, String sql, boolean block) throws SQLException {
        if (!block) {
            execute(session, sql);
            return;
        }
        execute(session, "SAVEPOINT " + SAVEPOINT);
        try {
            execute(session, sql);
        } catch (SQLException e) {
            if (!session.isClosed() && state(session) == TransactionState.FAILED) {
                execute(session, "ROLLBACK TO SAVEPOINT " + SAVEPOINT);
                execute(session, "RELEASE SAVEPOINT " + SAVEPOINT);
            }
            throw e;
        }
        execute(session, "RELEASE SAVEPOINT " + SAVEPOINT);
    }

    private static boolean inBlock(Connection session) throws SQLException {
        return state(session) == TransactionState.OPEN;
    }

    private static TransactionState state(Connection session) throws SQLException {
        return session.unwrap(BaseConnection.class).getTransactionState();
    }

    /** Gives what a statement was refused for, as far as there is something to give; whether it is worth another attempt. */
    boolean given(Connection session, String sqlState, String message) throws SQLException {
        Matcher missing = MISSING_ROLE.matcher(message);
        if (sqlState.equals("42704") && missing.find() && !missing.group(1).startsWith("pg_")) {
            execute(session, "CREATE ROLE " + Quote.identifier(missing.group(1)));
            return true;
        }
        if (!sqlState.equals(REFUSED)) {
            return false;
        }
        boolean joined = joined(session);
        return opened(session) || joined;
    }

    private static boolean joined(Connection session) throws SQLException {
        boolean any = false;
        for (String role : names(session, OTHERS)) {
            any |= succeeds(session, "GRANT " + Quote.identifier(role) + " TO CURRENT_USER");
        }
        return any;
    }

    private static boolean opened(Connection session) throws SQLException {
        boolean any = false;
        for (String schema : names(session, CLOSED)) {
            any |= succeeds(session, "GRANT USAGE, CREATE ON SCHEMA " + Quote.identifier(schema) + " TO PUBLIC");
        }
        return any;
    }

    private static boolean succeeds(Connection session, String grant) throws SQLException {
        try {
            attempt(session, grant, inBlock(session));
            return true;
        } catch (SQLException e) {
            if (REFUSED.equals(e.getSQLState()) || CIRCULAR.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    /** Nothing is known of what was refused for a right: production has others. */
    static Observation judged(Observation seen) {
        return seen.outcome() instanceof Outcome.Failed failed && refused(failed)
                ? Observation.unknown("it is measured without a superuser's rights: " + failed.message())
                : seen;
    }

    static boolean refused(Outcome.Failed failed) {
        return failed.sqlState().equals(REFUSED)
                || PREDEFINED_ROLE.matcher(failed.message()).find()
                || (failed.sqlState().equals(CIRCULAR) && failed.message().contains("is a member of role"));
    }

    /** Makes an extension that only a superuser may make, to stay or to see whether it can be; null if it is none that is made. */
    @Nullable
    Observation extension(Connection session, Node node, boolean keep) throws SQLException {
        String name = node.text("extname");
        if (!node.is("CreateExtensionStmt") || !Extensions.mayBeMade(name)) {
            return null;
        }
        String schema = option(node, "schema");
        List<String> current = names(session, "SELECT coalesce(pg_catalog.current_schema(), '')");
        try (Connection superuser = server.superuser(
                names(session, "SELECT pg_catalog.current_database()").getFirst())) {
            superuser.setAutoCommit(false);
            execute(
                    superuser,
                    "SET LOCAL lock_timeout = 5000"); // the session's own locks, which would be waited for in vain
            Extensions.make(superuser, name, schema == null ? current.getFirst() : schema, option(node, "new_version"));
            if (keep) {
                superuser.commit();
            } else {
                superuser.rollback();
            }
            return Observation.nothing();
        } catch (SQLException e) {
            return Observation.failed(String.valueOf(e.getSQLState()), Messages.of(e));
        }
    }

    private static @Nullable String option(Node extension, String name) {
        return extension.list("options").stream()
                .filter(option -> option.text("defname").equals(name))
                .map(option -> option.child("arg"))
                .filter(value -> value != null)
                .map(value -> value.text("sval"))
                .findFirst()
                .orElse(null);
    }

    private static List<String> names(Connection session, String sql) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            ForeignStatement.execute(statement, sql);
        }
    }
}
