package dev.pando.core.topology;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Pando knows of the database's schema at one moment: immutable, replaced as a whole after DDL. Plans are cached per {@code epoch}.
 *
 * @param code functions, triggers and the like that look at tables the router cannot see
 * @param aggregates names of aggregate and window functions outside pg_catalog, extensions included
 * @param byteOrderedDefault whether the database's default collation orders text by bytes
 * @param declared placements by configuration or SQL, also of tables that do not exist yet
 * @param oids what the shards' numbers of types and tables are
 */
public record Catalog(
        long epoch,
        int shardCount,
        Map<TableName, Table> tables,
        Map<TableName, Placement> declared,
        HiddenCode code,
        Set<String> aggregates,
        boolean byteOrderedDefault,
        Oids oids) {
    public Catalog {
        tables = Map.copyOf(tables);
        declared = Map.copyOf(declared);
        aggregates = Set.copyOf(aggregates);
    }

    /** A database without aggregates of its own, and nothing but functions of which nothing is known. */
    public Catalog(
            long epoch,
            int shardCount,
            Map<TableName, Table> tables,
            Map<TableName, Placement> declared,
            Set<String> unsafeFunctions,
            boolean byteOrderedDefault) {
        this(
                epoch,
                shardCount,
                tables,
                declared,
                HiddenCode.of(unsafeFunctions),
                Set.of(),
                byteOrderedDefault,
                Oids.ALIKE);
    }

    public static Catalog empty(int shardCount) {
        return new Catalog(0, shardCount, Map.of(), Map.of(), Set.of(), true);
    }

    /** The same of another moment. */
    public Catalog at(long newEpoch) {
        return new Catalog(newEpoch, shardCount, tables, declared, code, aggregates, byteOrderedDefault, oids);
    }

    /** The same, with the shards' numbers of types and tables. */
    public Catalog with(Oids numbers) {
        return new Catalog(epoch, shardCount, tables, declared, code, aggregates, byteOrderedDefault, numbers);
    }

    /** The first relation of that name along the search path; with a schema given, only there. */
    public @Nullable Table find(@Nullable String schema, String name, List<String> searchPath) {
        if (schema != null) {
            return tables.get(new TableName(schema, name));
        }
        for (String candidate : searchPath) {
            Table table = tables.get(new TableName(candidate, name));
            if (table != null) {
                return table;
            }
        }
        return null;
    }
}
