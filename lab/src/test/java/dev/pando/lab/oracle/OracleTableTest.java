package dev.pando.lab.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The kept tables against real servers; {@code -Doracle.rewrite=true} writes them anew, and the diff is the review. */
class OracleTableTest {
    private static final Path RESOURCES = Path.of("src/main/resources/dev/pando/lab/oracle");

    @Test
    void everyMajorStillDoesWhatTheTablesSay() throws Exception {
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            Map<Major, Future<String>> texts = new EnumMap<>(Major.class);
            for (Major major : Major.values()) {
                texts.put(major, two.submit(() -> OracleTable.write(major, OracleTable.measure(major))));
            }
            for (Map.Entry<Major, Future<String>> text : texts.entrySet()) {
                compare(text.getKey(), text.getValue().get());
            }
        }
    }

    private static void compare(Major major, String measured) throws IOException {
        Path file = RESOURCES.resolve(OracleTable.name(major));
        if (Boolean.getBoolean("oracle.rewrite")) {
            Files.writeString(file, measured);
        }
        assertThat(measured).as(file.toString()).isEqualTo(Files.readString(file));
    }

    @Test
    void theCorpusIsWideAndItsKeysAreUnique() throws IOException {
        List<Corpus.Entry> entries = Corpus.entries();
        assertThat(entries).hasSizeGreaterThan(500);
        assertThat(new HashSet<>(entries.stream().map(Corpus.Entry::key).toList()))
                .hasSameSizeAs(entries);
        try (Stream<Path> files = Files.list(RESOURCES.resolve("corpus"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                    Stream.of("schema.sql"),
                                    Corpus.TOPICS.stream().map(topic -> topic + ".sql"))
                            .toList());
        }
    }

    @Test
    void tablesAreReadAsTheyWereWritten() {
        for (Major major : Major.values()) {
            Map<String, Observation> table = OracleTable.of(major);
            assertThat(table.keySet())
                    .containsExactlyInAnyOrderElementsOf(
                            Corpus.entries().stream().map(Corpus.Entry::key).toList());
            assertThat(OracleTable.write(major, table)).isEqualTo(Corpus.resource(OracleTable.name(major)));
        }
    }

    @Test
    void thePageTellsWhatTheMajorsChanged() throws IOException {
        Path file = Path.of("../docs/oracle.md");
        Map<Major, Map<String, Observation>> tables = new EnumMap<>(Major.class);
        for (Major major : Major.values()) {
            tables.put(major, OracleTable.read(Files.readString(RESOURCES.resolve(OracleTable.name(major)))));
        }
        String page = Files.readString(file);
        String section = MajorsPage.section(tables);
        if (Boolean.getBoolean("oracle.rewrite")) {
            page = MajorsPage.with(page, section);
            Files.writeString(file, page);
        }
        assertThat(MajorsPage.in(page)).isEqualTo(section);
    }
}
