package dev.pando.core.route;

import dev.pando.core.shard.KeyType;
import dev.pando.core.shard.ShardingFunctions;
import dev.pando.core.topology.Catalog;
import dev.pando.core.topology.Column;
import dev.pando.core.topology.Column.Default;
import dev.pando.core.topology.HiddenCode;
import dev.pando.core.topology.HiddenCode.Found;
import dev.pando.core.topology.HiddenCode.Reach;
import dev.pando.core.topology.Oids;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Table;
import dev.pando.core.topology.TableName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The schema that golden plans are made against. */
final class SampleCatalog {
    static final List<String> SEARCH_PATH = List.of("public");

    private SampleCatalog() {}

    static Catalog of(int shards) {
        Map<TableName, Table> tables = new HashMap<>();
        Placement.Sharded users = sharded("users", shards, List.of("id"), KeyType.UUID);
        add(
                tables,
                "users",
                users,
                "id uuid",
                "name text C",
                "email text en_US",
                "created_at timestamptz",
                "score int4");
        Placement.Sharded messages = sharded("users", shards, List.of("user_id"), KeyType.UUID);
        add(
                tables,
                "messages",
                messages,
                "id int8",
                "user_id uuid",
                "body text C",
                "likes int4",
                "sent_at timestamptz");
        Placement.Sharded orders = sharded("orders", shards, List.of("tenant_id"), KeyType.INT8);
        add(tables, "orders", orders, "tenant_id int8", "id int8", "total numeric", "note text C");
        add(tables, "order_lines", orders, "tenant_id int8", "order_id int8", "line int4", "price numeric");
        Placement.Sharded events = sharded("events", shards, List.of("a", "b"), KeyType.INT4, KeyType.TEXT);
        add(tables, "events", events, "a int4", "b text C", "payload jsonb");
        add(
                tables,
                "accounts",
                sharded("accounts", shards, List.of("name"), KeyType.TEXT),
                "name text C",
                "balance numeric");
        add(tables, "settings", new Placement.Reference(), "key text C", "value text C");
        add(tables, "countries", new Placement.Reference(), "code text C", "name text en_US");
        add(tables, "tickets", new Placement.Reference(), "id int8 differs", "title text C");
        add(tables, "guarded", new Placement.Single(ShardId.HOME), "id int4", "note text C");
        add(tables, "logged", users, "id uuid", "note text C");
        add(tables, "notes", new Placement.Single(ShardId.HOME), "id int4", "note text C");
        view(tables, "all_users", "users");
        view(tables, "all_settings", "settings");
        TableName tenant = new TableName("tenant_7", "items");
        int tenantShard = Math.min(2, shards - 1);
        tables.put(
                tenant,
                new Table(
                        tenant,
                        Table.Kind.TABLE,
                        new Placement.Single(new ShardId(tenantShard)),
                        List.of(column("id int4"), column("name text C")),
                        Set.of()));
        Map<TableName, Placement> declared =
                Map.of(new TableName("public", "later"), sharded("later", shards, List.of("id"), KeyType.INT8));
        return new Catalog(1, shards, tables, declared, code(), Set.of("median"), false, Oids.ALIKE);
    }

    private static HiddenCode code() {
        Found balance = new Found(Reach.FAR, "function balance()");
        Found ledger = new Found(Reach.HOME, "function ledger()");
        return new HiddenCode(
                Map.of(
                        "audit_user",
                        new Found(Reach.FAR, "function audit_user()"),
                        "balance",
                        balance,
                        "ledger",
                        ledger,
                        "p",
                        new Found(Reach.FAR, "procedure p()")),
                Set.of("balance"),
                Set.of("audit_user", "balance", "ledger", "stamp"),
                Map.of("=~=", new Found(Reach.FAR, "operator =~=")),
                Map.of("known_user", new Found(Reach.FAR, "type known_user")),
                Map.of(new TableName("public", "guarded"), new Found(Reach.FAR, "policy \"mine\" of \"guarded\"")),
                Map.of(
                        new TableName("public", "notes"), new Found(Reach.HOME, "trigger \"log\" of \"notes\""),
                        new TableName("public", "guarded"), new Found(Reach.FAR, "trigger \"sum\" of \"guarded\""),
                        new TableName("public", "logged"), new Found(Reach.HOME, "trigger \"log\" of \"logged\"")),
                Map.of(new TableName("public", "accounts"), new Found(Reach.HOME, "trigger \"gone\" of \"accounts\"")),
                Map.of(new TableName("public", "countries"), "trigger \"touch\" of \"countries\""),
                null,
                null,
                Set.of(),
                Set.of("audit_user", "balance", "ledger", "p", "stamp", "median", "crosstab3"));
    }

    private static Placement.Sharded sharded(String group, int shards, List<String> keys, KeyType... types) {
        return new Placement.Sharded(
                group, ShardingFunctions.parse("hash", Map.of(), shards, List.of(types)), keys, List.of(types));
    }

    private static void add(Map<TableName, Table> tables, String name, Placement placement, String... columns) {
        TableName full = new TableName("public", name);
        List<Column> all = Arrays.stream(columns).map(SampleCatalog::column).toList();
        tables.put(full, new Table(full, Table.Kind.TABLE, placement, all, Set.of()));
    }

    private static void view(Map<TableName, Table> tables, String name, String reads) {
        TableName full = new TableName("public", name);
        Table base = tables.get(new TableName("public", reads));
        List<Column> columns = base == null ? List.of() : base.columns();
        tables.put(
                full,
                new Table(
                        full,
                        Table.Kind.VIEW,
                        new Placement.Single(ShardId.HOME),
                        columns,
                        Set.of(new TableName("public", reads))));
    }

    /** {@code name type}, and a collation for text or "differs" for a default that differs. */
    private static Column column(String description) {
        String[] words = description.split(" ", -1);
        int oid = switch (words[1]) {
            case "int2" -> 21;
            case "int4" -> 23;
            case "int8" -> 20;
            case "uuid" -> 2950;
            case "text" -> 25;
            case "timestamptz" -> 1184;
            case "numeric" -> 1700;
            case "jsonb" -> 3802;
            default -> throw new IllegalArgumentException(description);
        };
        boolean differs = words.length > 2 && words[2].equals("differs");
        String collation = oid == 25 ? words[2] : null;
        return new Column(
                words[0], oid, collation, "C".equals(collation), differs ? Default.DIFFERS : Default.SAME_EVERYWHERE);
    }
}
