package dev.pando.lab.twin;

import dev.pando.lab.Extensions;
import dev.pando.lab.Messages;
import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a snapshot's schema in a twin, as the owner of its database, since a schema is code. What fails is tried again when all the rest is
 * there, as often as that helps; what still fails is told, with the server's own words. Two things are the superuser's, in words of Pando's
 * own: an extension of {@link Extensions}, and a {@link CatalogChange}.
 */
final class SchemaBuilder {
    private static final int BATCH = 500;

    private static final String NAME = "(\"(?:[^\"]|\"\")+\"|[a-z_][a-z0-9_]*)";
    private static final Pattern EXTENSION = Pattern.compile("CREATE EXTENSION " + NAME + "(?: SCHEMA " + NAME + ")?");
    private static final String NEEDS_SUPERUSER = "42501";

    private final TemporaryServer server;
    private final String database;
    private final Connection connection;
    private final Deputy deputy;
    private final List<Omission> omissions;

    SchemaBuilder(
            TemporaryServer server, String database, Connection connection, Deputy deputy, List<Omission> omissions) {
        this.server = server;
        this.database = database;
        this.connection = connection;
        this.deputy = deputy;
        this.omissions = omissions;
    }

    void build(List<SchemaObject> schema) throws SQLException {
        Sql.run(
                connection,
                "SET search_path = ''",
                "SET check_function_bodies = off",
                "SET client_min_messages = error",
                "SET default_table_access_method = heap",
                "SET row_security = off",
                "SET statement_timeout = '60s'");
        connection.setAutoCommit(false);
        List<SchemaObject> rest = schema;
        List<Omission> failures = List.of();
        int before;
        do {
            before = rest.size();
            List<SchemaObject> failed = new ArrayList<>();
            failures = attempt(rest, failed);
            rest = failed;
        } while (!rest.isEmpty() && rest.size() < before);
        omissions.addAll(failures);
        connection.setAutoCommit(true);
        Sql.run(connection, "RESET ALL");
    }

    private List<Omission> attempt(List<SchemaObject> objects, List<SchemaObject> failed) throws SQLException {
        List<Omission> failures = new ArrayList<>();
        int done = 0;
        for (SchemaObject object : objects) {
            try {
                if (CatalogChange.is(object)) {
                    Sql.run(connection, "SAVEPOINT object");
                    deputy.run(connection, object.sql());
                    Sql.run(connection, "RELEASE object");
                } else {
                    Sql.run(connection, "SAVEPOINT object; " + object.sql() + "; RELEASE object");
                }
            } catch (SQLException e) {
                Sql.run(connection, "ROLLBACK TO object");
                String reason = NEEDS_SUPERUSER.equals(e.getSQLState()) && object.kind() == ObjectKind.EXTENSION
                        ? reasonAgainst(object)
                        : Messages.of(e);
                if (reason != null) {
                    failed.add(object);
                    failures.add(new Omission(object.kind().words(), object.name(), reason));
                }
            }
            if (++done % BATCH == 0) {
                connection.commit(); // each object holds its locks until then
            }
        }
        connection.commit();
        return failures;
    }

    /** Why the extension is not made by the superuser; null if it is. */
    private @Nullable String reasonAgainst(SchemaObject object) throws SQLException {
        Matcher words = EXTENSION.matcher(object.sql());
        if (!words.matches() || !Extensions.mayBeMade(bare(words.group(1)))) {
            return "only a superuser may make it, and it may reach out of the twin's server";
        }
        connection.commit(); // its schema is to be seen
        try (Connection superuser = server.superuser(database)) {
            superuser.setAutoCommit(false);
            String schema = words.group(2);
            Extensions.make(superuser, bare(words.group(1)), schema == null ? "pg_catalog" : bare(schema), null);
            superuser.commit();
            return null;
        } catch (SQLException e) {
            return Messages.of(e);
        }
    }

    private static String bare(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }
}
