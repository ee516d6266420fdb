package dev.pando.lint.code;

import dev.pando.grammar.Node;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ways through one PL/pgSQL function, in PostgreSQL's own tree of it. */
final class Path {
    private static final List<String> BODIES = List.of("then_body", "stmts", "else_body", "else_stmts", "body");
    private static final List<String> BRANCHES = List.of("elsif_list", "case_when_list");
    private static final String RETURN = "PLpgSQL_stmt_return";
    private static final String EXIT = "PLpgSQL_stmt_exit";
    private static final Set<String> ONCE = Set.of("PLpgSQL_stmt_if", "PLpgSQL_stmt_case");
    /** Errors that the schema alone decides over. */
    private static final List<String> OF_SCHEMA =
            List.of("duplicate_", "undefined_", "invalid_schema_", "wrong_object_type");

    private final CodeReader reader;
    private final Node function;
    private final Set<String> variables = new HashSet<>();
    /** What decides over the values of variables besides the catalogs; null when nothing does. */
    private final @Nullable String source;

    Path(CodeReader reader, Node function) throws SQLException {
        this.reader = reader;
        this.function = function;
        for (Node datum : function.list("datums")) {
            variables.add(datum.text("refname"));
        }
        variables.remove("");
        this.source = source();
    }

    void walk(@Nullable String unsure) throws SQLException {
        for (Node datum : function.list("datums")) {
            for (Node expression : datum.all("PLpgSQL_expr")) {
                calls(expression, unsure);
            }
        }
        Node action = function.child("action");
        if (action != null) {
            one(action, unsure);
        }
    }

    /** Why it is not known whether what comes after the statements is reached; null when it is. */
    private @Nullable String walk(List<Node> statements, @Nullable String unsure) throws SQLException {
        String now = unsure;
        for (Node statement : statements) {
            now = one(statement, now);
        }
        return now;
    }

    private @Nullable String one(Node statement, @Nullable String unsure) throws SQLException {
        switch (statement.tag()) {
            case "PLpgSQL_stmt_block" -> {
                return block(statement, unsure);
            }
            case "PLpgSQL_stmt_execsql" -> reader.runs(text(statement, "sqlstmt"), unsure);
            case "PLpgSQL_stmt_perform", "PLpgSQL_stmt_call" -> reader.runs(text(statement, "expr"), unsure);
            case "PLpgSQL_stmt_dynexecute" -> reader.dynamic(text(statement, "query"), unsure);
            case "PLpgSQL_stmt_return_query" -> {
                if (statement.has("dynquery")) {
                    reader.dynamic(text(statement, "dynquery"), unsure);
                } else {
                    reader.runs(text(statement, "query"), unsure);
                }
            }
            case "PLpgSQL_stmt_exit" -> {
                Node condition = statement.child("cond");
                return condition == null ? unsure : first(unsure, decides(condition));
            }
            default -> {
                return compound(statement, unsure);
            }
        }
        return unsure;
    }

    private @Nullable String block(Node block, @Nullable String unsure) throws SQLException {
        String inside = unsure;
        Node exceptions = block.child("exceptions");
        List<Node> handlers = exceptions == null ? List.of() : exceptions.list("exc_list");
        if (!handlers.isEmpty() && !reader.complete()) {
            inside = first(unsure, "what the schema has, and the one at hand may lack some");
        }
        String after = walk(block.list("body"), inside);
        for (Node handler : handlers) {
            boolean ofSchema = handler.list("conditions").stream()
                    .map(condition -> condition.text("condname"))
                    .allMatch(name -> OF_SCHEMA.stream().anyMatch(name::startsWith));
            walk(handler.list("action"), ofSchema ? inside : first(inside, "an error that rows may bring"));
        }
        return handlers.isEmpty() ? after : unsure;
    }

