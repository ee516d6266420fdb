package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.Major;
import dev.pando.lab.oracle.Corpus;
import dev.pando.lab.oracle.CorpusServer;
import dev.pando.lab.oracle.Observation;
import dev.pando.lab.oracle.OracleTable;
import dev.pando.lint.fact.Finding;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Sizes;
import dev.pando.lint.fact.Speeds;
import dev.pando.lint.read.Migration;
import dev.pando.lint.read.MigrationReader;
import dev.pando.lint.read.MigrationReader.Mode;
import dev.pando.lint.read.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/linters.md: what it calls measured is what the oracle's table says, what it has of pando lint is what that says, and the two agree. */
class LintersPageTest {
    private static final Path PAGE = Path.of("../docs/linters.md");
    private static final Pattern ROW =
            Pattern.compile("(?m)^(\\| [^|]* \\| [^|]* \\| `([a-z-]+/[a-z-]+)` \\|)[^|\n]*\\|[^|\n]*(\\|[^|\n]*\\|)$");
    /** They speak of every statement with a lock. */
    private static final Set<String> EVERYWHERE = Set.of("lock-timeout", "statement-timeout");

    /** Two statements, of which the first reads under a lock that lets queries pass and the second blocks them without reading. */
    private static final Set<String> ONE_AFTER_THE_OTHER = Set.of("others/validate-then-set-not-null");

    /** What blocks nobody at the server, and breaks what runs. */
    private static final Set<String> BEYOND_LOCKS = Set.of("rename");

    private static final Major MAJOR = Major.newest();

    @Test
    void whatItCallsMeasuredIsMeasuredAndLintAgrees() throws IOException, SQLException {
        Map<String, Observation> table = OracleTable.of(MAJOR);
        Map<String, String> statements =
                Corpus.entries().stream().collect(Collectors.toMap(Corpus.Entry::key, Corpus.Entry::sql));
        String page = Files.readString(PAGE);
        StringBuilder expected = new StringBuilder();
        Matcher row = ROW.matcher(page);
        int rows = 0;
        List<String> disagreements = new ArrayList<>();
        try (CorpusServer server = CorpusServer.start(MAJOR)) {
            Map<String, String> topics = new HashMap<>();
            while (row.find()) {
                String key = row.group(2);
                Observation measured = Objects.requireNonNull(table.get(key), key);
                String topic = key.substring(0, key.indexOf('/'));
                if (!topics.containsKey(topic)) {
                    topics.put(topic, server.database(topic));
                }
                String copy = server.copyOf(topics.get(topic));
                List<Finding> findings = lint(server, copy, Objects.requireNonNull(statements.get(key)));
                server.drop(copy);
                if (!ONE_AFTER_THE_OTHER.contains(key) && !agree(measured, findings)) {
                    disagreements.add(key + ": " + measured.words() + "; lint: " + said(findings));
                }
                row.appendReplacement(
                        expected,
                        Matcher.quoteReplacement(
                                row.group(1) + " " + measured.words() + " | " + said(findings) + " " + row.group(3)));
                rows++;
            }
        }
        row.appendTail(expected);
        if (Boolean.getBoolean("docs.rewrite")) {
            Files.writeString(PAGE, expected);
            page = expected.toString();
        }
        assertThat(rows).isGreaterThan(80);
        assertThat(disagreements).isEmpty();
        assertThat(page).isEqualTo(expected.toString());
    }

    private static List<Finding> lint(CorpusServer server, String database, String sql) throws SQLException {
        try (var facts = new Facts(server.server(), database);
                var linter = new Linter(
                        facts, new Linter.Options(MAJOR.number(), Sizes.NONE, Speeds.DEFAULT, true, false))) {
            Mode mode = sql.contains(";") ? Mode.PER_FILE : Mode.PER_STATEMENT;
            Migration migration = new MigrationReader(Map.of(), mode).read(new Source("case.sql", sql));
            return linter.lint(migration).findings().stream()
                    .filter(finding -> !EVERYWHERE.contains(finding.rule()))
                    .toList();
        }
    }

    /** An error where a table is worked through while queries or writes wait, or the server refuses; none elsewhere. */
    private static boolean agree(Observation measured, List<Finding> findings) {
        boolean waits = measured.locks().stream()
                .anyMatch(lock -> lock.relation().existed() && lock.mode().blocksWrites());
        boolean works = !measured.files().isEmpty()
                || !measured.builds().isEmpty()
                || !measured.reads().isEmpty();
        boolean error = findings.stream()
                .filter(finding -> !BEYOND_LOCKS.contains(finding.rule()))
                .anyMatch(finding -> finding.severity() == Severity.ERROR);
        return error == ((waits && works) || !measured.observed());
    }

    private static String said(List<Finding> findings) {
        String said = findings.stream()
                .map(finding -> finding.severity().toString().toLowerCase(Locale.ROOT) + " " + finding.rule())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return said.isEmpty() ? "nothing" : said;
    }
}
