package dev.pando.core.route;

import dev.pando.base.sql.LexProblem;
import dev.pando.base.sql.ShapedSql;
import dev.pando.base.sql.Shaper;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.topology.Catalog;
import dev.pando.grammar.ParseResult;
import dev.pando.grammar.ParseTree;
import dev.pando.grammar.ParserService;
import dev.pando.grammar.SyntaxProblem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Plans for texts: from the cache at the cost of one pass of the lexer, else parsed on the grammar's threads. */
public final class Plans {
    /** What becomes of a text. */
    public sealed interface Outcome {
        record Ready(Planned planned) implements Outcome {}

        /** PostgreSQL's grammar refuses it; position counts characters from 1, 0 for none. */
        record Invalid(String message, int position, String sqlState) implements Outcome {}
    }

    private final ParserService parser;
    private final PlanCache cache;

    public Plans(ParserService parser, PlanCache cache) {
        this.parser = parser;
        this.cache = cache;
    }

    /** Looks a text up; {@code shaper} is the calling thread's own. Null on a miss. */
    public @Nullable Planned cached(byte[] sql, Shaper shaper, Catalog catalog, List<String> searchPath) {
        ShapedSql shaped = shaper.shape(sql);
        return shaped.problem() == null ? cache.get(sql, shaped, catalog.epoch(), searchPath) : null;
    }

    /** The grammar's own answer; completes on a parser's thread, and fails as {@link #plan} does. */
    public CompletionStage<ParseResult> parse(String sql) {
        return parser.parse(sql);
    }

    /** Parses and plans on a parser's thread; completes there. Fails with a PandoException when the parser is busy or the text too complex. */
    public CompletionStage<Outcome> plan(byte[] sql, Catalog catalog, List<String> searchPath) {
        String text = new String(sql, StandardCharsets.UTF_8);
        return parser.parse(text).thenApply(result -> outcome(result, sql, catalog, searchPath));
    }

    private Outcome outcome(ParseResult result, byte[] sql, Catalog catalog, List<String> searchPath) {
        return switch (result) {
            case SyntaxProblem problem ->
                catalog.shardCount() == 1
                        ? new Outcome.Ready(unread(sql, problem))
                        : new Outcome.Invalid(problem.message(), problem.position(), problem.sqlState());
            case ParseTree tree -> {
                Planned planned = planned(tree, sql, catalog, searchPath);
                LexProblem unread = planned.shaped().problem();
                if (unread == null) {
                    cache.put(planned, catalog.epoch(), searchPath);
                }
                yield new Outcome.Ready(planned);
            }
        };
    }

    /** What the grammar cannot read the only server there is judges itself: it has better words, or another version's grammar. */
    private static Planned unread(byte[] sql, SyntaxProblem problem) {
        return new Planned(
                sql,
                Planner.unread(),
                new Shaper().shape(sql),
                List.of(new Planned.Piece(0, sql.length)),
                ErrorFields.at(problem.sqlState(), problem.message(), problem.position()));
    }

    /** Plans what the grammar has read. */
    public static Planned planned(ParseTree tree, byte[] sql, Catalog catalog, List<String> searchPath) {
        ShapedSql shaped = new Shaper().shape(sql);
        List<ParseTree.Statement> statements = tree.statements();
        List<Planned.Piece> pieces = statements.stream()
                .map(statement -> new Planned.Piece(statement.location(), statement.location() + statement.length()))
                .toList();
        Plan plan = statements.size() == 1
                ? Planner.plan(statements.getFirst().node(), sql, shaped, catalog, searchPath)
                : Planner.empty();
        return new Planned(sql, plan, shaped, pieces);
    }
}
