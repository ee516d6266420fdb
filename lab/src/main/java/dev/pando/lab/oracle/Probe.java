package dev.pando.lab.oracle;

import dev.pando.base.sql.Quote;
import dev.pando.lab.oracle.SchemaState.Row;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A transaction that stands in the watched statement's way on one table, with every lock mode of a ladder held in a savepoint of its own.
 * Giving back the strongest one lets the statement go on to its next, stronger request, which stops it again and is seen in pg_locks.
 */
final class Probe implements AutoCloseable {
    /** Each mode keeps out something that the one below lets pass. The lowest comes from planning a query, which locks indexes too. */
    private static final List<LockMode> LADDER = List.of(
            LockMode.ROW_EXCLUSIVE,
            LockMode.SHARE_UPDATE_EXCLUSIVE,
            LockMode.SHARE_ROW_EXCLUSIVE,
            LockMode.EXCLUSIVE,
            LockMode.ACCESS_EXCLUSIVE);

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String STEP_DOWN = "ROLLBACK TO SAVEPOINT step; RELEASE SAVEPOINT step";

    private final Connection connection;
    private final Row table;
    private final String transaction;
    private int height;

    private Probe(Connection connection, Row table, String transaction) {
        this.connection = connection;
        this.table = table;
        this.transaction = transaction;
    }

    /** Takes as much of the ladder as it can get at once. */
    static Probe on(Connection connection, Row table) throws SQLException {
        connection.setAutoCommit(false);
        Probe probe = new Probe(connection, table, virtualTransaction(connection));
        probe.climb();
        return probe;
    }

    static String virtualTransaction(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT virtualxid FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'virtualxid' AND granted")) {
            row.next();
            return row.getString(1);
        }
    }

    private void climb() throws SQLException {
        List<String> steps = steps();
        execute("SET LOCAL lock_timeout = '10ms'; SAVEPOINT foot");
        if (got("SAVEPOINT step; " + String.join("; SAVEPOINT step; ", steps), "ROLLBACK TO SAVEPOINT foot")) {
            height = steps.size();
            return;
        }
        for (String step : steps) {
            if (!got("SAVEPOINT step; " + step, STEP_DOWN)) {
                return;
            }
            height++;
        }
    }

    private List<String> steps() {
        String name = Quote.qualified(table.schema(), table.name());
        List<String> steps = new ArrayList<>(List.of("SELECT FROM ONLY " + name + " WHERE false"));
        if (table.kind() != RelationKind.MATERIALIZED_VIEW) {
            LADDER.forEach(mode -> steps.add("LOCK TABLE ONLY " + name + " IN " + mode.sqlName() + " MODE"));
        }
        return steps;
    }

    private boolean got(String sql, String otherwise) throws SQLException {
        try {
            execute(sql);
            return true;
        } catch (SQLException e) {
            if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw e;
            }
            execute(otherwise);
            return false;
        }
    }

    /** Gives back the strongest lock it holds; false if it holds none. */
    boolean weaken() throws SQLException {
        if (height == 0) {
            return false;
        }
        execute(STEP_DOWN);
        height--;
        return true;
    }

    Row table() {
        return table;
    }

    boolean isTransaction(String virtualTransaction) {
        return transaction.equals(virtualTransaction);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
