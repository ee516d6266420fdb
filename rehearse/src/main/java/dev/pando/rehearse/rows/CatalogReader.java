package dev.pando.rehearse.rows;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads from the catalogs what rows have to satisfy. */
final class CatalogReader {
    private final Connection connection;

    private CatalogReader(Connection connection) {
        this.connection = connection;
    }

    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** All tables that users made, by age. The connection is outside of a transaction, before and afterwards. */
    static List<Table> read(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL search_path = ''");
            return new CatalogReader(connection).tables();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private List<Table> tables() throws SQLException {
        Map<String, Table> bare = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(text("tables"))) {
            while (rows.next()) {
                String name = rows.getString(1);
                bare.put(
                        name,
                        new Table(
                                name,
                                rows.getString(2),
                                rows.getString(3),
                                list(rows.getArray(4)),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of()));
            }
        }
        Array names = connection.createArrayOf("text", bare.keySet().toArray());
        Map<String, List<Column>> columns = byTable("columns", names, CatalogReader::column);
        Map<String, List<Key>> keys =
                byTable("keys", names, row -> new Key(row.getBoolean(2), row.getBoolean(3), list(row.getArray(4))));
        Map<String, List<Reference>> references = byTable(
                "references",
                names,
                row -> new Reference(row.getString(2), list(row.getArray(3)), list(row.getArray(4))));
        Map<String, List<Check>> checks =
                byTable("checks", names, row -> new Check(row.getString(2), list(row.getArray(3))));
        return bare.values().stream()
                .map(table -> new Table(
                        table.name(),
                        table.root(),
                        table.alias(),
                        table.triggers(),
                        columns.getOrDefault(table.name(), List.of()),
                        keys.getOrDefault(table.name(), List.of()),
                        references.getOrDefault(table.name(), List.of()),
                        checks.getOrDefault(table.name(), List.of())))
                .toList();
    }

    private static Column column(ResultSet row) throws SQLException {
        return new Column(
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5).charAt(0),
                row.getInt(6),
                row.getBoolean(7),
                row.getBoolean(8),
                row.getBoolean(9),
                row.getBoolean(10),
                row.getBoolean(11),
                row.getString(12),
                row.getInt(13));
    }

    private <T> Map<String, List<T>> byTable(String query, Array names, RowReader<T> reader) throws SQLException {
        Map<String, List<T>> all = new LinkedHashMap<>();
        String sql = text(query);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 1; i <= statement.getParameterMetaData().getParameterCount(); i++) {
                statement.setArray(i, names);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    all.computeIfAbsent(rows.getString(1), name -> new ArrayList<>())
                            .add(reader.read(rows));
                }
            }
        }
        return all;
    }

    private static List<String> list(@Nullable Array array) throws SQLException {
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }

    private static String text(String name) {
        try (InputStream in = CatalogReader.class.getResourceAsStream(name + ".sql")) {
            if (in == null) {
                throw new PandoException(PandoError.BUG, name + ".sql is not packaged");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.BUG, name + ".sql cannot be read");
        }
    }
}
