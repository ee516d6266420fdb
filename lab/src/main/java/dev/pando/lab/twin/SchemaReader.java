package dev.pando.lab.twin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.lab.twin.SchemaOrder.CatalogKey;
import dev.pando.lab.twin.SchemaOrder.Node;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a schema from the catalogs as statements that make it, by the server's own functions for definitions. */
final class SchemaReader {
    private static final int MOST_OBJECTS = 200_000;
    private static final int NEEDS = 5;
    private static final int NUMBER = 7;

    private final Connection connection;
    private final int major;

    /** {@code connection} has an empty search path, so that every name comes qualified. */
    SchemaReader(Connection connection, int major) {
        this.connection = connection;
        this.major = major;
    }

    List<SchemaObject> read() throws SQLException {
        List<Node> nodes = new ArrayList<>();
        for (ObjectKind kind : ObjectKind.values()) {
            nodes.addAll(Sql.rows(connection, row -> node(kind, row), CatalogQuery.text(kind.resource(), major)));
            if (nodes.size() > MOST_OBJECTS) {
                throw new PandoException(PandoError.SNAPSHOT_TOO_LARGE, MOST_OBJECTS, "objects");
            }
        }
        Map<CatalogKey, CatalogKey> aliases = new HashMap<>();
        pairs("aliases").forEach(pair -> aliases.put(pair.getKey(), pair.getValue()));
        return SchemaOrder.sort(nodes, aliases, pairs("dependencies"));
    }

    private static Node node(ObjectKind kind, ResultSet row) throws SQLException {
        int columns = row.getMetaData().getColumnCount();
        CatalogKey key = new CatalogKey(row.getLong(1), row.getLong(2));
        long number = columns >= NUMBER ? row.getLong(NUMBER) : key.object();
        @Nullable
        CatalogKey needs = columns > NEEDS ? new CatalogKey(row.getLong(NEEDS), row.getLong(NEEDS + 1)) : null;
        return new Node(key, number, new SchemaObject(kind, row.getString(3), row.getString(4)), needs);
    }

    private List<Map.Entry<CatalogKey, CatalogKey>> pairs(String query) throws SQLException {
        return Sql.rows(
                connection,
                row -> Map.entry(
                        new CatalogKey(row.getLong(1), row.getLong(2)), new CatalogKey(row.getLong(3), row.getLong(4))),
                CatalogQuery.text(query, major));
    }
}
