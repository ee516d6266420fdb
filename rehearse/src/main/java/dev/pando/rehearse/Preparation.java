package dev.pando.rehearse;

import dev.pando.lab.TemporaryServer;
import dev.pando.lab.oracle.RelationLock;
import dev.pando.lint.Linter;
import dev.pando.lint.fact.Speeds;
import dev.pando.lint.fact.Step;
import dev.pando.rehearse.output.Report.Filling;
import dev.pando.rehearse.rows.Amounts;
import dev.pando.rehearse.rows.Filled;
import dev.pando.rehearse.rows.Filler;
import dev.pando.rehearse.traffic.Subject;
import dev.pando.rehearse.traffic.SubjectReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A copy made ready: what lint says of the migration, rows, and what clients can ask. */
final class Preparation {
    private static final String FORESIGHT = "pando_foresight";
    private static final String BYTES = """
            SELECT coalesce(pg_partition_root(c.oid), c.oid)::regclass::text, sum(pg_table_size(c.oid))::int8
            FROM pg_class c WHERE c.relkind = 'r' AND c.oid >= 16384 GROUP BY 1""";

    private final Copy copy;
    private final Consumer<String> progress;
    private final List<String> notes = new ArrayList<>();
    private final List<List<Step>> steps = new ArrayList<>();
    private List<Filled> filled = List.of();

    Preparation(Copy copy, Consumer<String> progress) {
        this.copy = copy;
        this.progress = progress;
        notes.addAll(copy.notes());
    }

    /** Before there are rows, as lint changes what it judges: it gets a copy of the schema. */
    void foresee(List<Variant> variants) throws SQLException {
        progress.accept("what lint says of it");
        var options = new Linter.Options(copy.server().major().number(), copy.target(), Speeds.DEFAULT, true, false);
        for (Variant variant : variants) {
            Set<String> roles = Copies.roles(copy.server());
            Copies.create(copy.server(), FORESIGHT, copy.database());
            steps.add(Linter.judge(copy.server(), FORESIGHT, variant.migrations(), options).stream()
                    .flatMap(file -> file.steps().stream())
                    .toList());
            Copies.drop(copy.server(), FORESIGHT);
            Copies.keepRoles(copy.server(), roles);
        }
    }

    void fill(Amounts amounts) throws SQLException {
        try (Connection connection = copy.server().connect(copy.database())) {
            filled = copy.restored() ? Filler.known(connection, progress) : Filler.fill(connection, amounts, progress);
            progress.accept("vacuuming and analysing the copy");
            try (Statement statement = connection.createStatement()) {
                statement.execute("VACUUM (ANALYZE)");
            }
        }
        settled(copy.server());
    }

    /** Writes what was written so far, so that nobody has to do it meanwhile. */
    static void settled(TemporaryServer server) throws SQLException {
        try (Connection superuser = server.superuser("postgres");
                Statement statement = superuser.createStatement()) {
            statement.execute("CHECKPOINT");
        }
    }

    List<Subject> subjects() throws SQLException {
        try (Connection connection = copy.client()) {
            return SubjectReader.read(connection, filled, concerned(), notes::add);
        }
    }

    /** Tables that were there and that the migration, or one of its variants, locks. */
    Set<String> concerned() {
        return steps.stream()
                .flatMap(List::stream)
                .flatMap(step -> step.effect().locks().stream())
                .map(RelationLock::relation)
                .map(relation -> relation.qualifiedName())
                .collect(Collectors.toSet());
    }

    /** What lint says of each variant's statements. */
    List<List<Step>> steps() {
        return List.copyOf(steps);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    List<Filling> tables() throws SQLException {
        Map<String, Long> bytes = new HashMap<>();
        try (Connection connection = copy.client();
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = ''");
            try (ResultSet rows = statement.executeQuery(BYTES)) {
                while (rows.next()) {
                    bytes.put(rows.getString(1), rows.getLong(2));
                }
            }
        }
        return filled.stream()
                .map(table -> new Filling(
                        table.table(),
                        table.rows(),
                        bytes.getOrDefault(table.table(), 0L),
                        inTarget(table.table()),
                        table.problem()))
                .sorted((left, right) -> Long.compare(right.bytes(), left.bytes()))
                .toList();
    }

    private OptionalDouble inTarget(String table) {
        Long size = copy.target().bytes().get(table);
        return size == null ? OptionalDouble.empty() : OptionalDouble.of(size);
    }
}
