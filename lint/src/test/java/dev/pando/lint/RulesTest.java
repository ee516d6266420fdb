package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.rule.Rule;
import dev.pando.lint.rule.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each rule fires on the lines of its fixtures that say so, on a real server, and on no other. */
class RulesTest {
    private static final Path PAGES = Path.of("../docs/rules");
    private static Bench bench;

    @BeforeAll
    static void start() throws SQLException, IOException {
        bench = new Bench(Major.newest());
    }

    @AfterAll
    static void stop() {
        bench.close();
    }

    @TestFactory
    Stream<DynamicTest> rulesFireWhereTheirFixturesSay() {
        return Rules.ALL.stream()
                .map(rule -> DynamicTest.dynamicTest(rule.text().id(), () -> fires(rule)));
    }

    private static void fires(Rule rule) throws IOException, SQLException {
        String id = rule.text().id();
        List<Fixture> fixtures = Fixture.of(id);
        assertThat(fixtures).anySatisfy(fixture -> assertThat(fixture.firing()).isNotEmpty());
        for (Fixture fixture : fixtures) {
            Report.File file = bench.lint(fixture.name(), fixture.sql(), Sizes.NONE, false);
            Set<Integer> lines = file.findings().stream()
                    .filter(finding -> finding.rule().equals(id))
                    .map(finding -> finding.step().statement().place().line())
                    .collect(Collectors.toCollection(TreeSet::new));

            assertThat(lines).as(id + " in\n" + fixture.text() + said(file)).isEqualTo(fixture.firing());
        }
    }

    private static String said(Report.File file) {
        List<String> said = new ArrayList<>();
        for (Finding finding : file.findings()) {
            said.add(finding.place() + " " + finding.rule() + ": " + finding.message());
        }
        file.steps().forEach(step -> said.add(step.statement().place() + " " + step.effect()));
        return String.join("\n", said);
    }

    @Test
    void stepsSeeThoseBeforeThem() throws SQLException {
        assertThat(bench.lint("SELECT 1; SELECT 2; SELECT 3;").steps())
                .extracting(step -> step.before().size())
                .containsExactly(0, 1, 2);
    }

    @Test
    void idsFixturesAndPagesMatch() throws IOException {
        List<String> ids = Rules.ALL.stream().map(rule -> rule.text().id()).toList();

        assertThat(ids).doesNotHaveDuplicates();
        assertThat(names(Fixture.FOLDER, ".sql")).containsExactlyInAnyOrderElementsOf(with(ids, "schema"));
        assertThat(Rules.ALL.stream()
                        .map(rule -> rule.getClass().getSimpleName())
                        .toList())
                .isEqualTo(ids.stream().map(RulesTest::className).toList());
        if (Boolean.getBoolean("docs.rewrite")) {
            RulePages.write(PAGES);
        }
        assertThat(names(PAGES, ".md")).containsExactlyInAnyOrderElementsOf(with(ids, "README"));
        for (Rule rule : Rules.ALL) {
            assertThat(PAGES.resolve(rule.text().id() + ".md")).hasContent(RulePages.page(rule));
        }
        assertThat(PAGES.resolve("README.md")).hasContent(RulePages.index());
    }

    private static String className(String id) {
        return Stream.of(id.split("-", -1))
                .map(word -> word.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }

    private static List<String> with(List<String> ids, String other) {
        List<String> all = new ArrayList<>(ids);
        all.add(other);
        return all;
    }

    private static List<String> names(Path folder, String end) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(end))
                    .map(name -> name.substring(0, name.length() - end.length()))
                    .toList();
        }
    }
}
