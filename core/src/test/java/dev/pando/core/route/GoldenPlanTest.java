package dev.pando.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.grammar.Grammar;
import dev.pando.grammar.GrammarLimits;
import dev.pando.grammar.ParseResult;
import dev.pando.grammar.ParseTree;
import dev.pando.grammar.SyntaxProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Plans of statements, kept in {@code src/test/resources/plans/*.plans}. An entry is comment lines ({@code #}; {@code # shards: 1} sets the
 * fleet), the SQL, a line {@code =>}, and the plan; entries are parted by empty lines. Run with {@code -Dplans.rewrite=true} to write the
 * plans anew: the difference is the review.
 */
class GoldenPlanTest {
    private static final Path FOLDER = Path.of("src/test/resources/plans");
    private static final Pattern EMPTY_LINES = Pattern.compile("\n\\s*\n");
    private static final Pattern COMMA = Pattern.compile(",\\s*");
    private static final String PATH = "# search_path:";
    private static final int FEWEST = 200;

    private record Entry(List<String> comments, String sql, String plan) {
        int shards() {
            return comments.contains("# shards: 1") ? 1 : 4;
        }

        List<String> searchPath() {
            return comments.stream()
                    .filter(comment -> comment.startsWith(PATH))
                    .map(comment ->
                            List.of(COMMA.split(comment.substring(PATH.length()).strip(), -1)))
                    .findFirst()
                    .orElse(SampleCatalog.SEARCH_PATH);
        }

        String text(String newPlan) {
            String head = comments.isEmpty() ? "" : String.join("\n", comments) + "\n";
            return head + sql + "\n=>\n" + newPlan + "\n";
        }
    }

    @Test
    void everyStatementHasItsPlan() throws IOException {
        boolean rewrite = Boolean.getBoolean("plans.rewrite");
        int seen = 0;
        List<Path> files = files();
        try (Grammar grammar = new Grammar(GrammarLimits.DEFAULT)) {
            for (Path file : files) {
                List<Entry> entries = read(file);
                StringBuilder actual = new StringBuilder();
                for (Entry entry : entries) {
                    String plan;
                    try {
                        plan = plan(grammar, entry);
                    } catch (RuntimeException e) {
                        plan = "THROWN " + e;
                    }
                    actual.append(actual.isEmpty() ? "" : "\n").append(entry.text(plan));
                }
                if (rewrite) {
                    Files.writeString(file, actual);
                } else {
                    assertThat(actual.toString()).as(file.toString()).isEqualTo(expected(entries));
                }
                seen += entries.size();
            }
        }
        assertThat(seen).isGreaterThanOrEqualTo(FEWEST);
    }

    private static String expected(List<Entry> entries) {
        return String.join(
                "\n", entries.stream().map(entry -> entry.text(entry.plan())).toList());
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> found = Files.list(FOLDER)) {
            return found.filter(path -> path.toString().endsWith(".plans"))
                    .sorted()
                    .toList();
        }
    }

    private static String plan(Grammar grammar, Entry entry) {
        return plan(grammar, entry, entry.sql());
    }

    private static String plan(Grammar grammar, Entry entry, String text) {
        ParseResult result = grammar.parse(text);
        return switch (result) {
            case SyntaxProblem problem -> "syntax error: " + problem.message();
            case ParseTree tree -> {
                byte[] sql = text.getBytes(StandardCharsets.UTF_8);
                Planned planned = Plans.planned(tree, sql, SampleCatalog.of(entry.shards()), entry.searchPath());
                yield planned.several()
                        ? planned.pieces().stream()
                                .map(piece -> "piece " + piece.start() + ": " + plan(grammar, entry, piece(sql, piece)))
                                .collect(Collectors.joining("\n"))
                        : PlanText.of(planned.plan());
            }
        };
    }

    private static String piece(byte[] sql, Planned.Piece piece) {
        return new String(sql, piece.start(), piece.end() - piece.start(), StandardCharsets.UTF_8);
    }

    private static List<Entry> read(Path file) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String block : EMPTY_LINES.split(Files.readString(file), -1)) {
            List<String> lines = new ArrayList<>(block.strip().lines().toList());
            List<String> comments = new ArrayList<>();
            while (!lines.isEmpty() && lines.getFirst().startsWith("#")) {
                comments.add(lines.removeFirst());
            }
            int arrow = lines.indexOf("=>");
            List<String> sql = arrow < 0 ? lines : lines.subList(0, arrow);
            List<String> plan = arrow < 0 ? List.of() : lines.subList(arrow + 1, lines.size());
            if (!sql.isEmpty()) {
                entries.add(new Entry(comments, String.join("\n", sql), String.join("\n", plan)));
            }
        }
        return entries;
    }
}
