package dev.pando.lint;

import dev.pando.base.error.PandoException;
import dev.pando.grammar.GrammarLimits;
import dev.pando.grammar.Node;
import dev.pando.grammar.ParseResult;
import dev.pando.grammar.ParseTree;
import dev.pando.grammar.ParserService;
import dev.pando.grammar.SyntaxProblem;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's grammar for one statement after the other. May be used by several threads. */
final class Parsing implements AutoCloseable {
    private final ParserService service = new ParserService(1, 16, GrammarLimits.DEFAULT);

    /** One of the two is null. */
    record Parsed(@Nullable Node node, @Nullable String error) {}

    Parsed parse(String sql) {
        try {
            ParseResult result = service.parse(sql).toCompletableFuture().join();
            return switch (result) {
                case SyntaxProblem problem -> new Parsed(null, problem.message());
                case ParseTree tree ->
                    tree.statements().size() == 1
                            ? new Parsed(tree.statements().getFirst().node(), null)
                            : new Parsed(null, "there are " + tree.statements().size() + " statements instead of one");
            };
        } catch (CompletionException e) {
            if (e.getCause() instanceof PandoException limit) {
                return new Parsed(null, String.valueOf(limit.getMessage()));
            }
            throw e;
        }
    }

    /** The statements of a text; none of one that the grammar refuses. */
    List<Node> statements(String sql) {
        return service.parse(sql).toCompletableFuture().join() instanceof ParseTree tree
                ? tree.statements().stream().map(ParseTree.Statement::node).toList()
                : List.of();
    }

    @Override
    public void close() {
        service.close();
    }
}
