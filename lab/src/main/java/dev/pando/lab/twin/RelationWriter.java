package dev.pando.lab.twin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Gives a twin's relations the sizes of the target's: those that {@code pg_class} has, and files of the real length. */
final class RelationWriter {
    private static final int BATCH = 500;
    private static final String PLACES = """
            SELECT c.oid::regclass::text, c.oid, c.relfilenode, pg_relation_filepath(c.oid), c.relkind = 'i' FROM pg_class c
            WHERE c.relkind IN ('r', 'p', 'm', 'i', 'I') AND {schema c.relnamespace}
            """;

    private static final String SIZES = """
            UPDATE pg_class c SET relpages = v.pages, reltuples = v.tuples, relallvisible = v.visible
            , relallfrozen = v.frozen -- >= 18
            FROM (VALUES %s) v (oid, pages, tuples, visible, frozen) WHERE c.oid = v.oid
            """;
    private static final String FILES = """
            UPDATE pg_class c SET relfilenode = v.file FROM (VALUES %s) v (oid, file) WHERE c.oid = v.oid AND c.relfilenode <> v.file
            """;

    private record Place(long oid, long file, @Nullable String path, boolean index) {}

    private final Connection connection;
    private final Deputy deputy;
    private final int major;

    RelationWriter(Connection connection, Deputy deputy, int major) {
        this.connection = connection;
        this.deputy = deputy;
        this.major = major;
    }

    /** Within a transaction, after a checkpoint, since first pages of indexes are taken from disk, and after the statistics of columns. */
    void write(List<Snapshot.Relation> relations) throws SQLException {
        Sql.ownNames(connection);
        Map<String, Place> places = new HashMap<>();
        Sql.rows(
                connection,
                row -> places.put(
                        row.getString(1),
                        new Place(row.getLong(2), row.getLong(3), row.getString(4), row.getBoolean(5))),
                CatalogQuery.expand(PLACES, major));
        update(
                known(
                        relations,
                        places,
                        (place, relation) -> "(" + place.oid() + "::oid, " + relation.pages() + ", " + relation.tuples()
                                + "::real, " + relation.allVisible() + ", " + relation.allFrozen() + ")"),
                SIZES);
        // Which need the sizes.
        Map<Long, Double> widths = new HashMap<>();
        Sql.rows(connection, row -> widths.put(row.getLong(1), row.getDouble(2)), CatalogQuery.text("btrees", major));
        RelationFiles files = new RelationFiles(connection);
        update(
                known(
                        relations,
                        places,
                        (place, relation) -> "(" + place.oid() + "::oid, "
                                + file(files, place, relation, widths.get(place.oid())) + "::oid)"),
                FILES);
    }

    private static List<String> known(
            List<Snapshot.Relation> relations,
            Map<String, Place> places,
            BiFunction<Place, Snapshot.Relation, String> row) {
        List<String> rows = new ArrayList<>();
        for (Snapshot.Relation relation : relations) {
            Place place = places.get(relation.name());
            if (place != null) {
                rows.add(row.apply(place, relation));
            }
        }
        return rows;
    }

    private static long file(RelationFiles files, Place place, Snapshot.Relation relation, @Nullable Double keyWidth) {
        if (place.path() == null || relation.blocks() == 0) {
            return place.file();
        }
        try {
            return files.write(place.path(), relation.blocks(), place.index(), keyWidth);
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.BUG, "the twin's file of " + relation.name() + ": " + e);
        }
    }

    private void update(List<String> rows, String statement) throws SQLException {
        for (int from = 0; from < rows.size(); from += BATCH) {
            String some = String.join(", ", rows.subList(from, Math.min(rows.size(), from + BATCH)));
            deputy.run(connection, CatalogQuery.expand(statement.formatted(some), major));
        }
    }
}
