package dev.pando.acceptance;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.util.PGobject;

/** One side of a comparison: runs statements on a connection and records what comes of them. */
final class Party implements AutoCloseable {
    private final Connection connection;

    Party(Connection connection) {
        this.connection = connection;
    }

    /** A parameter by PostgreSQL's name of its type. */
    record Parameter(String type, @Nullable String value) {}

    Connection connection() {
        return connection;
    }

    Outcome run(String sql) {
        return run(sql, List.of());
    }

    Outcome run(String sql, List<Parameter> parameters) {
        try {
            return parameters.isEmpty() ? plain(sql) : prepared(sql, parameters);
        } catch (SQLException e) {
            return failed(e);
        }
    }

    private Outcome plain(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return outcome(statement, statement.execute(sql));
        }
    }

    private Outcome prepared(String sql, List<Parameter> parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                set(statement, i + 1, parameters.get(i));
            }
            return outcome(statement, statement.execute());
        }
    }

    private static void set(PreparedStatement statement, int index, Parameter parameter) throws SQLException {
        String value = parameter.value();
        if (value == null) {
            PGobject nothing = new PGobject();
            nothing.setType(parameter.type());
            statement.setObject(index, nothing);
            return;
        }
        switch (parameter.type()) {
            case "int4" -> statement.setInt(index, Integer.parseInt(value));
            case "int8" -> statement.setLong(index, Long.parseLong(value));
            case "float8" -> statement.setDouble(index, Double.parseDouble(value));
            case "text" -> statement.setString(index, value);
            case "bool" -> statement.setBoolean(index, Boolean.parseBoolean(value));
            case "uuid" -> statement.setObject(index, UUID.fromString(value));
            case "numeric" -> statement.setBigDecimal(index, new BigDecimal(value));
            case "uuid[]" ->
                statement.setArray(
                        index, statement.getConnection().createArrayOf("uuid", (Object[]) value.split(",", -1)));
            case "unknown" -> statement.setObject(index, value, Types.OTHER);
            default -> {
                PGobject other = new PGobject();
                other.setType(parameter.type());
                other.setValue(value);
                statement.setObject(index, other);
            }
        }
    }

    private static Outcome outcome(Statement statement, boolean rows) throws SQLException {
        if (!rows) {
            return new Outcome.Count(statement.getLargeUpdateCount());
        }
        try (ResultSet result = statement.getResultSet()) {
            return rows(result);
        }
    }

    private static Outcome.Rows rows(ResultSet result) throws SQLException {
        ResultSetMetaData about = result.getMetaData();
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= about.getColumnCount(); i++) {
            columns.add(about.getColumnLabel(i) + " " + about.getColumnTypeName(i) + "(" + about.getPrecision(i) + ","
                    + about.getScale(i) + ")");
        }
        List<List<@Nullable String>> rows = new ArrayList<>();
        while (result.next()) {
            List<@Nullable String> row = new ArrayList<>();
            for (int i = 1; i <= columns.size(); i++) {
                row.add(readable(result.getBytes(i)));
            }
            rows.add(row);
        }
        return new Outcome.Rows(columns, rows);
    }

    private static @Nullable String readable(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean clean = text.chars().allMatch(c -> c >= ' ' && c != 0xfffd);
        return clean ? text : "0x" + HexFormat.of().formatHex(bytes);
    }

    private static Outcome.Failed failed(SQLException e) {
        return new Outcome.Failed(String.valueOf(e.getSQLState()), String.valueOf(e.getMessage()));
    }

    /** Whether a transaction block is open, be it failed. */
    boolean inTransaction() throws SQLException {
        return switch (connection.unwrap(BaseConnection.class).getTransactionState()) {
            case IDLE -> false;
            case OPEN, FAILED -> true;
        };
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
