package dev.pando.lint.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.pando.lint.LintCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SarifReportTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path folder;

    private String report(String migration, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("V1__ä [b].sql"), migration);
        var out = new StringWriter();
        var err = new StringWriter();
        new CommandLine(new LintCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(Stream.concat(Stream.of("--sarif", file.toString()), Stream.of(options))
                        .toArray(String[]::new));
        assertThat(err.toString()).isEmpty();
        return out.toString();
    }

    private static Schema schema() throws IOException {
        try (InputStream schema = SarifReportTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(Objects.requireNonNull(schema));
        }
    }

    @Test
    void isSarif() throws IOException {
        String report = report("""
                CREATE TABLE orders (id bigint PRIMARY KEY);
                COMMIT;
                ALTER TABLE orders ADD note text; ALTER TABLE orders ALTER note SET NOT NULL;
                CREATE INDEX ON orders (note);
                \\gset
                ALTER TABLE gone ADD x int;
                DROP TABLE "a\u0007\u202e😀";
                SELEKT 1;
                -- pando-lint: allow nothing-of-that-name because
                VACUUM FULL orders; TRUNCATE orders""");
        String offline = report("CREATE INDEX ON orders (note); \\x \n ;;", "--offline");
        String nothing = report("");

        for (String text : new String[] {report, offline, nothing}) {
            assertThat(schema().validate(text, InputFormat.JSON)).isEmpty();
        }
        JsonNode results = JSON.readTree(report).get("runs").get(0).get("results");
        assertThat(results.size()).isGreaterThan(4);
        // What the schema cannot say.
        JsonNode rules = JSON.readTree(report).at("/runs/0/tool/driver/rules");
        assertThat(JSON.readTree(report).at("/runs/0/tool/driver/version").asString())
                .matches("\\d+\\.\\d+.*");
        for (JsonNode rule : rules) {
            assertThat(rule.at("/help/markdown").asString())
                    .startsWith("# " + rule.get("id").asString())
                    .contains(rule.at("/help/text").asString());
        }
        for (JsonNode result : results) {
            assertThat(rules.get(result.get("ruleIndex").asInt()).get("id")).isEqualTo(result.get("ruleId"));
        }
        assertThat(schema().validate(report.replace("\"startLine\" : 5", "\"startLine\" : 0"), InputFormat.JSON))
                .isNotEmpty();
    }
}
