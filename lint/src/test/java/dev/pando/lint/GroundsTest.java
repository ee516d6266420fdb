package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import dev.pando.lab.oracle.Relation;
import dev.pando.lab.oracle.RelationKind;
import dev.pando.lab.twin.Omission;
import dev.pando.lab.twin.Snapshot;
import dev.pando.lab.twin.Snapshot.Server;
import dev.pando.lab.twin.SnapshotReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class GroundsTest {
    private static final Omission HIDDEN = new Omission("statistics", "public.orders", "2 columns hidden");

    private static Snapshot snapshot() throws SQLException {
        try (TemporaryServer server = TemporaryServer.start();
                Connection connection = server.connect()) {
            Bench.execute(connection, "CREATE TABLE orders (a int); CREATE TABLE p (a int) PARTITION BY RANGE (a)");
            Bench.execute(connection, "CREATE PUBLICATION everything FOR ALL TABLES");
            return SnapshotReader.read(connection);
        }
    }

    private static Snapshot with(Snapshot snapshot, int major, Omission... others) {
        Server server = snapshot.server();
        List<Omission> omissions = new ArrayList<>(snapshot.omissions());
        omissions.addAll(List.of(others));
        return new Snapshot(
                snapshot.format(),
                new Server(
                        major,
                        major + ".1",
                        server.database(),
                        server.encoding(),
                        server.provider(),
                        server.collate(),
                        server.ctype(),
                        server.locale(),
                        server.rules(),
                        server.blockSize(),
                        server.user()),
                snapshot.settings(),
                snapshot.schema(),
                snapshot.relations(),
                snapshot.columns(),
                snapshot.extended(),
                omissions,
                false);
    }

    private static Relation table(String name) {
        return new Relation("public", name, RelationKind.TABLE, true);
    }

    @Test
    void saysWhichServerItIsAndWhatItLacks() throws SQLException {
        Snapshot snapshot = snapshot();
        List<String> notes = new ArrayList<>();
        int newer = Major.newest().number() + 1;

        try (Ground ground = Grounds.twin(with(snapshot, newer, HIDDEN), Zone.USUAL, notes::add)) {
            assertThat(ground.words()).endsWith("PostgreSQL " + Major.newest().version());
            assertThat(notes.getFirst()).contains("the twin is PostgreSQL").doesNotContain("lacks");
            assertThat(notes).hasSize(2).anyMatch(note -> note.startsWith("the twin lacks publication everything"));
            assertThat(ground.complete()).isTrue();
            assertThat(ground.sizes().of(table("orders"))).isEqualTo(OptionalLong.of(0));
            assertThat(ground.sizes().of(table("p"))).isEmpty();
            assertThat(ground.sizes().with(Map.of("orders", 7L)).of(table("orders")))
                    .isEqualTo(OptionalLong.of(7));
        }
        Omission table = new Omission("foreign table", "f", "its server is not reached from here");
        try (Ground ground = Grounds.twin(with(snapshot, Major.newest().number(), table), Zone.USUAL, note -> {})) {
            assertThat(ground.complete()).isFalse();
        }
    }
}
