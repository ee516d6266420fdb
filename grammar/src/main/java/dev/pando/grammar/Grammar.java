package dev.pando.grammar;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * PostgreSQL 18's own grammar (libpg_query, compiled from C to WebAssembly to classes). Owned by one thread, and best run on one with a
 * large stack ({@link ParserService} does both).
 *
 * <p>C code that meets a limit (its stack, ours, its memory, an assertion) leaves its memory in any state. Then the instance is thrown
 * away and the next parse makes a new one, a quarter of a second later; so is one that grew beyond {@link #KEPT_BYTES}, since WebAssembly's
 * memory never shrinks. Between such events memory is flat: every parse frees what it took.
 */
public final class Grammar implements AutoCloseable {
    private static final long KEPT_BYTES = 64L << 20;

    private final GrammarLimits limits;
    private final ObjectMapper json;
    private @Nullable LibpgQuery query;

    public Grammar(GrammarLimits limits) {
        this.limits = limits;
        json = JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(limits.treeDepth())
                                .maxStringLength(Integer.MAX_VALUE)
                                .build())
                        .build())
                .build();
    }

    /** Parses a text of any number of statements; errors of PostgreSQL's parser are a result, limits are thrown. */
    public ParseResult parse(String sql) {
        byte[] bytes = bytes(sql);
        LibpgQuery.Answer answer = used(bytes, query -> query.parse(bytes));
        return answer.error().isEmpty()
                ? tree(answer.tree(), bytes.length)
                : SyntaxProblem.of(sql, answer.error(), answer.position());
    }

    /**
     * Parses the PL/pgSQL in a text of DO and CREATE FUNCTION: a {@code PLpgSQL_function} for each of them in that language, which holds
     * its statements, and the SQL in these as text. Errors are a result, limits are thrown.
     */
    public ParseResult parsePlpgsql(String sql) {
        byte[] bytes = bytes(sql);
        String answer = used(bytes, query -> query.plpgsql(bytes));
        return answer.startsWith("{") ? functions(answer, bytes.length) : SyntaxProblem.of(sql, answer, 0);
    }

    private byte[] bytes(String sql) {
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > limits.statementBytes()) {
            throw new PandoException(PandoError.STATEMENT_TOO_LONG, bytes.length, limits.statementBytes());
        }
        return bytes;
    }

    /** Memory of the instance, 0 when there is none at the moment. */
    public long memoryBytes() {
        return query == null ? 0 : query.memoryBytes();
    }

    @Override
    public void close() {
        query = null;
    }

    private <T> T used(byte[] sql, Function<LibpgQuery, T> work) {
        LibpgQuery used = query == null ? new LibpgQuery(limits.memoryBytes()) : query;
        query = null;
        T answer;
        try {
            answer = work.apply(used);
        } catch (StackOverflowError | RuntimeException e) {
            throw PandoException.causedBy(e, PandoError.STATEMENT_TOO_COMPLEX, sql.length);
        }
        if (used.memoryBytes() <= KEPT_BYTES) {
            query = used;
        }
        return answer;
    }

    private JsonNode read(String text, int length) {
        try {
            return json.readTree(text);
        } catch (StreamConstraintsException e) {
            throw PandoException.causedBy(e, PandoError.STATEMENT_TOO_COMPLEX, length);
        } catch (JacksonException e) {
            throw PandoException.causedBy(e, PandoError.BUG, "a parse tree cannot be read");
        }
    }

    private static Node node(JsonNode value) {
        Node node = Node.unwrap(value);
        if (node == null) {
            throw new PandoException(PandoError.BUG, "a parse tree holds a statement without a tag");
        }
        return node;
    }

    private ParseTree functions(String text, int length) {
        List<ParseTree.Statement> functions = new ArrayList<>();
        for (JsonNode function : read(text, length).path("plpgsql_funcs")) {
            functions.add(new ParseTree.Statement(node(function), 0, length));
        }
        return new ParseTree(functions);
    }

    private ParseTree tree(String text, int length) {
        List<ParseTree.Statement> statements = new ArrayList<>();
        for (JsonNode raw : read(text, length).path("stmts")) {
            Node node = node(raw.path("stmt"));
            int location = raw.path("stmt_location").asInt(0);
            int bytes = raw.path("stmt_len").asInt(0);
            statements.add(new ParseTree.Statement(node, location, bytes == 0 ? length - location : bytes));
        }
        return new ParseTree(statements);
    }
}
