package dev.pando.lab.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/linters.md calls measured is what the oracle's table says. */
class LintersPageTest {
    private static final Path PAGE = Path.of("../docs/linters.md");
    private static final Path TABLE =
            Path.of("src/main/resources/dev/pando/lab/oracle").resolve(OracleTable.name(Major.newest()));
    private static final Pattern ROW =
            Pattern.compile("(?m)^(\\| [^|]* \\| [^|]* \\| `([a-z-]+/[a-z-]+)` \\|)[^|]*(\\|[^|\n]*\\|)$");

    @Test
    void whatItCallsMeasuredIsMeasured() throws IOException {
        Map<String, Observation> table = OracleTable.read(Files.readString(TABLE));
        String page = Files.readString(PAGE);
        StringBuilder expected = new StringBuilder();
        Matcher row = ROW.matcher(page);
        int rows = 0;
        while (row.find()) {
            String key = row.group(2);
            assertThat(table).containsKey(key);
            String cell = MajorsPage.cell(table.getOrDefault(key, Observation.unknown("")));
            row.appendReplacement(expected, Matcher.quoteReplacement(row.group(1) + " " + cell + " " + row.group(3)));
            rows++;
        }
        row.appendTail(expected);
        if (Boolean.getBoolean("oracle.rewrite")) {
            Files.writeString(PAGE, expected);
            page = expected.toString();
        }
        assertThat(rows).isGreaterThan(80);
        assertThat(page).isEqualTo(expected.toString());
    }
}
