package dev.pando.lab.twin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.lab.Messages;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * A database to be read, as libpq's URLs name it. Its password comes from the URL, else from {@code PGPASSWORD}, else the driver looks into
 * {@code ~/.pgpass}; it is never shown.
 */
public final class Target implements RowSource {
    private static final int USUAL_PORT = 5432;
    private static final String CONNECT_SECONDS = "10";

    private final String host;
    private final int port;
    private final String database;
    private final Properties properties;

    private Target(String host, int port, String database, Properties properties) {
        this.host = host;
        this.port = port;
        this.database = database;
        this.properties = properties;
    }

    /** {@code environment}: for {@code PGPASSWORD} and, where the URL has no user, {@code PGUSER} or {@code USER}. */
    public static Target of(String url, Map<String, String> environment) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            // Its message quotes the URL, which may hold a password.
            throw new PandoException(PandoError.TARGET, "the URL", e.getReason() + " at character " + e.getIndex());
        }
        if (!List.of("postgres", "postgresql").contains(String.valueOf(uri.getScheme())) || uri.getHost() == null) {
            throw new PandoException(PandoError.TARGET, "the URL", "it is not like postgres://user@host:5432/database");
        }
        String[] login = uri.getRawUserInfo() == null
                ? new String[] {""}
                : uri.getRawUserInfo().split(":", 2);
        Properties properties = new Properties();
        String user = login[0].isEmpty()
                ? environment.getOrDefault("PGUSER", environment.getOrDefault("USER", "postgres"))
                : decoded(login[0]);
        properties.setProperty("user", user);
        String password = login.length > 1 ? decoded(login[1]) : environment.get("PGPASSWORD");
        if (password != null) {
            properties.setProperty("password", password);
        }
        options(uri.getRawQuery()).forEach(properties::setProperty);
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String database = path.length() > 1 ? decoded(path.substring(1)) : user;
        return new Target(uri.getHost(), uri.getPort() < 0 ? USUAL_PORT : uri.getPort(), database, properties);
    }

    private static Map<String, String> options(@Nullable String query) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("connectTimeout", CONNECT_SECONDS);
        options.put("ApplicationName", "pando twin");
        for (String option : query == null ? new String[0] : query.split("&", -1)) {
            int equals = option.indexOf('=');
            if (equals > 0) {
                options.put(decoded(option.substring(0, equals)), decoded(option.substring(equals + 1)));
            }
        }
        return options;
    }

    /** Percent signs only: a plus in a URL of libpq is a plus. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private Connection connect() throws SQLException {
        String url = "jdbc:postgresql://" + host + ":" + port + "/" + Sql.encoded(database);
        return DriverManager.getConnection(url, properties);
    }

    /** Reads the database; what goes wrong is an error of the catalogue. */
    public Snapshot read() {
        try (Connection connection = connect()) {
            try {
                return SnapshotReader.read(connection);
            } catch (SQLException e) {
                throw LockHolders.explained(e, connection, this, PandoError.TARGET);
            }
        } catch (SQLException e) {
            throw PandoException.causedBy(e, PandoError.TARGET, this, Messages.of(e));
        }
    }

    /** As an error says it; rows that row security hides would make the sample a wrong one, so they are an error too. */
    @Override
    public long copy(String query, Connection twin, String table) {
        try (Connection connection = connect()) {
            try {
                return copied(connection, query, twin, table);
            } catch (SQLException e) {
                throw LockHolders.explained(e, connection, this, PandoError.ROWS_REFUSED);
            }
        } catch (SQLException e) {
            throw PandoException.causedBy(e, PandoError.ROWS_REFUSED, this, Messages.of(e));
        }
    }

    private static long copied(Connection connection, String query, Connection twin, String table) throws SQLException {
        connection.setAutoCommit(false);
        Sql.run(
                connection,
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
                "SET LOCAL statement_timeout = '60s'",
                "SET LOCAL lock_timeout = '2s'",
                "SET LOCAL row_security = off",
                "SET LOCAL search_path = ''",
                "SET LOCAL DateStyle = 'ISO, YMD'",
                "SET LOCAL IntervalStyle = 'postgres'",
                "SET LOCAL TimeZone = 'UTC'",
                "SET LOCAL extra_float_digits = 1");
        CopyIn in = twin.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY " + table + " FROM STDIN");
        try {
            CopyOut out = connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY (" + query + ") TO STDOUT");
            for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
                in.writeToCopy(row, 0, row.length);
            }
            return in.endCopy();
        } finally {
            if (in.isActive()) {
                in.cancelCopy();
            }
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "postgres://" + properties.getProperty("user") + "@" + host + ":" + port + "/" + database;
    }
}
