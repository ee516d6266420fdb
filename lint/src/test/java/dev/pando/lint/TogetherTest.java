package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.fact.Speeds;
import dev.pando.lint.read.Migration;
import dev.pando.lint.read.MigrationReader;
import dev.pando.lint.read.MigrationReader.Mode;
import dev.pando.lint.read.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files that a tool runs in one transaction hold their locks together. */
class TogetherTest {
    private static final List<Source> FILES = List.of(
            new Source("drizzle/0001_a.sql", "ALTER TABLE orders ADD COLUMN extra int;"),
            new Source("drizzle/0002_b.sql", ""),
            new Source("drizzle/0003_c.sql", "ALTER TABLE items ADD CHECK (order_id > 0);\nCOMMIT;"),
            new Source("drizzle/0004_d.sql", "ALTER TABLE accounts ADD CHECK (balance > 0);"),
            new Source("V1__e.sql", "ALTER TABLE logs_rest ADD CHECK (at > '2020-01-01');"));

    private static final String HELD =
            "AccessExclusive on orders (line 1 of drizzle/0001_a.sql) is held while this statement reads all of items";

    private static MigrationReader reader() {
        return new MigrationReader(Map.of(), Mode.BY_FORMAT);
    }

    private static List<String> held(List<Report.File> files) {
        return files.stream()
                .flatMap(file -> file.findings().stream())
                .filter(finding -> finding.rule().equals("lock-held-while-working"))
                .map(finding -> finding.message())
                .toList();
    }

    @Test
    void theServersLinterAddsThemUp() throws SQLException, IOException {
        try (var bench = new Bench(Major.newest())) {
            var options = new Linter.Options(Major.newest().number(), Sizes.NONE, Speeds.DEFAULT, true, false);

            assertThat(held(Linter.judge(bench.server(), bench.copy(), reader().together(FILES), options)))
                    .containsExactly(HELD);
            assertThat(held(Linter.judge(
                            bench.server(),
                            bench.copy(),
                            FILES.stream().map(reader()::read).toList(),
                            options)))
                    .isEmpty();
        }
    }

    @Test
    void theLinterWithoutServerAddsThemUp() throws IOException {
        String schema = Files.readString(Fixture.FOLDER.resolve("schema.sql"))
                .replaceAll("(?m)^CREATE (?!TABLE|INDEX|SCHEMA).*", "");
        List<Report.File> files = new ArrayList<>();
        try (var linter = new OfflineLinter(Major.newest(), Sizes.NONE, Speeds.DEFAULT, true)) {
            linter.run(reader().read(new Source("schema.sql", schema)));
            for (Migration migration : reader().together(FILES)) {
                files.add(linter.lint(migration));
            }
        }

        assertThat(held(files)).as(files.toString()).containsExactly(HELD);
        assertThat(files).extracting(file -> file.steps().size()).containsExactly(1, 0, 2, 1, 1);
    }
}
