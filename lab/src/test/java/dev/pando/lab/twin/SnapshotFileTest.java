package dev.pando.lab.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoException;
import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTest {
    private static TemporaryServer server;
    private static Snapshot snapshot;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws SQLException, IOException {
        server = Targets.start(Major.newest(), "shop");
        try (Connection connection = server.connect("shop")) {
            snapshot = SnapshotReader.read(connection);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void whatIsWrittenIsReadAgainAndItsOwnersOnly() throws IOException {
        Path file = folder.resolve("shop.snapshot");
        SnapshotFile.write(snapshot, file);

        assertThat(SnapshotFile.read(file)).isEqualTo(snapshot);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void anOlderFileStaysUntilTheNewOneIsWhole() throws IOException {
        Path file = Files.writeString(folder.resolve("shop.snapshot"), "older");
        SnapshotFile.write(snapshot, file);
        assertThat(SnapshotFile.read(file)).isEqualTo(snapshot);

        Path taken = Files.createDirectory(folder.resolve("taken"));
        Files.writeString(taken.resolve("inside"), "stays");
        assertThatThrownBy(() -> SnapshotFile.write(snapshot, taken)).isInstanceOf(IOException.class);
        assertThat(taken.resolve("inside")).hasContent("stays");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("shop.snapshot", "taken");
    }

    @Test
    void aFileThatAsksForTooMuchIsRefused() {
        for (long blocks : new long[] {Long.MAX_VALUE, -1, 1L << 40}) {
            List<Snapshot.Relation> relations = snapshot.relations().stream()
                    .map(relation -> new Snapshot.Relation(relation.name(), relation.kind(), blocks, 1, 1, 0, 0))
                    .toList();
            Snapshot large = new Snapshot(
                    snapshot.format(),
                    snapshot.server(),
                    snapshot.settings(),
                    snapshot.schema(),
                    relations,
                    List.of(),
                    List.of(),
                    List.of(),
                    false);
            assertThatThrownBy(() -> Twin.ofPlanner(large, step -> {}).close())
                    .isInstanceOf(PandoException.class)
                    .hasMessageContaining("more than 100000 files of 1 GB");
        }
    }

    @Test
    void anotherFileIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "no snapshot");
        assertThatThrownBy(() -> SnapshotFile.read(text))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("is no snapshot");
        Path newer = folder.resolve("newer");
        SnapshotFile.write(
                new Snapshot(
                        3,
                        snapshot.server(),
                        snapshot.settings(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        false),
                newer);
        assertThatThrownBy(() -> SnapshotFile.read(newer)).hasMessageContaining("its format is 3");
    }

    @Test
    void aRedactedFileHasNoValueOfTheData() throws IOException, SQLException {
        Path open = folder.resolve("open");
        Path redacted = folder.resolve("redacted");
        SnapshotFile.write(snapshot, open);
        SnapshotFile.write(Redaction.of(snapshot), redacted);
        String all = unpacked(open);
        String left = unpacked(redacted);
        int seen = 0;
        for (String value : values()) {
            seen += all.contains(value) ? 1 : 0;
            assertThat(left).doesNotContain(value);
        }
        assertThat(seen).isGreaterThan(100);
    }

    @Test
    void orderAndFrequenciesStay() {
        Snapshot.Column before = column(snapshot, "public.orders", "created");
        Snapshot.Column after = column(Redaction.of(snapshot), "public.orders", "created");
        assertThat(after.histogram()).isNotEqualTo(before.histogram());
        assertThat(ArrayText.read(String.valueOf(after.histogram())))
                .hasSameSizeAs(ArrayText.read(String.valueOf(before.histogram())))
                .isSorted();
        Snapshot.Column city = column(Redaction.of(snapshot), "public.customers", "city");
        assertThat(city.commonFrequencies())
                .isEqualTo(column(snapshot, "public.customers", "city").commonFrequencies());
        assertThat(column(Redaction.of(snapshot), "public.orders", "status"))
                .isEqualTo(column(snapshot, "public.orders", "status"));
    }

    @Test
    void aTwinOfARedactedFileHasItsStatistics() throws SQLException {
        Snapshot redacted = Redaction.of(snapshot);
        try (Twin twin = Twin.ofPlanner(redacted, step -> {});
                Connection connection = twin.connect()) {
            assertThat(SnapshotReader.read(connection).columns())
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("commonValues", "histogram")
                    .isEqualTo(redacted.columns());
        }
    }

    @Test
    void arraysAreReadAsTheServerWritesThem() {
        assertThat(ArrayText.read("{}")).isEmpty();
        assertThat(ArrayText.read("{a,\"b,c\",\"d\\\"e\\\\f\",\"\"}")).containsExactly("a", "b,c", "d\"e\\f", "");
        assertThat(ArrayText.read(ArrayText.write(List.of("x", "\"", "\\", "NULL", ""))))
                .containsExactly("x", "\"", "\\", "NULL", "");
    }

    /** Values that nothing but the data has: long texts, dates and times of day. */
    private static List<String> values() throws SQLException {
        try (Connection connection = server.connect("shop")) {
            Sql.run(connection, "SET TimeZone = 'UTC'");
            return Sql.rows(connection, row -> row.getString(1), """
                    SELECT email FROM customers UNION SELECT name FROM customers UNION SELECT city FROM customers
                    UNION SELECT born::text FROM customers UNION SELECT name FROM products UNION SELECT created::text FROM orders
                    UNION SELECT name FROM regions
                    """);
        }
    }

    private static Snapshot.Column column(Snapshot from, String relation, String name) {
        return from.columns().stream()
                .filter(column ->
                        column.relation().equals(relation) && column.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String unpacked(Path file) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
