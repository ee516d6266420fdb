package dev.pando.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.grammar.Grammar;
import dev.pando.grammar.GrammarLimits;
import dev.pando.grammar.Node;
import dev.pando.grammar.ParseTree;
import dev.pando.grammar.ParserService;
import dev.pando.lab.oracle.Corpus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The oracle's corpus has every statement about a schema that the grammar knows, or a reason stands here why not. */
class CorpusCoverageTest {
    private static final String BY_SERVER = "the server makes it itself, no statement has it";
    /** Kinds of ALTER TABLE that the corpus has not. */
    private static final Map<String, String> NO_COMMAND = Map.of(
            "AT_AddColumnToView", BY_SERVER,
            "AT_AddIndex", BY_SERVER,
            "AT_AddIndexConstraint", BY_SERVER,
            "AT_CookedColumnDefault", BY_SERVER,
            "AT_ReAddComment", BY_SERVER,
            "AT_ReAddConstraint", BY_SERVER,
            "AT_ReAddDomainConstraint", BY_SERVER,
            "AT_ReAddIndex", BY_SERVER,
            "AT_ReAddStatistics", BY_SERVER,
            "AT_ReplaceRelOptions", BY_SERVER);
    /** Statements of the grammar that are neither about a schema nor about the rows of tables. */
    private static final Set<String> OTHER_STATEMENTS = Set.of(
            "ClosePortalStmt",
            "DeallocateStmt",
            "DeclareCursorStmt",
            "DiscardStmt",
            "ExecuteStmt",
            "FetchStmt",
            "LoadStmt",
            "PLAssignStmt",
            "PrepareStmt",
            "RawStmt",
            "ReturnStmt",
            "SetOperationStmt",
            "UnlistenStmt",
            "VariableShowStmt");

    @Test
    void everyWayOfAlterTableAndEveryStatementIsThere() throws IOException {
        Map<String, String> commands = new TreeMap<>();
        Map<String, String> statements = new TreeMap<>();
        try (var service = new ParserService(1, 16, GrammarLimits.DEFAULT)) {
            for (Corpus.Entry entry : Corpus.entries()) {
                if (service.parse(entry.sql()).toCompletableFuture().join() instanceof ParseTree tree) {
                    tree.statements()
                            .forEach(statement -> collect(entry.key(), statement.node(), commands, statements));
                }
            }
        }

        Set<String> expected = names("AT_[A-Za-z]+");
        assertThat(expected).hasSizeGreaterThan(60).contains("AT_AddColumn");
        compare(commands, expected, NO_COMMAND.keySet());

        Set<String> known = names("[A-Z][A-Za-z]+Stmt");
        assertThat(known).hasSizeGreaterThan(110).contains("CreateStmt", "AlterTableStmt", "DropStmt");
        compare(statements, known, OTHER_STATEMENTS);
    }

    private static void compare(Map<String, String> corpus, Set<String> known, Set<String> leftOut) {
        Set<String> missing = new TreeSet<>(known);
        missing.removeAll(leftOut);
        missing.removeAll(corpus.keySet());
        assertThat(missing).as("not in the corpus").isEmpty();
        assertThat(corpus.keySet()).as("left out for no reason").doesNotContainAnyElementsOf(leftOut);
        assertThat(known).as("of the grammar").containsAll(corpus.keySet()).containsAll(leftOut);
    }

    private static void collect(
            String key, Node statement, Map<String, String> commands, Map<String, String> statements) {
        statement.walk(node -> {
            if (node.tag().endsWith("Stmt")) {
                statements.putIfAbsent(node.tag(), key);
            }
            if (node.is("AlterTableCmd")) {
                commands.putIfAbsent(node.text("subtype"), key);
            }
        });
    }

    /** As they stand among the constants of the grammar's program. */
    private static Set<String> names(String pattern) throws IOException {
        try (InputStream in = Objects.requireNonNull(Grammar.class.getResourceAsStream("LibpgQuery.meta"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            Set<String> names = new TreeSet<>();
            Matcher name = Pattern.compile("(?<![A-Za-z_])" + pattern + "(?![A-Za-z_])")
                    .matcher(text);
            while (name.find()) {
                names.add(name.group());
            }
            return names;
        }
    }
}
