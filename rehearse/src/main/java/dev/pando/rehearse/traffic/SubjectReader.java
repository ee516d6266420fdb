package dev.pando.rehearse.traffic;

import dev.pando.base.sql.Quote;
import dev.pando.lab.Messages;
import dev.pando.rehearse.rows.Filled;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads in a copy what clients can ask of its tables; requests that do not work there are left out. */
public final class SubjectReader {
    private static final int MOST_SUBJECTS = 50;
    private static final int MOST_KEYS = 1_000;
    /** How much more often than others a table is asked that the migration locks. */
    private static final int CONCERNED = 9;

    private static final String COLUMNS = """
            SELECT attname, a.attgenerated = '' AND a.attidentity = ''
              AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND a.attnum = ANY (i.indkey::int2[]))
              AND NOT EXISTS (SELECT FROM pg_partitioned_table t WHERE t.partrelid = a.attrelid AND a.attnum = ANY (t.partattrs::int2[])),
              (SELECT k.n FROM pg_index i CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, n)
               WHERE i.indrelid = a.attrelid AND i.indisprimary AND k.attnum = a.attnum AND k.n <= i.indnkeyatts)
            FROM pg_attribute a WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum""";

    private final Connection connection;
    private final Consumer<String> problem;

    private SubjectReader(Connection connection, Consumer<String> problem) {
        this.connection = connection;
        this.problem = problem;
    }

    /** @param concerned qualified names of the tables the migration locks */
    public static List<Subject> read(
            Connection connection, List<Filled> tables, Set<String> concerned, Consumer<String> problem)
            throws SQLException {
        var reader = new SubjectReader(connection, problem);
        List<Filled> used = tables.stream()
                .filter(table -> table.rows() > 0)
                .sorted(Comparator.comparing((Filled table) -> !concerned.contains(table.table()))
                        .thenComparing(Comparator.comparingLong(Filled::rows).reversed()))
                .limit(MOST_SUBJECTS)
                .toList();
        List<Subject> subjects = new ArrayList<>();
        for (Filled table : used) {
            subjects.add(reader.subject(table, concerned.contains(table.table()) ? CONCERNED : 1));
        }
        return subjects;
    }

    private record Named(String name, boolean free, int place) {}

    private Subject subject(Filled table, int weight) throws SQLException {
        List<Named> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, table.table());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(new Named(Quote.identifier(rows.getString(1)), rows.getBoolean(2), rows.getInt(3)));
                }
            }
        }
        List<String> key = columns.stream()
                .filter(column -> column.place() > 0)
                .sorted(Comparator.comparingInt(Named::place))
                .map(Named::name)
                .toList();
        String updated = columns.stream()
                .filter(Named::free)
                .map(Named::name)
                .findFirst()
                .orElse(null);
        List<List<String>> keys = key.isEmpty() ? List.of() : sample(table.table(), key);
        Subject subject = new Subject(
                table.table(),
                columns.stream().map(Named::name).toList(),
                key,
                updated,
                keys,
                inserting(table),
                weight);
        return working(subject);
    }

    private Subject.@Nullable Inserting inserting(Filled table) throws SQLException {
        Filled.Insertion insertion = table.insertion();
        if (insertion == null) {
            return null;
        }
        List<List<List<String>>> sources = new ArrayList<>();
        for (Filled.Source source : insertion.sources()) {
            List<List<String>> rows = sample(
                    source.table(),
                    source.columns().stream().map(Quote::identifier).toList());
            if (rows.isEmpty()) {
                return null;
            }
            sources.add(rows);
        }
        return new Subject.Inserting(insertion, sources);
    }

    private List<List<String>> sample(String table, List<String> columns) throws SQLException {
        String texts = columns.stream().map(column -> column + "::text").collect(Collectors.joining(", "));
        List<List<String>> all = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM " + table)) {
            count.next();
            double percent = Math.min(100, 150.0 * MOST_KEYS / Math.max(1, count.getLong(1)));
            try (ResultSet rows = statement.executeQuery("SELECT " + texts + " FROM " + table
                    + " TABLESAMPLE BERNOULLI (" + percent + ") REPEATABLE (1) LIMIT " + MOST_KEYS)) {
                while (rows.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= columns.size(); i++) {
                        String value = rows.getString(i);
                        if (value != null) {
                            row.add(value);
                        }
                    }
                    if (row.size() == columns.size()) {
                        all.add(row);
                    }
                }
            }
        }
        return all;
    }

    private Subject working(Subject subject) throws SQLException {
        String updated = subject.updated();
        Subject.Inserting inserting = subject.inserting();
        if (updated != null && !subject.keys().isEmpty()) {
            Request update =
                    GeneratedTraffic.update(subject, updated, subject.keys().getFirst());
            updated = works(update, "no updates of ") ? updated : null;
        }
        if (inserting != null) {
            Request insert = GeneratedTraffic.insert(subject, inserting, 1, new SplittableRandom(1));
            inserting = works(insert, "no inserts into ") ? inserting : null;
        }
        return new Subject(
                subject.name(), subject.columns(), subject.key(), updated, subject.keys(), inserting, subject.weight());
    }

    private boolean works(Request request, String otherwise) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement statement = connection.prepareStatement(request.sql())) {
            for (int i = 0; i < request.values().size(); i++) {
                statement.setString(i + 1, request.values().get(i));
            }
            statement.execute();
            return true;
        } catch (SQLException e) {
            problem.accept(otherwise + request.tables().getFirst() + ": " + Messages.of(e));
            return false;
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }
}
