package dev.pando.lab.twin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.lab.Messages;
import dev.pando.lab.twin.PartitionBounds.Part;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a table of a twin a partitioned one where it stands, so that views, foreign keys and indexes stay its own: its entry in the catalog
 * becomes that of a partitioned table, whose key the server reads from one made for it. The server makes the partitions. Their sizes and
 * statistics are derived from the table's, since there are no rows to measure.
 */
final class PartitionTrial {
    private static final double WHOLE_SHARE = 1.0;

    private record Facts(
            long oid,
            String table,
            String schema,
            String name,
            String kind,
            boolean related,
            String column,
            String type) {}

    /** A unique constraint or index without the key, as it is and as it would have to be. */
    private record Blocker(
            String index,
            String text,
            @Nullable String drop,
            @Nullable String make,
            @Nullable String references) {}

    /** A partition with its share of the table's rows. */
    private record Share(String name, Part part, double tuples) {}

    private final Connection connection;
    private final Deputy deputy;
    private final int major;
    private final Snapshot snapshot;
    private final Partitioning partitioning;
    private final List<Share> shares = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private String table = "";

    PartitionTrial(Connection connection, Deputy deputy, int major, Snapshot snapshot, Partitioning partitioning) {
        this.connection = connection;
        this.deputy = deputy;
        this.major = major;
        this.snapshot = snapshot;
        this.partitioning = partitioning;
    }

    /** {@code extendKeys}: unique constraints without the key become ones with it. */
    void make(boolean extendKeys) throws SQLException {
        try {
            String found =
                    Sql.one(connection, "SELECT pg_catalog.to_regclass(?)::pg_catalog.oid", partitioning.table());
            Sql.ownNames(connection);
            Facts facts = facts(found);
            List<Blocker> blockers = blockers(facts, extendKeys);
            share(facts);
            for (Blocker blocker : blockers) {
                Sql.run(connection, String.valueOf(blocker.drop()));
            }
            convert(facts);
            for (Share share : shares) {
                Sql.run(
                        connection,
                        "CREATE TABLE " + share.name() + " PARTITION OF " + facts.table() + " "
                                + share.part().bounds());
            }
            Sql.run(connection, "CHECKPOINT");
            writeStatistics(facts);
            for (Blocker blocker : blockers) {
                new IndexTrial(connection, deputy, major).build(partitioning.text(), String.valueOf(blocker.make()));
                note(blocker);
            }
            Sql.run(connection, "SET LOCAL search_path TO DEFAULT");
            table = facts.table();
        } catch (SQLException e) {
            throw PandoException.causedBy(e, PandoError.EXPLAIN_REFUSED, partitioning.text(), Messages.of(e));
        }
    }

    private Facts facts(@Nullable String table) throws SQLException {
        List<Facts> found = Sql.rows(
                connection,
                PartitionTrial::facts,
                CatalogQuery.text("partitioning", major),
                partitioning.key(),
                table == null ? 0L : Long.valueOf(table));
        if (found.isEmpty()) {
            throw partitioning.refused("there is no such table with such a column");
        }
        Facts facts = found.getFirst();
        if (!facts.kind().equals("r") || facts.related()) {
            throw partitioning.refused("it is not an ordinary table, or has parents or children");
        }
        return facts;
    }

    private static Facts facts(ResultSet row) throws SQLException {
        return new Facts(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getBoolean(6),
                row.getString(7),
                row.getString(8));
    }

