package dev.pando.lab.twin;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A server of its own that stands for a target: same schema, statistics, settings and lengths of relations, no rows. It lives as long as
 * this object, or this JVM. What could not be made is in {@link #omissions}.
 */
public final class Twin implements AutoCloseable {
    private final TemporaryServer server;
    private final Snapshot snapshot;
    private final List<Omission> omissions;

    private Twin(TemporaryServer server, Snapshot snapshot, List<Omission> omissions) {
        this.server = server;
        this.snapshot = snapshot;
        this.omissions = omissions;
    }

    /**
     * A twin with the schema alone, whose relations are empty and without statistics: what statements lock and rewrite can be tried there at
     * no cost. {@code progress} is told of each step in words.
     */
    public static Twin ofSchema(Snapshot snapshot, Consumer<String> progress) throws SQLException {
        return ofSchema(snapshot, Map.of(), progress);
    }

    /** The same, with {@code settings} of the server on top of its own. */
    public static Twin ofSchema(Snapshot snapshot, Map<String, String> settings, Consumer<String> progress)
            throws SQLException {
        return build(snapshot, false, settings, progress);
    }

    /**
     * A twin with statistics and lengths of relations too, whose planner decides as the target's. Executing there what EXPLAIN tells would
     * read many empty pages.
     */
    public static Twin ofPlanner(Snapshot snapshot, Consumer<String> progress) throws SQLException {
        return build(snapshot, true, Map.of(), progress);
    }

    private static Twin build(
            Snapshot snapshot, boolean planner, Map<String, String> further, Consumer<String> progress)
            throws SQLException {
        progress.accept("starting a server");
        List<Omission> omissions = new ArrayList<>(snapshot.omissions());
        Major major = major(snapshot, omissions);
        Map<String, String> settings = settings(further);
        TemporaryServer server = TemporaryServer.startGuarded(major, settings);
        try {
            Twin twin = new Twin(server, snapshot, omissions);
            twin.fill(planner, progress);
            return twin;
        } catch (SQLException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static Major major(Snapshot snapshot, List<Omission> omissions) {
        int target = snapshot.server().major();
        Optional<Major> same = Major.of(target);
        if (same.isEmpty()) {
            omissions.add(new Omission(
                    "version",
                    snapshot.server().version(),
                    "the twin is PostgreSQL " + Major.newest().version() + ", the newest that Pando brings; version "
                            + target + " may decide otherwise"));
        }
        return same.orElse(Major.newest());
    }

    private static Map<String, String> settings(Map<String, String> further) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("autovacuum", "off");
        settings.put("max_locks_per_transaction", "1024");
        settings.putAll(further);
        return settings;
    }

    private void fill(boolean planner, Consumer<String> progress) throws SQLException {
        TwinDatabase.create(server, snapshot, omissions);
        try (Deputy deputy = Deputy.of(server, database());
                Connection connection = Sql.plain(server, database())) {
            progress.accept("schema");
            new SchemaBuilder(server, database(), connection, deputy, omissions).build(snapshot.schema());
            progress.accept("reading the schema again, to compare");
            tellDifferences(connection);
            if (planner) {
                progress.accept("statistics");
                writeStatistics(connection, deputy);
            }
        }
    }

    private void writeStatistics(Connection connection, Deputy deputy) throws SQLException {
        Sql.run(connection, "CHECKPOINT", "SET search_path = ''", "SET DateStyle = 'ISO, YMD'", "SET TimeZone = 'UTC'");
        connection.setAutoCommit(false);
        int major = server.major().number();
        new ColumnWriter(connection, deputy, major, omissions).write(snapshot.columns());
        new ExtendedWriter(connection, deputy, major, omissions).write(snapshot.extended());
        new RelationWriter(connection, deputy, major).write(snapshot.relations());
        connection.commit();
        connection.setAutoCommit(true);
    }

    /** The twin's own catalogs have the last word on whether its schema is the target's. */
    private void tellDifferences(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        Sql.run(connection, "SET LOCAL search_path = ''");
        Set<SchemaObject> made =
                new HashSet<>(new SchemaReader(connection, server.major().number()).read());
        connection.rollback();
        connection.setAutoCommit(true);
        Set<String> told = omissions.stream().map(Twin::subject).collect(Collectors.toSet());
        for (SchemaObject object : snapshot.schema()) {
            Omission difference = new Omission(object.kind().words(), object.name(), "the twin's is not quite alike");
            if (!made.contains(object) && told.add(subject(difference))) {
                omissions.add(difference);
            }
        }
    }

    private static String subject(Omission omission) {
        return omission.kind() + " " + omission.name();
    }

    public TemporaryServer server() {
        return server;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    /** The name of the target's database, and of the twin's. */
    public String database() {
        return snapshot.server().database();
    }

    /** What the target has and the twin has not, or not alike. */
    public List<Omission> omissions() {
        return List.copyOf(omissions);
    }

    /** A new connection of {@code postgres}, which owns the database and is no superuser. */
    public Connection connect() throws SQLException {
        return server.connect(database());
    }

    /** As psql takes it; it holds the password of this twin's {@code postgres}. */
    public String url() {
        return server.url(database());
    }

    @Override
    public void close() {
        server.close();
    }
}
