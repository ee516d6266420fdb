package dev.pando.lint;

import dev.pando.base.error.PandoException;
import dev.pando.grammar.GrammarLimits;
import dev.pando.grammar.Node;
import dev.pando.grammar.ParseResult;
import dev.pando.grammar.ParseTree;
import dev.pando.grammar.ParserService;
import dev.pando.grammar.SyntaxProblem;
import dev.pando.lint.code.Texts;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's grammar for one statement after the other. May be used by several threads. */
final class Parsing implements Texts, AutoCloseable {
    private final ParserService service = new ParserService(1, 16, GrammarLimits.DEFAULT);

    /** At most one of the two is there; none of a statement that only PostgreSQL's own parser can take. */
    record Parsed(@Nullable Node node, @Nullable String error) {}

    Parsed parse(String sql) {
        Answer answer = answer(service.parse(sql));
        int size = answer.nodes().size();
        if (answer.beyond()) {
            return new Parsed(null, null);
        }
        if (answer.error() == null && size != 1) {
            return new Parsed(null, "there are " + size + " statements instead of one");
        }
        return new Parsed(answer.error() == null ? answer.nodes().getFirst() : null, answer.error());
    }

    @Override
    public List<Node> statements(String sql) {
        return answer(service.parse(sql)).nodes();
    }

    @Override
    public List<Node> functions(String sql) {
        return answer(service.parsePlpgsql(sql)).nodes();
    }

    /** {@code beyond}: the text is more than this parser takes, and may be right. */
    private record Answer(List<Node> nodes, @Nullable String error, boolean beyond) {}

    private static Answer answer(CompletionStage<ParseResult> reply) {
        try {
            return switch (reply.toCompletableFuture().join()) {
                case SyntaxProblem problem -> new Answer(List.of(), problem.message(), false);
                case ParseTree tree ->
                    new Answer(
                            tree.statements().stream()
                                    .map(ParseTree.Statement::node)
                                    .toList(),
                            null,
                            false);
            };
        } catch (CompletionException e) {
            if (e.getCause() instanceof PandoException) {
                return new Answer(List.of(), null, true);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        service.close();
    }
}