    private List<Blocker> blockers(Facts facts, boolean extendKeys) throws SQLException {
        List<Blocker> blockers = Sql.rows(
                connection,
                row -> new Blocker(
                        row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5)),
                CatalogQuery.text("partition-blockers", major),
                facts.column(),
                facts.oid());
        boolean cannot = blockers.stream().anyMatch(blocker -> blocker.make() == null);
        if (!blockers.isEmpty() && (cannot || !extendKeys)) {
            throw partitioning.refused(blockers.stream()
                    .map(blocker -> blocker.text() + " has not " + facts.column()
                            + ", and a partitioned table enforces only what contains its key"
                            + (blocker.references() == null ? "" : "; " + blocker.references() + " refer to it")
                            + (blocker.make() == null ? "; it cannot be extended" : ""))
                    .collect(Collectors.joining("; ")));
        }
        return blockers;
    }

    private Snapshot.Column column(Facts facts) {
        return columns(facts.table())
                .filter(column -> Quote.identifier(column.name()).equals(facts.column()))
                .findFirst()
                .orElseThrow(() -> partitioning.refused("there are no statistics of " + facts.column()));
    }

    private Stream<Snapshot.Column> columns(String relation) {
        return snapshot.columns().stream().filter(column -> column.relation().equals(relation) && !column.inherited());
    }

    private Snapshot.Relation relation(String name) {
        return snapshot.relations().stream()
                .filter(relation -> relation.name().equals(name))
                .findFirst()
                .orElseThrow(() -> partitioning.refused("the size of " + name + " is not known"));
    }

    /** As the planner estimates the rows of each, and all together those of the table. */
    private void share(Facts facts) throws SQLException {
        Snapshot.Column column = column(facts);
        List<Part> parts = new PartitionBounds(connection, partitioning, column, facts.type()).parts();
        double tuples = relation(facts.table()).tuples();
        List<Double> estimates = new ArrayList<>();
        double sum = 0;
        for (Part part : parts) {
            double estimate = 0;
            if (!part.isDefault()) {
                estimate = part.condition() == null
                        ? WHOLE_SHARE
                        : Plan.of(connection, "SELECT FROM ONLY " + facts.table() + " WHERE " + part.condition())
                                .rows();
            }
            estimates.add(estimate);
            sum += estimate;
        }
        boolean list = partitioning.strategy().equals("LIST");
        double present = tuples * (partitioning.strategy().equals("HASH") ? 1 : 1 - column.nullFraction());
        double scale = list && sum < present ? 1 : present / Math.max(1, sum);
        for (int i = 0; i < parts.size(); i++) {
            double own = parts.get(i).isDefault() ? Math.max(0, tuples - sum * scale) : estimates.get(i) * scale;
            String name = facts.schema() + "." + Quote.identifier(facts.name() + "_p" + (i + 1));
            shares.add(new Share(name, parts.get(i), Math.rint(own)));
        }
    }

    private void convert(Facts facts) throws SQLException {
        Sql.run(
                connection,
                "CREATE SCHEMA pando_partitioning",
                "CREATE TABLE pando_partitioning.key (LIKE " + facts.table() + ") PARTITION BY "
                        + partitioning.strategy() + " (" + facts.column() + ")");
        for (String statement : CatalogQuery.text("partition-conversion", major).split(";\n", -1)) {
            deputy.run(connection, statement.replace("$table", Long.toString(facts.oid())));
        }
        Sql.run(connection, "DROP SCHEMA pando_partitioning CASCADE");
    }

    private void writeStatistics(Facts facts) throws SQLException {
        double tuples = Math.max(1, relation(facts.table()).tuples());
        PartitionColumns derived = new PartitionColumns(connection, facts.type(), tuples);
        List<Snapshot.Column> columns = new ArrayList<>();
        List<Snapshot.Relation> relations = new ArrayList<>();
        for (Share share : shares) {
            relations.add(part(relation(facts.table()), share.name(), share.tuples() / tuples));
            for (Snapshot.Column column : columns(facts.table()).toList()) {
                columns.add(
                        Quote.identifier(column.name()).equals(facts.column())
                                ? key(derived, column, facts, share)
                                : derived.other(column, share.name(), share.tuples()));
            }
            Map<String, String> indexes = indexes(share.name());
            indexes.forEach((own, whole) -> {
                relations.add(part(relation(whole), own, share.tuples() / tuples));
                columns(whole).forEach(column -> columns.add(derived.other(column, own, share.tuples())));
            });
        }
        List<Omission> refused = new ArrayList<>();
        new ColumnWriter(connection, deputy, major, refused).write(columns);
        if (!refused.isEmpty()) {
            throw partitioning.refused(refused.getFirst().toString());
        }
        new RelationWriter(connection, deputy, major).write(relations);
    }

    private Snapshot.Column key(PartitionColumns derived, Snapshot.Column column, Facts facts, Share share)
            throws SQLException {
        if (share.part().isDefault()) {
            return derived.rest(
                    column,
                    share.name(),
                    share.tuples(),
                    partitioning.strategy().equals("LIST"));
        }
        String condition = share.part().condition();
        if (condition == null) {
            String bound = share.part().bounds().replaceAll("[^0-9,]", "");
            condition = "satisfies_hash_partition(" + facts.oid() + "::oid, " + bound.replace(",", ", ") + ", "
                    + facts.column() + ")";
        }
        return derived.key(column, share.name(), share.tuples(), share.part(), condition);
    }

    /** Of a partition, each with the table's of which it is a part. */
    private Map<String, String> indexes(String partition) throws SQLException {
        Map<String, String> indexes = new LinkedHashMap<>();
        Sql.rows(connection, row -> indexes.put(row.getString(1), row.getString(2)), """
                SELECT i.inhrelid::regclass, i.inhparent::regclass FROM pg_index x JOIN pg_inherits i ON i.inhrelid = x.indexrelid
                WHERE x.indrelid = ?::regclass ORDER BY 1
                """, partition);
        return indexes;
    }

    private static Snapshot.Relation part(Snapshot.Relation whole, String name, double share) {
        return new Snapshot.Relation(
                name,
                whole.kind(),
                Math.round(Math.ceil(whole.blocks() * share)),
                (int) Math.ceil(whole.pages() * share),
                (float) Math.rint(whole.tuples() * share),
                (int) Math.floor(whole.allVisible() * share),
                (int) Math.floor(whole.allFrozen() * share));
    }

    private void note(Blocker blocker) {
        notes.add(blocker.text() + " became " + String.valueOf(blocker.make()).replaceFirst("^.*? ADD ", ""));
        if (blocker.references() != null) {
            notes.add(blocker.references() + ": dropped");
        }
    }

    /** With what {@code after}, a plan that is made with the partitions, reads of them. */
    Trial.Partitioned answer(Plan after) {
        List<Trial.Part> parts = shares.stream()
                .map(share -> new Trial.Part(share.name(), share.part().bounds(), share.tuples()))
                .toList();
        long read = shares.stream()
                .filter(share -> after.relations().stream()
                        .anyMatch(name -> share.name().endsWith("." + Quote.identifier(name))))
                .count();
        return new Trial.Partitioned(partitioning.text(), table, parts, read, notes);
    }
}
