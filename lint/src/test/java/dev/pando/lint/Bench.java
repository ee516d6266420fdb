package dev.pando.lint;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.fact.Speeds;
import dev.pando.lint.read.MigrationReader;
import dev.pando.lint.read.MigrationReader.Mode;
import dev.pando.lint.read.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** A server with the schema of the fixtures, which each migration meets in a copy of its own. */
final class Bench implements AutoCloseable {
    private final TemporaryServer server;
    private final int major;
    private int copies;

    Bench(Major major) throws SQLException, IOException {
        this.major = major.number();
        server = TemporaryServer.start(major, Map.of());
        try (Connection connection = server.connect()) {
            execute(connection, "CREATE DATABASE ground");
        }
        try (Connection connection = server.connect("ground")) {
            execute(connection, Files.readString(Fixture.FOLDER.resolve("schema.sql")));
        }
    }

    TemporaryServer server() {
        return server;
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    String copy() throws SQLException {
        String name = "copy_" + ++copies;
        try (Connection connection = server.connect()) {
            execute(connection, "CREATE DATABASE " + name + " TEMPLATE ground");
        }
        return name;
    }

    Report.File lint(String name, String sql, Sizes sizes, boolean rewrites) throws SQLException {
        return lint(name, sql, new Linter.Options(major, sizes, Speeds.DEFAULT, true, rewrites));
    }

    /** As if the schema lacked something of production's. */
    Report.File lintIncomplete(String sql) throws SQLException {
        return lint("migration.sql", sql, new Linter.Options(major, Sizes.NONE, Speeds.DEFAULT, false, false));
    }

    private Report.File lint(String name, String sql, Linter.Options options) throws SQLException {
        try (var facts = new Facts(server, copy());
                var linter = new Linter(facts, options)) {
            return linter.lint(new MigrationReader(Map.of(), Mode.BY_FORMAT).read(new Source(name, sql)));
        }
    }

    Report.File lint(String sql) throws SQLException {
        return lint("migration.sql", sql, Sizes.NONE, false);
    }

    @Override
    public void close() {
        server.close();
    }
}
