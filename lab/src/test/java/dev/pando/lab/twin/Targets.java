package dev.pando.lab.twin;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** Servers with databases of scripts beside this class, to make twins of. */
final class Targets {
    /** Commits are in the log at once, or VACUUM would find no page whose rows all can see. */
    static final Map<String, String> SETTINGS = Map.of("autovacuum", "off", "synchronous_commit", "on");

    private static final Pattern PARTS = Pattern.compile("(?<=;\\n)(?=VACUUM)|(?<=\\nVACUUM[^\\n]{0,200};\\n)");

    private Targets() {}

    /** A server with one database, called as its script. */
    static TemporaryServer start(Major major, String script) throws SQLException, IOException {
        TemporaryServer server = TemporaryServer.start(major, Targets.SETTINGS);
        try {
            create(server, script);
            return server;
        } catch (SQLException | IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    static void create(TemporaryServer server, String script) throws SQLException, IOException {
        try (Connection connection = server.connect()) {
            Sql.run(connection, "CREATE DATABASE " + script);
        }
        try (Connection connection = Sql.plain(server, script)) {
            // VACUUM refuses company.
            for (String part : PARTS.split(text(script, server.major().number()), -1)) {
                Sql.run(connection, part);
            }
        }
    }

    private static String text(String script, int major) throws IOException {
        try (InputStream in = Objects.requireNonNull(Targets.class.getResourceAsStream(script + ".sql"), script)) {
            return CatalogQuery.expand(new String(in.readAllBytes(), StandardCharsets.UTF_8), major);
        }
    }
}
