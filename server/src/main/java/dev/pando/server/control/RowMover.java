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
 * Moves the rows a table has on home to where they belong, inside the transaction that declares it. It works as the table's owner, because
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
            if (!shard.equals(ShardId.HOME) && hasRows(transaction.on(shard), name)) {
                throw PandoException.detailed(
                        PandoError.TABLE_NOT_EMPTY, "There are rows on " + shard + ".", table.name());
            }
        }
    }

    static boolean hasRows(Connection connection, String quotedTable) throws SQLException {
        return Sql.one(
                connection, "SELECT EXISTS (SELECT FROM " + quotedTable + ") AS found", row -> row.getBoolean("found"));
    }

    /** Deals home's rows out; the number that left home. */
    long spread(Placement.Sharded placement) throws SQLException {
        long total = requireMovable();
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
                moved += copy(shard, " WHERE " + checks.get(shard.index()));
            }
        }
        Sql.execute(transaction.home(), "DELETE FROM " + name + " WHERE NOT (" + checks.getFirst() + ")");
        return moved;
    }

    /** Copies home's rows to every other shard; their number on home. */
    long replicate() throws SQLException {
        long total = requireMovable();
        if (total > 0) {
            quietly();
            for (ShardId shard : transaction.shards()) {
                if (!shard.equals(ShardId.HOME)) {
                    copy(shard, "");
                }
            }
        }
        return total;
    }

    private long requireMovable() throws SQLException {
        Connection home = transaction.home();
        if (table.forcedRowSecurity() && hasRows(home, name)) {
            throw PandoException.detailed(
                    PandoError.TABLE_NOT_EMPTY, "FORCE ROW LEVEL SECURITY hides rows from a copy.", table.name());
        }
        long total = Sql.one(
                home,
                "SELECT count(*) AS n FROM (SELECT FROM " + name + " LIMIT " + (MAX_ROWS + 1) + ") AS part",
                row -> row.getLong("n"));
        if (total > MAX_ROWS) {
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

    private long copy(ShardId to, String where) throws SQLException {
        CopyManager home = transaction.home().unwrap(PGConnection.class).getCopyAPI();
        CopyManager other = transaction.on(to).unwrap(PGConnection.class).getCopyAPI();
        CopyOut out = home.copyOut("COPY (SELECT " + columns + " FROM " + name + where + ") TO STDOUT");
        CopyIn in = other.copyIn("COPY " + name + " (" + columns + ") FROM STDIN");
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
