package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.core.shard.Key;
import dev.pando.core.shard.SchemaFunction;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Schema per tenant: every shard has the schema and its tables, the rows are on the tenant's shard alone, held there by a CHECK. */
final class Tenants {
    private static final String TABLES = """
            SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ? AND c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)
            ORDER BY c.relname""";

    private final Fleetwide fleetwide;

    Tenants(Fleetwide fleetwide) {
        this.fleetwide = fleetwide;
    }

    /** Creates the schema where it is missing and puts it on a shard: the one given, else the one its name hashes to. */
    String distribute(String schema, OptionalInt wanted, String user) {
        int shards = fleetwide.shards().size();
        int target = wanted.orElseGet(() -> SchemaFunction.of(shards).shardOf(new Key.Text(schema)));
        if (target < 0 || target >= shards) {
            throw PlacementChecks.argument(
                    "shard " + target + " does not exist: shards are numbered 0 to " + (shards - 1));
        }
        if (schema.startsWith("pg_")
                || List.of("information_schema", "pando", "public").contains(schema)) {
            throw PlacementChecks.argument("schema \"" + schema + "\" cannot be a tenant's");
        }
        ShardId to = new ShardId(target);
        return fleetwide.change("distributing schema \"" + schema + "\"", (transaction, metadata) -> {
            requireMayCreate(transaction.home(), schema, user);
            ShardId now = metadata.tenants().getOrDefault(schema, ShardId.HOME);
            for (TableName table : tables(transaction.home(), schema)) {
                if (metadata.tables().containsKey(table)) {
                    throw PlacementChecks.argument("table \"" + table + "\" is declared itself: undistribute it first");
                }
                if (!now.equals(to)) {
                    requireEmpty(transaction.on(now), table);
                }
            }
            for (ShardId shard : transaction.shards()) {
                Sql.execute(
                        transaction.on(shard),
                        "CREATE SCHEMA IF NOT EXISTS " + Quote.identifier(schema) + " AUTHORIZATION "
                                + Quote.identifier(user));
            }
            fence(transaction, schema, to);
            MetadataStore.putTenant(transaction.home(), schema, to);
            return "schema " + schema + " is on " + to;
        });
    }

    /** A schema of home again; its tables have to be empty. */
    String undistribute(String schema, String user) {
        return fleetwide.change("undistributing schema \"" + schema + "\"", (transaction, metadata) -> {
            ShardId now = metadata.tenants().get(schema);
            if (now == null) {
                throw PlacementChecks.argument("schema \"" + schema + "\" is not distributed");
            }
            requireMayCreate(transaction.home(), schema, user);
            if (!now.equals(ShardId.HOME)) {
                for (TableName table : tables(transaction.home(), schema)) {
                    requireEmpty(transaction.on(now), table);
                }
            }
            for (ShardId shard : transaction.shards()) {
                for (TableName table : tables(transaction.on(shard), schema)) {
                    Declarations.dropCheck(transaction.on(shard), table);
                }
            }
            MetadataStore.removeTenant(transaction.home(), schema);
            return "schema " + schema + " is on " + ShardId.HOME;
        });
    }

    /** Gives each table of the schema a CHECK that is true on the tenant's shard and false on all others. */
    static void fence(AtomicTransaction transaction, String schema, ShardId to) throws SQLException {
        for (ShardId shard : transaction.shards()) {
            Connection connection = transaction.on(shard);
            for (TableName table : tables(connection, schema)) {
                String name = Declarations.quoted(table);
                Declarations.dropCheck(connection, table);
                // A row that is there in spite of everything shall not keep the fence from being put up.
                String rest = shard.equals(to)
                        ? "(true)"
                        : "(false)" + (RowMover.hasRows(connection, name) ? " NOT VALID" : "");
                Sql.execute(
                        connection, "ALTER TABLE " + name + " ADD CONSTRAINT " + Declarations.CHECK + " CHECK " + rest);
            }
        }
    }

    private static List<TableName> tables(Connection home, String schema) throws SQLException {
        return Sql.rows(home, TABLES, row -> new TableName(Sql.text(row, "nspname"), Sql.text(row, "relname")), schema);
    }

    private static void requireEmpty(Connection connection, TableName table) throws SQLException {
        Sql.execute(connection, "LOCK TABLE " + Declarations.quoted(table) + " IN SHARE MODE");
        if (RowMover.hasRows(connection, Declarations.quoted(table))) {
            throw new PandoException(PandoError.TABLE_NOT_EMPTY, table);
        }
    }

    private static void requireMayCreate(Connection home, String schema, String user) throws SQLException {
        Optional<Boolean> may = Sql.rows(home, """
                        SELECT coalesce(
                            (SELECT pg_has_role(r.oid, n.nspowner, 'USAGE') FROM pg_namespace n WHERE n.nspname = ?),
                            has_database_privilege(r.oid, current_database(), 'CREATE')) AS may
                        FROM pg_roles r WHERE r.rolname = ?""", row -> row.getBoolean("may"), schema, user).stream()
                .findFirst();
        if (!may.orElse(false)) {
            throw new PandoException(PandoError.NOT_OWNER, user, "schema \"" + schema + "\"");
        }
    }
}
