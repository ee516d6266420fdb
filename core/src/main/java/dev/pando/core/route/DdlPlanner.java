package dev.pando.core.route;

import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Table;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes of the schema and maintenance: on every shard, since every shard has every table. */
final class DdlPlanner {
    private static final Set<String> REFUSED = Set.of(
            "CreatedbStmt",
            "DropdbStmt",
            "AlterDatabaseStmt",
            "AlterDatabaseRefreshCollStmt",
            "CreateTableSpaceStmt",
            "DropTableSpaceStmt",
            "AlterTableSpaceOptionsStmt",
            "AlterSystemStmt",
            "CreateSubscriptionStmt",
            "AlterSubscriptionStmt",
            "DropSubscriptionStmt");

    /** Kinds whose names end differently from their command, for messages. */
    private static final java.util.Map<String, String> NAMES = java.util.Map.of(
            "CreatedbStmt", "CREATE DATABASE",
            "DropdbStmt", "DROP DATABASE",
            "AlterDatabaseStmt", "ALTER DATABASE",
            "CreateTableSpaceStmt", "CREATE TABLESPACE",
            "DropTableSpaceStmt", "DROP TABLESPACE",
            "AlterSystemStmt", "ALTER SYSTEM",
            "CreateSubscriptionStmt", "CREATE SUBSCRIPTION",
            "AlterSubscriptionStmt", "ALTER SUBSCRIPTION",
            "DropSubscriptionStmt", "DROP SUBSCRIPTION");

    /** The name of the constraint that pando.distribute() adds. */
    private static final String SHARD_CHECK = "pando_shard";

    private final Planning planning;

    DdlPlanner(Planning planning) {
        this.planning = planning;
    }

    Placed place(Ast statement) {
        Placed placed = onEvery(statement);
        return placed.target() instanceof Target.All && placed.across() instanceof Across.Everywhere
                ? new Placed(placed.target(), new Across.Everywhere(Temporary.perhaps(statement)))
                : placed;
    }

    private Placed onEvery(Ast statement) {
        if (REFUSED.contains(statement.kind())) {
            throw Refused.shape(NAMES.getOrDefault(statement.kind(), statement.kind()));
        }
        if (statement.is("DropStmt") && Temporary.dropped(statement)) {
            return Placed.HOME;
        }
        if (Temporary.is(statement, planning.searchPath)) {
            return temporary(statement);
        }
        return switch (statement.kind()) {
            case "CreateTableAsStmt" -> createTableAs(statement);
            case "AlterTableStmt" -> alterTable(statement);
            case "TruncateStmt" -> {
                boolean distributed = statement.list("relations").stream().anyMatch(each -> distributed(each) != null);
                Hidden.checkEverywhere(statement, planning, distributed);
                yield everywhere();
            }
            case "RefreshMatViewStmt" -> {
                Hidden.checkEverywhere(statement, planning, false);
                yield everywhere();
            }
            case "IndexStmt" -> index(statement);
            case "RuleStmt" -> rule(statement);
            case "RenameStmt" -> rename(statement);
            case "AlterObjectSchemaStmt" -> moved(statement, "SET SCHEMA");
            default -> alone(statement) ? Placed.EVERYWHERE_ALONE : everywhere();
        };
    }

    private Placed index(Ast statement) {
        Table table = distributed(statement.child("relation"));
        if (table != null) {
            new Constraints(planning, table).checkIndex(statement);
        }
        return alone(statement) ? Placed.EVERYWHERE_ALONE : everywhere();
    }

    private Placed rule(Ast statement) {
        Table table = distributed(statement.child("relation"));
        if (table != null) {
            throw Refused.shape("a rule on distributed table \"" + table.name().name() + "\"");
        }
        return everywhere();
    }

    private Placed everywhere() {
        planning.explain("on every shard, in one atomic outcome");
        return Placed.EVERYWHERE;
    }

    /** What PostgreSQL refuses to run in a transaction block. */
    private static boolean alone(Ast statement) {
        return switch (statement.kind()) {
            case "IndexStmt", "DropStmt" -> statement.flag("concurrent");
            case "VacuumStmt" -> statement.flag("is_vacuumcmd");
            case "ClusterStmt" -> statement.child("relation") == null;
            case "ReindexStmt" -> reindexAlone(statement);
            default -> false;
        };
    }

    private static boolean reindexAlone(Ast statement) {
        boolean concurrently = statement.list("params").stream()
                .anyMatch(option -> option.text("defname").equals("concurrently"));
        return concurrently
                || switch (statement.text("kind")) {
                    case "REINDEX_OBJECT_SCHEMA", "REINDEX_OBJECT_SYSTEM", "REINDEX_OBJECT_DATABASE" -> true;
                    default -> false;
                };
    }

