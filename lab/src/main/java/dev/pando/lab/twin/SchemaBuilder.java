package dev.pando.lab.twin;

import dev.pando.lab.Messages;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a snapshot's schema in a twin. What fails is tried again when all the rest is there, as often as that helps; what still fails is
 * told, with the server's own words.
 */
final class SchemaBuilder {
    private static final int BATCH = 500;

    private final Connection connection;
    private final List<Omission> omissions;

    SchemaBuilder(Connection connection, List<Omission> omissions) {
        this.connection = connection;
        this.omissions = omissions;
    }

    void build(List<SchemaObject> schema) throws SQLException {
        Sql.run(
                connection,
                "SET search_path = ''",
                "SET check_function_bodies = off",
                "SET client_min_messages = error",
                "SET default_table_access_method = heap",
                "SET row_security = off");
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
                Sql.run(connection, "SAVEPOINT object; " + object.sql() + "; RELEASE object");
            } catch (SQLException e) {
                Sql.run(connection, "ROLLBACK TO object");
                failed.add(object);
                failures.add(new Omission(object.kind().words(), object.name(), Messages.of(e)));
            }
            if (++done % BATCH == 0) {
                connection.commit(); // each object holds its locks until then
            }
        }
        connection.commit();
        return failures;
    }
}
