package dev.pando.bench;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Address and login of a PostgreSQL endpoint, as libpq's {@code postgres://user:password@host:port/database} gives them. */
public record PostgresUrl(String user, String password, String host, int port, String database) {
    private static final int DEFAULT_PORT = 5432;
    private static final Set<String> PLAIN_SSL_MODES = Set.of("disable", "allow", "prefer");

    /**
     * Parses a URI of scheme {@code postgres} or {@code postgresql}. Left-out parts are as in libpq: port 5432, database named like the user.
     *
     * @throws IllegalArgumentException with a text for the person who typed it; it never holds the password
     */
    public static PostgresUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not a URL: " + e.getReason() + " at character " + e.getIndex(), e);
        }
        if (!"postgres".equals(uri.getScheme()) && !"postgresql".equals(uri.getScheme())) {
            throw new IllegalArgumentException("URL has to start with postgres:// or postgresql://");
        }
        String host = uri.getHost();
        if (host == null) {
            throw new IllegalArgumentException(
                    "URL names no host; expected postgres://user:password@host:port/database");
        }
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        checkParameters(uri.getRawQuery());
        String[] login = (uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo()).split(":", 2);
        String user = login[0].isEmpty() ? "postgres" : decode(login[0]);
        String path = uri.getRawPath();
        return new PostgresUrl(
                user,
                login.length > 1 ? decode(login[1]) : "",
                host,
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                path == null || path.length() < 2 ? user : decode(path.substring(1)));
    }

    private static void checkParameters(@Nullable String query) {
        if (query == null) {
            return;
        }
        for (String parameter : query.split("&", -1)) {
            String[] parts = parameter.split("=", 2);
            boolean plain = parts.length == 2 && parts[0].equals("sslmode") && PLAIN_SSL_MODES.contains(parts[1]);
            if (!plain) {
                throw new IllegalArgumentException("URL parameter \"" + parameter
                        + "\" is not supported here (only sslmode=disable, allow or prefer)");
            }
        }
    }

    private static String decode(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** A new connection of the JDBC driver, without TLS. */
    Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("sslmode", "disable");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("ApplicationName", "pando bench");
        String escaped = URLEncoder.encode(database, StandardCharsets.UTF_8);
        return DriverManager.getConnection("jdbc:postgresql://" + authority() + "/" + escaped, properties);
    }

    /** Host and port. */
    String authority() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** The same login at another port of this machine. */
    PostgresUrl at(int localPort) {
        return new PostgresUrl(user, password, "127.0.0.1", localPort, database);
    }

    /** The same login to another database. */
    PostgresUrl database(String name) {
        return new PostgresUrl(user, password, host, port, name);
    }

    /** Without the password: this goes into reports. */
    @Override
    public String toString() {
        return "postgres://" + user + "@" + authority() + "/" + database;
    }
}
