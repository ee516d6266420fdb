package dev.pando.lab;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** What the fleet says to its servers in SQL. */
final class FleetSql {
    /** Wrong password, no such role, no such database. */
    private static final Set<String> LOGIN_STATES = Set.of("28P01", "28000", "3D000");

    private FleetSql() {}

    static Connection connect(int port, String database, Login login) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", login.user());
        properties.setProperty("password", login.password());
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("ApplicationName", "pando");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
    }

    /**
     * Creates the role and its database unless the role can log in already; repeated after an interruption it does the rest. Tells
     * whether there was something to do.
     */
    static boolean ensureApplication(Connection superuser, int port, Login login, String database) throws SQLException {
        try (Connection connection = connect(port, database, login)) {
            connection.clearWarnings();
            return false;
        } catch (SQLException e) {
            if (!LOGIN_STATES.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
        }
        try (Statement statement = superuser.createStatement()) {
            String role = statement.enquoteIdentifier(login.user(), true);
            String verb =
                    exists(superuser, "SELECT FROM pg_roles WHERE rolname = ?", login.user()) ? "ALTER" : "CREATE";
            statement.execute(verb + " ROLE " + role + " LOGIN PASSWORD " + statement.enquoteLiteral(login.password()));
            if (!exists(superuser, "SELECT FROM pg_database WHERE datname = ?", database)) {
                statement.execute("CREATE DATABASE " + statement.enquoteIdentifier(database, true) + " OWNER " + role);
            }
        }
        return true;
    }

    static String walPosition(Connection primary) throws SQLException {
        try (Statement statement = primary.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_wal_flush_lsn()")) {
            row.next();
            return row.getString(1);
        }
    }

    static boolean hasReplayed(Connection standby, String position) throws SQLException {
        return exists(standby, "SELECT FROM pg_last_wal_replay_lsn() AS l WHERE l >= ?::pg_lsn", position);
    }

    private static boolean exists(Connection connection, String sql, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** What a primary knows of a slot of a standby. */
    record Slot(boolean active, boolean lost) {}

    static Map<String, Slot> slots(Connection primary) throws SQLException {
        Map<String, Slot> slots = new HashMap<>();
        try (Statement statement = primary.createStatement();
                ResultSet rows = statement.executeQuery("SELECT slot_name, active, coalesce(wal_status, '') = 'lost'"
                        + " FROM pg_replication_slots WHERE slot_type = 'physical'")) {
            while (rows.next()) {
                slots.put(rows.getString(1), new Slot(rows.getBoolean(2), rows.getBoolean(3)));
            }
        }
        return slots;
    }

    static void ensureSlot(Connection primary, String slot) throws SQLException {
        try (Statement statement = primary.createStatement()) {
            statement.execute("SELECT pg_create_physical_replication_slot('" + slot + "', true)"
                    + " WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '" + slot + "')");
        }
    }
}
