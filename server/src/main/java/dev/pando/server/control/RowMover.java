package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/**
 * Moves a table's rows to where they belong, inside the transaction that declares it or takes that back. It works as the table's owner, because
 * expressions of the owner's run while rows are written, and without triggers and foreign key checks, because the rows are not new.
 */
final class RowMover {
    /** Above this the transaction would hold its locks too long; load such a table through the endpoint instead. */
    static final long MAX_ROWS = 1_000_000;

    private final AtomicTransaction transaction;
    private final TableFacts table;
    private final String name;
    private final String columns;

    RowMover(AtomicTransaction transaction, TableFacts table) {
        this.transaction = transaction;
        this.table = table;
        this.name = Quote.qualified(table.name().schema(), table.name().name());
        this.columns = table.columns().stream()
                .filter(column -> !column.computed())
                .map(column -> Quote.identifier(column.name()))
                .collect(Collectors.joining(", "));
    }

    /** Nobody but home may hold rows: they would be somebody's mistake, and whose is not known. */
    void requireOthersEmpty() throws SQLException {
        for (ShardId shard : transaction.shards()) {
            if (!shard.equals(ShardId.HOME) && holdsRows(shard)) {
                throw PandoException.detailed(
                        PandoError.TABLE_NOT_EMPTY, "There are rows on " + shard + ".", table.name());
            }
        }
    }

    /** Looks as superuser: the owner may be forbidden to see rows. Nothing of the owner's runs when no column is read. */
    boolean holdsRows(ShardId shard) throws SQLException {
        Connection connection = transaction.on(shard);
        Sql.execute(connection, "RESET ROLE");
        boolean found = hasRows(connection, name);
        Sql.execute(connection, "SET LOCAL ROLE " + Quote.identifier(table.owner()));
        return found;
    }

    static boolean hasRows(Connection connection, String quotedTable) throws SQLException {
        return Sql.one(
                connection, "SELECT EXISTS (SELECT FROM " + quotedTable + ") AS found", row -> row.getBoolean("found"));
    }

    /** Deals home's rows out; the number that left home. */
    long spread(Placement.Sharded placement) throws SQLException {
        long total = requireMovable(ShardId.HOME, MAX_ROWS);
        if (total == 0) {
            return 0;
        }
        List<String> checks = new ArrayList<>();
        List<String> key =
                placement.keyColumns().stream().map(Quote::identifier).toList();
        for (ShardId shard : transaction.shards()) {
            checks.add(placement.function().checkSql(shard.index(), key));
        }
        requireCovered(checks, placement);
        long moved = 0;
        quietly();
        for (ShardId shard : transaction.shards()) {
            if (!shard.equals(ShardId.HOME)) {
                moved += copy(ShardId.HOME, shard, " WHERE " + checks.get(shard.index()));
            }
        }
        Sql.execute(transaction.home(), "DELETE FROM " + name + " WHERE NOT (" + checks.getFirst() + ")");
        return moved;
    }

    /** Copies home's rows to every other shard; their number on home. */
    long replicate() throws SQLException {
        long total = requireMovable(ShardId.HOME, MAX_ROWS);
        if (total > 0) {
            quietly();
            for (ShardId shard : transaction.shards()) {
                if (!shard.equals(ShardId.HOME)) {
                    copy(ShardId.HOME, shard, "");
                }
            }
        }
        return total;
    }

    /** Brings the rows of all other shards home, where no CHECK may be in their way; the number that came. */
    long gather() throws SQLException {
        long total = 0;
        for (ShardId shard : transaction.shards()) {
            if (!shard.equals(ShardId.HOME)) {
                total += requireMovable(shard, MAX_ROWS - total);
            }
        }
        if (total > 0) {
            quietly();
            for (ShardId shard : transaction.shards()) {
                if (!shard.equals(ShardId.HOME)) {
                    copy(shard, ShardId.HOME, "");
                }
            }
            clearOthers();
        }
        return total;
    }

    /** Leaves the rows on home alone. */
    void clearOthers() throws SQLException {
        quietly();
        for (ShardId shard : transaction.shards()) {
            if (!shard.equals(ShardId.HOME)) {
                Sql.execute(transaction.on(shard), "DELETE FROM " + name);
            }
        }
    }

    private long requireMovable(ShardId from, long most) throws SQLException {
        if (table.forcedRowSecurity() && holdsRows(from)) {
            throw PandoException.detailed(
                    PandoError.TABLE_NOT_EMPTY, "FORCE ROW LEVEL SECURITY hides rows from a copy.", table.name());
        }
        long total = Sql.one(
                transaction.on(from),
                "SELECT count(*) AS n FROM (SELECT FROM " + name + " LIMIT " + (most + 1) + ") AS part",
                row -> row.getLong("n"));
        if (total > most) {
            throw PandoException.detailed(
                    PandoError.TABLE_NOT_EMPTY,
                    "Up to " + MAX_ROWS + " rows are moved at once, there are more.",
                    table.name());
        }
        return total;
    }

    /** Every row has exactly one shard. */
    private void requireCovered(List<String> checks, Placement.Sharded placement) throws SQLException {
        String none = checks.stream().map(check -> "(" + check + ")").collect(Collectors.joining(" OR "));
        String shown = placement.keyColumns().stream()
                .map(column -> Quote.identifier(column) + "::text")
                .collect(Collectors.joining(", ', ', "));
        List<String> uncovered = Sql.rows(
                transaction.home(),
                "SELECT concat(" + shown + ") AS key FROM " + name + " WHERE (" + none + ") IS NOT TRUE LIMIT 1",
                row -> Sql.text(row, "key"));
        if (!uncovered.isEmpty()) {
            throw new PandoException(
                    PandoError.KEY_INVALID,
                    String.join(", ", placement.keyColumns()),
                    "a row with the value \"" + uncovered.getFirst() + "\" belongs to no shard");
        }
    }

    private void quietly() throws SQLException {
        for (ShardId shard : transaction.shards()) {
            Connection connection = transaction.on(shard);
            Sql.execute(
                    connection,
                    "RESET ROLE; SET LOCAL session_replication_role = replica; SET LOCAL row_security = off; SET LOCAL ROLE "
                            + Quote.identifier(table.owner()));
        }
    }

    private long copy(ShardId from, ShardId to, String where) throws SQLException {
        CopyManager source = transaction.on(from).unwrap(PGConnection.class).getCopyAPI();
        CopyManager target = transaction.on(to).unwrap(PGConnection.class).getCopyAPI();
        CopyOut out = source.copyOut("COPY (SELECT " + columns + " FROM " + name + where + ") TO STDOUT");
        CopyIn in = target.copyIn("COPY " + name + " (" + columns + ") FROM STDIN");
        try {
            for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
                in.writeToCopy(row, 0, row.length);
            }
            return in.endCopy();
        } finally {
            if (in.isActive()) {
                in.cancelCopy();
            }
        }
    }
}
