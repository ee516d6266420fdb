package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.topology.Catalog;
import dev.pando.core.topology.Column;
import dev.pando.core.topology.HiddenCode;
import dev.pando.core.topology.Oids;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Table;
import dev.pando.core.topology.TableName;
import dev.pando.server.code.CatalogAnswer;
import dev.pando.server.code.CodeQuery;
import dev.pando.server.code.HiddenCodeLoader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds a {@link Catalog} from home's system catalogs and the shard map, both of one snapshot. */
final class CatalogLoader {
    private final Connection home;
    private final int shardCount;

    private CatalogLoader(Connection home, int shardCount) {
        this.home = home;
        this.shardCount = shardCount;
    }

    /**
     * @param catalog with epoch 0
     * @param oids of home's relations
     * @param children those of them that are partitions or inherit
     * @param twins undeclared tables with the CHECK of a declared one
     * @param unfenced tenants' schemas with tables that lack their CHECK
     */
    record Loaded(
            Catalog catalog,
            Metadata metadata,
            Map<TableName, Long> oids,
            Set<Long> children,
            List<Twin> twins,
            Set<String> unfenced) {
        Loaded {
            oids = Map.copyOf(oids);
            children = Set.copyOf(children);
            twins = List.copyOf(twins);
            unfenced = Set.copyOf(unfenced);
        }
    }

    /** An undeclared table whose CHECK is that of a declared one. */
    record Twin(TableName table, long oid, TableName declared) {
        static Twin of(ResultSet row) throws SQLException {
            return new Twin(
                    new TableName(Sql.text(row, "nspname"), Sql.text(row, "relname")),
                    row.getLong("oid"),
                    new TableName(Sql.text(row, "table_schema"), Sql.text(row, "table_name")));
        }
    }

