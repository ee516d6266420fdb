package dev.pando.server.control;

import dev.pando.base.error.PandoException;
import dev.pando.core.topology.IntMap;
import dev.pando.core.topology.Oids;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads which numbers each shard's database gave to types and tables, all shards at once. Of a shard that cannot be asked the numbers stay as
 * they were: what is new there is refused until it can.
 */
final class OidLoader {
    private static final Logger LOG = LoggerFactory.getLogger(OidLoader.class);

    /** Arrays go by their element: their own names may be others when a name was taken. */
    private static final String TYPES = """
            SELECT t.oid::bigint AS oid, n.nspname, coalesce(e.typname || '[]', t.typname) AS name,
                   CASE WHEN e.oid IS NULL THEN t.typtype::text ELSE 'a' END AS kind,
                   coalesce(e.oid, nullif(t.typbasetype, 0), r.rngsubtype, m.rngtypid, 0)::bigint AS made_of
            FROM pg_type t
            LEFT JOIN pg_type e ON e.typarray = t.oid
            LEFT JOIN pg_range r ON r.rngtypid = t.oid
            LEFT JOIN pg_range m ON m.rngmultitypid = t.oid
            JOIN pg_namespace n ON n.oid = t.typnamespace
            WHERE t.oid >= 16384 AND n.nspname !~ '^pg_(toast|temp)'""";

    private static final String TABLES = """
            SELECT c.oid::bigint AS oid, n.nspname, c.relname,
                   coalesce((SELECT md5(string_agg(a.attnum || ' ' || a.attname, ',' ORDER BY a.attnum))
                             FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '') AS columns
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_(toast|temp)'""";

    private final FleetConnections fleet;
    private final KeptConnections connections;

    OidLoader(FleetConnections fleet, KeptConnections connections) {
        this.fleet = fleet;
        this.connections = connections;
    }

    private record Type(int oid, char kind, int madeOf) {}

    private record Relation(TableName name, String columns) {}

    /** What one database says. */
    private record Numbers(Map<TableName, Type> types, Map<Relation, Integer> tables) {}

    /** The numbers as they are now. */
    Oids load(Oids before) {
        List<ShardId> shards = fleet.shards();
        if (shards.size() == 1) {
            return Oids.ALIKE;
        }
        List<CompletableFuture<@Nullable Numbers>> asked = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            shards.forEach(shard -> asked.add(CompletableFuture.supplyAsync(() -> ask(shard), threads)));
        }
        Numbers home = asked.getFirst().join();
        if (home == null) {
            return before;
        }
        List<Oids.OfShard> numbers = new ArrayList<>();
        numbers.add(Oids.OfShard.NOTHING);
        for (int i = 1; i < shards.size(); i++) {
            Numbers theirs = asked.get(i).join();
            if (theirs != null) {
                numbers.add(compared(home, theirs));
            } else {
                numbers.add(i < before.shards().size() ? before.shards().get(i) : Oids.OfShard.NOTHING);
            }
        }
        return new Oids(nested(home), numbers);
    }

    private @Nullable Numbers ask(ShardId shard) {
        try {
            return connections.read(shard, OidLoader::numbers);
        } catch (SQLException | PandoException e) {
            LOG.warn("the types of {} cannot be read: {}", shard, e.getMessage());
            return null;
        }
    }

    private static Numbers numbers(Connection connection) throws SQLException {
        Map<TableName, Type> types = new HashMap<>();
        Sql.rows(
                connection,
                TYPES,
                row -> types.put(
                        new TableName(Sql.text(row, "nspname"), Sql.text(row, "name")),
                        new Type((int) row.getLong("oid"), Sql.text(row, "kind").charAt(0), (int)
                                row.getLong("made_of"))));
        Map<Relation, Integer> tables = new HashMap<>();
        Sql.rows(
                connection,
                TABLES,
                row -> tables.put(
                        new Relation(
                                new TableName(Sql.text(row, "nspname"), Sql.text(row, "relname")),
                                Sql.text(row, "columns")),
                        (int) row.getLong("oid")));
        return new Numbers(types, tables);
    }

    private static Oids.OfShard compared(Numbers home, Numbers shard) {
        Map<Integer, Integer> toHome = new HashMap<>();
        Map<Integer, Integer> fromHome = new HashMap<>();
        shard.types().forEach((name, type) -> {
            Type same = home.types().get(name);
            if (same != null && same.kind() == type.kind()) {
                toHome.put(type.oid(), same.oid());
                fromHome.put(same.oid(), type.oid());
            }
        });
        Map<Integer, Integer> tables = new HashMap<>();
        shard.tables().forEach((relation, oid) -> {
            Integer same = home.tables().get(relation);
            if (same != null) {
                tables.put(oid, same);
            }
        });
        return new Oids.OfShard(IntMap.of(toHome), IntMap.of(fromHome), IntMap.of(tables));
    }

    /** Arrays and composite types, and what is made of them. */
    private static Oids.Nested nested(Numbers home) {
        Map<Integer, Type> all = new HashMap<>();
        home.types().values().forEach(type -> all.put(type.oid(), type));
        Map<Integer, Integer> kinds = new HashMap<>();
        Map<Integer, Integer> of = new HashMap<>();
        for (Type type : all.values()) {
            if (holdsOids(type, all)) {
                kinds.put(type.oid(), (int) type.kind());
                of.put(type.oid(), type.madeOf());
            }
        }
        return new Oids.Nested(IntMap.of(kinds), IntMap.of(of));
    }

    private static boolean holdsOids(Type type, Map<Integer, Type> all) {
        return switch (type.kind()) {
            case 'a', 'c' -> true;
            case 'd', 'r', 'm' -> {
                Type inner = all.get(type.madeOf());
                yield inner != null && holdsOids(inner, all);
            }
            default -> false;
        };
    }
}
