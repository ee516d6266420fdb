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

/**
 * A database to be read, as libpq's URLs name it. Its password comes from the URL, else from {@code PGPASSWORD}, else the driver looks into
 * {@code ~/.pgpass}; it is never shown.
 */
public final class Target {
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

    /** Reads the database; what goes wrong is an error of the catalogue. */
    public Snapshot read() {
        String url = "jdbc:postgresql://" + host + ":" + port + "/" + Sql.encoded(database);
        try (Connection connection = DriverManager.getConnection(url, properties)) {
            return SnapshotReader.read(connection);
        } catch (SQLException e) {
            throw PandoException.causedBy(e, PandoError.TARGET, this, Messages.of(e));
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "postgres://" + properties.getProperty("user") + "@" + host + ":" + port + "/" + database;
    }
}
