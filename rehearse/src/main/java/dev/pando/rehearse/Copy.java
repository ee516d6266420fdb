package dev.pando.rehearse;

import dev.pando.lab.TemporaryServer;
import dev.pando.lint.fact.Sizes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * The database that a migration is rehearsed on: a server of its own with a schema, without rows so far or with those of a dump.
 *
 * @param words which server, whose schema
 * @param target sizes of the target's tables, none without one
 * @param rows numbers of rows of the target's tables by qualified name, empty without one
 * @param restored whether it has its rows
 * @param notes what it lacks
 */
record Copy(
        String words,
        TemporaryServer server,
        String database,
        Sizes target,
        Map<String, Long> rows,
        boolean restored,
        List<String> notes,
        AutoClosing closing)
        implements AutoCloseable {
    interface AutoClosing {
        void close();
    }

    Copy {
        rows = Map.copyOf(rows);
        notes = List.copyOf(notes);
    }

    /** A session whose texts the driver leaves alone. */
    Connection plain() throws SQLException {
        return server.connect(database, "preferQueryMode=simple");
    }

    /** A session as applications have them: prepared statements, types of parameters left to the server. */
    Connection client() throws SQLException {
        return server.connect(database, "stringtype=unspecified&ApplicationName=pando+client");
    }

    /** Another database of the same server; closing this one closes it, too. */
    Copy on(String other) {
        return new Copy(words, server, other, target, rows, restored, notes, () -> {});
    }

    @Override
    public void close() {
        closing.close();
    }
}
