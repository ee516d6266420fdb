package dev.pando.lab.twin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.lab.Messages;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Tells who keeps a target from being read. Definitions and lengths of relations are told by functions that lock them as SELECT does, so one
 * that is locked in another way, or that somebody waits to lock so, ends the reading after {@code lock_timeout}. By then nobody waits any
 * more, and a second look at the locks says who had them.
 */
final class LockHolders {
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final int MOST_NAMES = 200;

    private LockHolders() {}

    /** What is to be thrown for {@code e}: with who holds the lock if that is what went wrong, else {@code error}. */
    static PandoException explained(SQLException e, Connection connection, Target target, PandoError error) {
        if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
            return PandoException.causedBy(e, error, target, Messages.of(e));
        }
        String holders;
        try {
            holders = holders(connection);
        } catch (SQLException second) {
            e.addSuppressed(second);
            holders = "who holds the lock cannot be read: " + Messages.of(second);
        }
        return PandoException.causedBy(e, PandoError.TARGET_LOCKED, target, holders);
    }

    private static String holders(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
        connection.setAutoCommit(false);
        Sql.run(connection, "SET LOCAL statement_timeout = '10s'", "SET LOCAL lock_timeout = '2s'");
        List<String> holders = Sql.rows(
                connection,
                LockHolders::holder,
                CatalogQuery.text("lock-holders", connection.getMetaData().getDatabaseMajorVersion()));
        connection.rollback();
        return holders.isEmpty() ? "a lock on one of its relations, which is gone by now" : String.join("; ", holders);
    }

    private static String holder(ResultSet row) throws SQLException {
        String all = row.getString(1);
        String relations = all.length() > MOST_NAMES ? all.substring(0, MOST_NAMES) + " …" : all;
        String pid = row.getString(3);
        if (pid == null) {
            return relations + " locked by a prepared transaction (see pg_prepared_xacts)";
        }
        String who = "pid " + pid + " (" + row.getString(4) + ")";
        return row.getBoolean(2)
                ? relations + " locked by " + who
                : who + " waits to lock " + relations + ", behind pid " + row.getString(5);
    }
}
