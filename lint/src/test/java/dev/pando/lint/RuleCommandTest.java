package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lint.rule.Rule;
import dev.pando.lint.rule.Rules;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RuleCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int lint(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(new LintCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void printsThePageOfEachRule() throws IOException {
        for (Rule rule : Rules.ALL) {
            String id = rule.text().id();
            assertThat(lint("rule", id)).isZero();
            assertThat(out.toString()).isEqualTo(Files.readString(Path.of("../docs/rules", id + ".md")));
        }
    }

    @Test
    void listsAllAndNamesThoseNearToAnUnknownOne() {
        assertThat(lint("rule")).isZero();
        assertThat(out.toString().lines()).hasSameSizeAs(Rules.ALL).allMatch(line -> line.length() < 120);

        assertThat(lint("rule", "index-concurrent")).isEqualTo(2);
        assertThat(err.toString())
                .contains(
                        "There is no rule index-concurrent; there is index-not-concurrently, drop-index-not-concurrently");
        assertThat(lint("rule", "x")).isEqualTo(2);
        assertThat(err.toString()).contains("pando lint rule lists all");
    }

    @Test
    void whatIsLeftOutIsTold() throws IOException {
        String migration = Files.writeString(
                        folder.resolve("m.sql"),
                        "CREATE INDEX ON orders (id);\nCREATE INDEX ON orders (id);\nDROP TABLE orders;\nLOCK TABLE orders;")
                .toString();
        String schema = Files.writeString(folder.resolve("s.sql"), "CREATE TABLE orders (id int);")
                .toString();
        String[] both = {"--schema", schema, migration, "--offline", "--exclude"};

        assertThat(lint(with(both, "drop-object", "--fail-on=never"))).isZero();
        assertThat(out.toString())
                .contains("index-not-concurrently")
                .containsOnlyOnce("instead: CREATE INDEX CONCURRENTLY, outside a transaction.")
                .contains(", left out by --exclude: 1 of drop-object; ")
                .doesNotContain("[drop-object]")
                .contains("next: pando lint rule index-not-concurrently tells what to do about " + migration + ":1");
        lint(with(both, "drop-object,index-not-concurrently,blocks-writes"));
        assertThat(out.toString()).contains("left out by --exclude: 1 of drop-object, 2 of index-not-concurrently;");
        lint(with(both, "drop-object", "--json"));
        assertThat(out.toString()).containsPattern("\"excluded\" : \\{\\s+\"drop-object\" : 1\\s+}");

        assertThat(lint(with(both, "drop-tables"))).isEqualTo(2);
        assertThat(err.toString()).contains("--exclude: There is no rule drop-tables; there is ", "drop-column");
        assertThat(lint(with(both, "not-judged"))).isEqualTo(2);
        assertThat(err.toString()).contains("--exclude cannot leave out not-judged");
    }

    private static String[] with(String[] first, String... more) {
        String[] all = java.util.Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }
}