    /** IF, CASE and loops, and anything that has no statements in it. */
    private @Nullable String compound(Node statement, @Nullable String unsure) throws SQLException {
        String decided = unsure;
        for (Node expression : conditions(statement)) {
            decided = first(decided, decides(expression));
            calls(expression, unsure);
        }
        if (statement.is("PLpgSQL_stmt_dynfors")) {
            reader.dynamic(text(statement, "query"), unsure);
            decided = first(decided, decidesDynamic(text(statement, "query")));
        }
        if (statement.is("PLpgSQL_stmt_forc")) {
            decided = first(decided, source);
        }
        String after = walk(statement, decided);
        boolean leaves = !statement.all(RETURN).isEmpty()
                || (ONCE.contains(statement.tag()) && !statement.all(EXIT).isEmpty());
        return leaves ? first(unsure, first(after, decided)) : unsure;
    }

    private @Nullable String walk(Node statement, @Nullable String unsure) throws SQLException {
        String after = unsure;
        for (String body : BODIES) {
            after = first(after, walk(statement.list(body), unsure));
        }
        for (String branches : BRANCHES) {
            for (Node branch : statement.list(branches)) {
                after = first(after, walk(branch, unsure));
            }
        }
        return after;
    }

    /** Expressions of the statement itself and of its branches, not those of the statements within. */
    private static List<Node> conditions(Node statement) {
        List<Node> found = new ArrayList<>();
        for (Node child : statement.children()) {
            if (child.is("PLpgSQL_expr")) {
                found.add(child);
            } else if (child.is("PLpgSQL_if_elsif") || child.is("PLpgSQL_case_when")) {
                child.children().stream()
                        .filter(inner -> inner.is("PLpgSQL_expr"))
                        .forEach(found::add);
            }
        }
        return found;
    }

    /** What else than the catalogs decides over an expression; null when nothing does. */
    private @Nullable String decides(Node expression) throws SQLException {
        Node query = query(expression);
        if (query == null) {
            return "an expression that cannot be read";
        }
        Optional<String> direct = reader.queries().dependsOn(query);
        if (direct.isPresent()) {
            return direct.get();
        }
        boolean variable = query.all("ColumnRef").stream()
                .map(column -> column.names("fields"))
                .anyMatch(name -> !name.isEmpty() && variables.contains(name.getFirst()));
        if (variable && source != null) {
            return source;
        }
        Optional<String> called = reader.dependsOnCalls(query);
        if (called.isPresent()) {
            return called.get();
        }
        return !reader.complete() && !query.all("RangeVar").isEmpty()
                ? "what the schema has, and the one at hand may lack some"
                : null;
    }

    private @Nullable String decidesDynamic(String expression) throws SQLException {
        Optional<Node> query = reader.made(expression);
        if (query.isEmpty()) {
            return "a query that it makes when it runs";
        }
        return reader.queries().dependsOn(query.get()).orElse(null);
    }

    /** The first thing besides the catalogs that any variable gets a value from. */
    private @Nullable String source() throws SQLException {
        for (Node expression : function.all("PLpgSQL_expr")) {
            Node query = query(expression);
            query = query == null || !CodeReader.RUN.contains(query.tag()) ? null : query;
            Optional<String> depends =
                    query == null ? Optional.empty() : reader.queries().dependsOn(query);
            if (depends.isPresent()) {
                return depends.get();
            }
            Optional<String> called = query == null ? Optional.empty() : reader.dependsOnCalls(query);
            if (called.isPresent()) {
                return called.get();
            }
        }
        return function.all("PLpgSQL_stmt_dynexecute").stream().anyMatch(execute -> execute.flag("into"))
                ? "a query that it makes when it runs"
                : null;
    }

    private void calls(Node expression, @Nullable String unsure) throws SQLException {
        Node query = query(expression);
        if (query != null) {
            reader.calls(query, unsure);
        }
    }

    private @Nullable Node query(Node expression) {
        return reader.query(expression.text("query"), expression.number("parseMode"));
    }

    private static String text(Node statement, String field) {
        Node expression = statement.child(field);
        return expression == null ? "" : expression.text("query");
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one == null ? other : one;
    }
}