    static Loaded load(Connection home, int shardCount) throws SQLException {
        home.setAutoCommit(false);
        try {
            Sql.execute(home, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
            Loaded loaded = new CatalogLoader(home, shardCount).read();
            home.commit();
            return loaded;
        } finally {
            home.rollback();
            home.setAutoCommit(true);
        }
    }

    private Loaded read() throws SQLException {
        boolean byteOrdered = Sql.one(home, CatalogSql.DEFAULT_COLLATION, row -> row.getBoolean("byte_ordered"));
        Metadata metadata = MetadataStore.load(home, shardCount);
        Map<Long, Relation> relations = relations(byteOrdered);
        Map<Long, Long> parents = new HashMap<>();
        Sql.rows(home, CatalogSql.PARENTS, row -> parents.put(row.getLong("child"), row.getLong("parent")));
        Map<Long, Set<Long>> reads = new HashMap<>();
        Sql.rows(
                home,
                CatalogSql.VIEW_READS,
                row -> reads.computeIfAbsent(row.getLong("view"), none -> new HashSet<>())
                        .add(row.getLong("reads")));
        Map<TableName, Table> tables = new HashMap<>();
        Map<TableName, Long> oids = new HashMap<>();
        Map<Long, Table> byOid = new HashMap<>();
        for (Relation relation : relations.values()) {
            Table table = new Table(
                    relation.name,
                    relation.kind,
                    placement(relation, relations, parents, metadata),
                    relation.columns,
                    tablesReadBy(relation.oid, relations, reads));
            tables.put(relation.name, table);
            byOid.put(relation.oid, table);
            oids.put(relation.name, relation.oid);
        }
        Map<TableName, Placement> declared = new HashMap<>();
        metadata.tables().forEach((name, entry) -> declared.put(name, metadata.placement(entry)));
        HiddenCode code = HiddenCodeLoader.load(answers(), byOid, parents);
        Set<String> aggregates = new HashSet<>(Sql.rows(home, CatalogSql.AGGREGATES, row -> Sql.text(row, "proname")));
        return new Loaded(
                new Catalog(0, shardCount, tables, declared, code, aggregates, byteOrdered, Oids.ALIKE),
                metadata,
                oids,
                parents.keySet(),
                Sql.rows(home, CatalogSql.TWINS, Twin::of),
                unfenced(home));
    }

    private Map<CodeQuery, CatalogAnswer> answers() throws SQLException {
        Map<CodeQuery, CatalogAnswer> answers = new EnumMap<>(CodeQuery.class);
        for (CodeQuery query : CodeQuery.values()) {
            answers.put(query, Sql.answer(home, query.sql()));
        }
        return answers;
    }

    static Set<String> unfenced(Connection home) throws SQLException {
        return new HashSet<>(Sql.rows(home, CatalogSql.UNFENCED, row -> Sql.text(row, "schema_name")));
    }

    /** A relation while its rows are read. */
    private static final class Relation {
        final long oid;
        final TableName name;
        final Table.Kind kind;
        final List<Column> columns = new ArrayList<>();

        Relation(long oid, TableName name, Table.Kind kind) {
            this.oid = oid;
            this.name = name;
            this.kind = kind;
        }
    }

    private Map<Long, Relation> relations(boolean byteOrderedDefault) throws SQLException {
        Map<Long, Relation> relations = new LinkedHashMap<>();
        Sql.rows(home, CatalogSql.RELATIONS, row -> {
            long oid = row.getLong("oid");
            Relation relation = relations.get(oid);
            if (relation == null) {
                relation = new Relation(
                        oid,
                        new TableName(Sql.text(row, "nspname"), Sql.text(row, "relname")),
                        kind(Sql.text(row, "relkind")));
                relations.put(oid, relation);
            }
            String attribute = row.getString("attname");
            if (attribute != null) {
                relation.columns.add(column(row, attribute, byteOrderedDefault));
            }
            return oid;
        });
        return relations;
    }

    private static Column column(ResultSet row, String name, boolean byteOrderedDefault) throws SQLException {
        boolean ordered = row.getBoolean("default_collation") ? byteOrderedDefault : row.getBoolean("byte_ordered");
        return new Column(
                name,
                (int) row.getLong("atttypid"),
                row.getString("collname"),
                ordered && !row.getBoolean("nondeterministic"),
                !row.getBoolean("nondeterministic"),
                Column.Default.valueOf(Sql.text(row, "default_value")));
    }

    private static Table.Kind kind(String relkind) {
        return switch (relkind) {
            case "r", "p" -> Table.Kind.TABLE;
            case "v" -> Table.Kind.VIEW;
            case "m" -> Table.Kind.MATERIALIZED_VIEW;
            case "f" -> Table.Kind.FOREIGN;
            case "S" -> Table.Kind.SEQUENCE;
            default -> throw new PandoException(PandoError.BUG, "relation kind " + relkind);
        };
    }

    /** Partitions and inheritance children are where their topmost parent is. */
    private static Placement placement(
            Relation relation, Map<Long, Relation> relations, Map<Long, Long> parents, Metadata metadata) {
        Relation top = relation;
        for (Long parent = parents.get(top.oid); parent != null; parent = parents.get(top.oid)) {
            Relation above = relations.get(parent);
            if (above == null) {
                break;
            }
            top = above;
        }
        Metadata.Entry entry = metadata.tables().get(top.name);
        if (entry != null && entry.oid() == top.oid) {
            return metadata.placement(entry);
        }
        return new Placement.Single(metadata.tenants().getOrDefault(top.name.schema(), ShardId.HOME));
    }

    private static Set<TableName> tablesReadBy(long view, Map<Long, Relation> relations, Map<Long, Set<Long>> reads) {
        Set<TableName> found = new HashSet<>();
        Set<Long> seen = new HashSet<>();
        List<Long> open = new ArrayList<>(reads.getOrDefault(view, Set.of()));
        while (!open.isEmpty()) {
            long next = open.removeLast();
            @Nullable Relation relation = relations.get(next);
            if (relation == null || !seen.add(next)) {
                continue;
            }
            if (relation.kind == Table.Kind.VIEW) {
                open.addAll(reads.getOrDefault(next, Set.of()));
            } else {
                found.add(relation.name);
                open.addAll(reads.getOrDefault(next, Set.of()));
            }
        }
        return found;
    }
}
