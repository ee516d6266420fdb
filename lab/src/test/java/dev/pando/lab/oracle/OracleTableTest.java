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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The kept tables as files; {@code pando lint oracle} compares them with real servers, as its test does. */
class OracleTableTest {
    private static final Path RESOURCES = Path.of("src/main/resources/dev/pando/lab/oracle");

    @Test
    void tellsWhichLinesDiffer() {
        String before = "# words\na/one\n  nothing\na/two\n  read SCAN TABLE public.t\n  wait OLDER_SNAPSHOTS\n";
        String now =
                "# other words\na/two\n  lock SHARE TARGET TABLE public.t\n  wait OLDER_SNAPSHOTS\nb/new\n  nothing\n";

        assertThat(OracleTable.differences(before, before)).isEmpty();
        assertThat(OracleTable.differences(before, now))
                .containsExactly(
                        "a/one",
                        "- nothing",
                        "a/two",
                        "- read SCAN TABLE public.t",
                        "+ lock SHARE TARGET TABLE public.t",
                        "b/new",
                        "+ nothing");
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
            assertThat(OracleTable.write(major, table)).isEqualTo(OracleTable.text(major));
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
