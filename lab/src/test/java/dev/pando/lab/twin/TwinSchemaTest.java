package dev.pando.lab.twin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The twin of a twin is the twin: a schema with everything in it is read, made and read again. */
class TwinSchemaTest {
    /** No twin has what only a superuser may make, since that could be made to crash the server, and what needs it. */
    private static final Set<String> SUPERUSERS = Set.of(
            "aggregate app.last_by(double precision,anyelement)",
            "operator family app.by_abs btree",
            "operator class app.by_abs btree",
            "operator family member app.by_abs btree FUNCTION 2 (integer, integer) btint4sortsupport(internal)",
            "index app.by_abs");

    @ParameterizedTest
    @EnumSource(Major.class)
    void aTwinHasTheSchemaOfItsTarget(Major major) throws SQLException, IOException {
        Snapshot target;
        try (TemporaryServer server = Targets.start(major, "rich");
                Connection connection = server.connect("rich")) {
            target = SnapshotReader.read(connection);
        }

        try (Twin twin = Twin.ofSchema(target, step -> {});
                Connection connection = twin.connect()) {
            Snapshot again = SnapshotReader.read(connection);

            assertThat(twin.omissions())
                    .filteredOn(omission -> !omission.kind().equals("statistics"))
                    .extracting(omission -> omission.kind() + " " + omission.name())
                    .containsExactlyInAnyOrderElementsOf(SUPERUSERS);
            assertThat(missing(statements(target), statements(again))).isEmpty();
            assertThat(missing(statements(again), statements(target))).isEmpty();
            assertThat(again.settings()).isEqualTo(target.settings());
            assertThat(indexes(again)).isEqualTo(indexes(target));
        }
        assertThat(target.schema()).hasSizeGreaterThan(150);
    }

    private static List<String> missing(List<String> expected, List<String> actual) {
        List<String> missing = new ArrayList<>(expected);
        actual.forEach(missing::remove);
        return missing;
    }

    private static List<String> statements(Snapshot snapshot) {
        return snapshot.schema().stream()
                .filter(object -> !SUPERUSERS.contains(object.kind().words() + " " + object.name()))
                .map(object -> object.kind() + " " + object.name() + "\n    " + object.sql())
                .toList();
    }

    /** In the order of their numbers, which decides between indexes of equal cost. */
    private static List<String> indexes(Snapshot snapshot) {
        return snapshot.relations().stream()
                .filter(relation -> relation.kind().equals("i"))
                .map(Snapshot.Relation::name)
                .filter(name -> !SUPERUSERS.contains("index " + name))
                .toList();
    }
}
