package dev.pando.lint;

import dev.pando.base.sql.Quote;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How the database was when a migration, and when its transaction, began, so that what the migration made can be told from what others use.
 * OIDs of a new server only grow: what has one above the mark is new. It stays unused while its transaction lasts, and after that unless it
 * has taken a name that others know.
 */
final class Beginning {
    private static final String NEWEST = """
            SELECT greatest((SELECT max(oid) FROM pg_class), (SELECT max(oid) FROM pg_type), (SELECT max(oid) FROM pg_proc),
                (SELECT max(oid) FROM pg_namespace), (SELECT max(oid) FROM pg_extension))::int8""";

    private static final String NAMES = """
            SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
            WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')""";

    private final long migration;
    private final Set<String> names;
    /** What may have been there before, where the schema at hand lacks something. */
    private final Set<Long> doubtful;

    private long transaction;

    private Beginning(long migration, Set<String> names, Set<Long> doubtful, long transaction) {
        this.migration = migration;
        this.names = names;
        this.doubtful = doubtful;
        this.transaction = transaction;
    }

    static Beginning now(Connection connection) throws SQLException {
        long newest = newest(connection);
        Set<String> names = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(NAMES)) {
            while (rows.next()) {
                names.add(Quote.qualified(rows.getString(1), rows.getString(2)));
            }
        }
        return new Beginning(newest, names, new HashSet<>(), newest);
    }

    Beginning copy() {
        return new Beginning(migration, names, new HashSet<>(doubtful), transaction);
    }

    void transaction(Connection connection) throws SQLException {
        transaction = newest(connection);
    }

    private static long newest(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEWEST);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Made by a statement that would have left alone one that is there. */
    void doubtful(long oid) {
        doubtful.add(oid);
    }

    /** Of a relation, which others reach by way of those it inherits from once its transaction is over. */
    boolean own(long oid, String name, Map<Long, String> ancestors) {
        return own(oid, name)
                && (oid > transaction
                        || ancestors.entrySet().stream().allMatch(each -> own(each.getKey(), each.getValue())));
    }

    /** Whether the migration has made it and nobody else uses it. */
    boolean own(long oid, String name) {
        return oid > migration && !doubtful.contains(oid) && (oid > transaction || !names.contains(name));
    }
}
