package dev.pando.lab;

import dev.pando.base.sql.Quote;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Extensions that only a superuser may make, and that a guarded server's makes for others: they show or keep what is in the server and reach
 * nothing outside of it. Those that PostgreSQL itself trusts need no superuser.
 */
public final class Extensions {
    private static final Set<String> MADE = Set.of(
            "amcheck",
            "autoinc",
            "bloom",
            "dict_xsyn",
            "insert_username",
            "intagg",
            "moddatetime",
            "pageinspect",
            "pg_buffercache",
            "pg_freespacemap",
            "pg_prewarm",
            "pg_stat_statements",
            "pg_visibility",
            "pgrowlocks",
            "pgstattuple",
            "refint",
            "sslinfo");

    private Extensions() {}

    public static boolean mayBeMade(String name) {
        return MADE.contains(name);
    }

    /**
     * Makes one in {@code schema}, by a connection of a guarded server's superuser in a transaction block of its own. Its script runs in a
     * schema where nobody has put anything, so that names in it mean what they should.
     */
    public static void make(Connection superuser, String name, String schema, @Nullable String version)
            throws SQLException {
        if (!mayBeMade(name)) {
            throw new IllegalArgumentException("extension " + name);
        }
        String extension = Quote.identifier(name);
        String chosen = version == null ? "" : " VERSION " + Quote.literal(version);
        try (Statement statement = superuser.createStatement()) {
            statement.execute("CREATE SCHEMA pando_extension");
            statement.execute("CREATE EXTENSION " + extension + " SCHEMA pando_extension" + chosen);
            statement.execute("ALTER EXTENSION " + extension + " SET SCHEMA " + Quote.identifier(schema));
            statement.execute("DROP SCHEMA pando_extension");
            statement.execute(Guard.extensionsOwner());
        }
    }

    /** Statements about the extensions that a new database has ask for their owner. */
    public static void giveToOwner(TemporaryServer server, String database) throws SQLException {
        try (Connection superuser = server.superuser(database);
                Statement statement = superuser.createStatement()) {
            statement.execute(Guard.extensionsOwner());
        }
    }
}