    /** A temporary relation lives where the session stays; it must not hide a table that is elsewhere. */
    Placed temporary(Ast statement) {
        for (Ast relation : Commands.made(statement)) {
            refuseHiding(relation.text("relname"), "a temporary table named like");
        }
        Ast query = statement.is("SelectStmt") ? statement : statement.child("query");
        if (query != null && query.is("SelectStmt")) {
            Placed source = new SelectPlanner(planning).place(query);
            if (!source.single()) {
                throw Refused.shape("a temporary table from sharded tables");
            }
        }
        return Placed.HOME;
    }

    private Placed createTableAs(Ast statement) {
        Ast query = statement.child("query");
        boolean view = statement.text("objtype").equals("OBJECT_MATVIEW");
        if (query == null || !query.is("SelectStmt")) {
            throw Refused.shape("CREATE TABLE AS EXECUTE");
        }
        refuseSpread(query, view ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE AS");
        return everywhere();
    }

    void refuseSpread(Ast query, String what) {
        Block top = new Analysis(planning).statement(query);
        Locator locator = new Locator(planning, top);
        Hidden.check(query, planning);
        if (!locator.sharded.isEmpty()) {
            throw Refused.shape(what + " over sharded tables");
        }
    }

    private Placed alterTable(Ast statement) {
        Table table = distributed(statement.child("relation"));
        Hidden.checkEverywhere(statement, planning, table != null);
        boolean concurrently = false;
        for (Ast command : statement.list("cmds")) {
            Ast definition = command.child("def");
            concurrently |= definition != null && definition.flag("concurrent");
            if (table != null) {
                check(table, command);
            }
        }
        return concurrently ? Placed.EVERYWHERE_ALONE : everywhere();
    }

    private void check(Table table, Ast command) {
        String kind = command.text("subtype");
        boolean key = table.placement() instanceof Placement.Sharded sharded
                && sharded.keyColumns().contains(command.text("name"));
        if (key
                && (kind.equals("AT_DropColumn")
                        || kind.equals("AT_AlterColumnType")
                        || kind.equals("AT_DropNotNull"))) {
            throw Refused.shape("changing the sharding key of \"" + table.name().name() + "\"");
        }
        if (table.placement() instanceof Placement.Reference
                && (kind.equals("AT_AddColumn") || kind.equals("AT_AlterColumnType"))) {
            References.checkAlter(planning, command, table.name().name());
        }
        if (kind.equals("AT_DropConstraint") && command.text("name").equals(SHARD_CHECK)) {
            throw Refused.shape(
                    "dropping the CHECK that keeps rows of \"" + table.name().name() + "\" on their shards");
        }
        new Constraints(planning, table).check(command);
    }

    private Placed rename(Ast statement) {
        if (statement.text("renameType").equals("OBJECT_SCHEMA")) {
            refuseSchema(statement.text("subname"));
        }
        Table table = distributed(statement.child("relation"));
        if (table != null) {
            boolean key = table.placement() instanceof Placement.Sharded sharded
                    && sharded.keyColumns().contains(statement.text("subname"));
            String type = statement.text("renameType");
            if (type.equals("OBJECT_TABLE")
                    || (type.equals("OBJECT_TABCONSTRAINT")
                            && statement.text("subname").equals(SHARD_CHECK))
                    || (type.equals("OBJECT_COLUMN") && key)) {
                throw Refused.shape(
                        "renaming distributed table \"" + table.name().name() + "\" or its key");
            }
        }
        refuseHiding(statement.text("newname"), "renaming to the name of");
        return everywhere();
    }

    /** Temporary relations are found before all others, and Pando does not see them. */
    private void refuseHiding(String name, String what) {
        Table hidden = planning.table("", name);
        if (hidden != null && !hidden.placement().equals(new Placement.Single(ShardId.HOME))) {
            throw Refused.shape(what + " distributed table \"" + hidden.name().name() + "\"");
        }
    }

    /** Placements are kept by name. */
    private void refuseSchema(String schema) {
        boolean declared = planning.catalog.declared().keySet().stream()
                .anyMatch(name -> name.schema().equals(schema));
        boolean placed = planning.catalog.tables().values().stream()
                .anyMatch(table -> table.name().schema().equals(schema)
                        && !table.placement().equals(new Placement.Single(ShardId.HOME)));
        if (declared || placed) {
            throw Refused.shape("renaming schema \"" + schema + "\", which holds distributed tables");
        }
    }

    private Placed moved(Ast statement, String what) {
        Table table = distributed(statement.child("relation"));
        if (table != null) {
            throw Refused.shape(what + " of distributed table \"" + table.name().name() + "\"");
        }
        return everywhere();
    }

    /** The table if it is sharded or a reference table. */
    private @Nullable Table distributed(@Nullable Ast relation) {
        Table table = relation == null ? null : planning.table(relation);
        return table == null || table.placement() instanceof Placement.Single ? null : table;
    }
}
