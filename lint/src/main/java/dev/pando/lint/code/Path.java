package dev.pando.lint.code;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Variables;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The ways through one PL/pgSQL function, in PostgreSQL's own tree of it. */
final class Path {
    private static final List<String> BODIES = List.of("then_body", "stmts", "else_body", "else_stmts", "body");
    private static final List<String> BRANCHES = List.of("elsif_list", "case_when_list");
    private static final String RETURN = "PLpgSQL_stmt_return";
    private static final String EXIT = "PLpgSQL_stmt_exit";
    private static final String ERROR = "an error that rows may bring";
    /** The least level of RAISE that is an error. */
    private static final int ERROR_LEVEL = 21;

    private static final Set<String> LOOPS = Set.of(
            "PLpgSQL_stmt_loop",
            "PLpgSQL_stmt_while",
            "PLpgSQL_stmt_fori",
            "PLpgSQL_stmt_fors",
            "PLpgSQL_stmt_forc",
            "PLpgSQL_stmt_foreach_a",
            "PLpgSQL_stmt_dynfors");
    /** Passes of a loop whose changes are no more than one statement may make. */
    private static final long FEW = 1_000;

    /** Rows of a query that a loop may take in one transaction. */
    private static final long BATCH = 100_000;

    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,9}");
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
        this.source = reader.source(function).orElse(null);
    }

    void walk(@Nullable String unsure) throws SQLException {
        reader.around(reader.around().within(variables, given(), commits(function)));
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
            if (now == null && reader.catches() && mayFail(statement)) {
                now = ERROR;
            }
        }
        return now;
    }

    private @Nullable String one(Node statement, @Nullable String unsure) throws SQLException {
        switch (statement.tag()) {
            case "PLpgSQL_stmt_block" -> {
                return block(statement, unsure);
            }
            case "PLpgSQL_stmt_execsql" -> reader.runs(text(statement, "sqlstmt"), unsure, values(statement));
            case "PLpgSQL_stmt_perform", "PLpgSQL_stmt_call" ->
                reader.runs(text(statement, "expr"), unsure, values(statement));
            case "PLpgSQL_stmt_dynexecute" -> dynamic(statement, "query", unsure);
            case "PLpgSQL_stmt_return_query" -> {
                if (statement.has("dynquery")) {
                    dynamic(statement, "dynquery", unsure);
                } else {
                    reader.runs(text(statement, "query"), unsure, values(statement));
                }
            }
            case "PLpgSQL_stmt_commit", "PLpgSQL_stmt_rollback" -> reader.ends();
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
        boolean ofSchema = handlers.stream().allMatch(Path::ofSchema);
        reader.enter(!handlers.isEmpty(), !ofSchema);
        String after = walk(block.list("body"), inside);
        reader.leave(!handlers.isEmpty(), !ofSchema);
        boolean leaves = handlers.isEmpty() || block.list("body").stream().anyMatch(this::leaves);
        String behind = leaves ? first(unsure, after) : unsure;
        for (Node handler : handlers) {
            String caught = ofSchema(handler) ? null : ERROR;
            walk(handler.list("action"), first(inside, caught));
            if (handler.list("action").stream().anyMatch(this::leaves)) {
                behind = first(behind, first(after, caught));
            }
        }
        return behind;
    }

    private static boolean ofSchema(Node handler) {
        return handler.list("conditions").stream()
                .map(condition -> condition.text("condname"))
                .allMatch(name -> OF_SCHEMA.stream().anyMatch(name::startsWith));
    }

    /** Whether a statement may end more than itself: the code, a loop or a block around it. */
    private boolean leaves(Node statement) {
        return !statement.all(RETURN).isEmpty() || !statement.all(EXIT).isEmpty() || raises(statement);
    }

    /** Whether it has an error that code around it handles. */
    private boolean raises(Node statement) {
        return reader.handles()
                && statement.all("PLpgSQL_stmt_raise").stream()
                        .anyMatch(raise -> raise.number("elog_level") >= ERROR_LEVEL);
    }

    /** Whether rows, or the server, decide if it fails. */
    private boolean mayFail(Node statement) throws SQLException {
        for (Node expression : statement.all("PLpgSQL_expr")) {
            Node query = query(expression);
            boolean runs = query == null || CodeReader.RUN.contains(query.tag()) || query.is("CallStmt");
            if (runs && decides(expression) != null) {
                return true;
            }
        }
        return reader.dynamicSource(statement).isPresent();
    }

    /** IF, CASE and loops, and anything that has no statements in it. */
    private @Nullable String compound(Node statement, @Nullable String unsure) throws SQLException {
        String here = null;
        for (Node expression : conditions(statement)) {
            here = first(here, decides(expression));
            calls(expression, unsure);
        }
        if (statement.is("PLpgSQL_stmt_dynfors")) {
            dynamic(statement, "query", unsure);
            here = first(here, reader.madeSource(text(statement, "query")).orElse(null));
        }
        if (statement.is("PLpgSQL_stmt_forc")) {
            here = first(here, source);
        }
        String decided = first(unsure, here);
        Variables around = reader.around();
        if (LOOPS.contains(statement.tag())) {
            reader.around(around.looping(Assigned.by(statement, function), commits(statement), few(statement, here)));
        }
        String after = walk(statement, decided);
        reader.around(around);
        boolean once = ONCE.contains(statement.tag());
        boolean leaves = !statement.all(RETURN).isEmpty()
                || raises(statement)
                || statement.all(EXIT).stream().anyMatch(exit -> once || outward(exit, statement));
        return leaves ? first(unsure, first(after, decided)) : unsure;
    }

    /** Variables that nothing in the code has given a value: parameters, and those that are null. */
    private Set<String> given() {
        Set<String> given = new HashSet<>(variables);
        for (Node datum : function.list("datums")) {
            if (datum.has("default_val")) {
                given.remove(datum.text("refname"));
            }
        }
        given.removeAll(Assigned.by(function, function));
        return given;
    }

    private static boolean commits(Node code) {
        return !code.all("PLpgSQL_stmt_commit").isEmpty();
    }

    /** Whether the code or the catalogs say how often a loop runs, and that is not often. */
    private boolean few(Node loop, @Nullable String decided) {
        return switch (loop.tag()) {
            case "PLpgSQL_stmt_fori" -> {
                String low = text(loop, "lower").strip();
                String high = text(loop, "upper").strip();
                yield WHOLE.matcher(low).matches()
                        && WHOLE.matcher(high).matches()
                        && Math.abs(Long.parseLong(high) - Long.parseLong(low)) <= FEW;
            }
            case "PLpgSQL_stmt_foreach_a" -> decided == null;
            case "PLpgSQL_stmt_fors" ->
                limited(loop) || (decided == null && !text(loop, "query").contains("generate_series"));
            default -> false;
        };
    }

    /** A variable is taken for the size of a batch where a loop makes one batch after the other. */
    private boolean limited(Node loop) {
        Node query = reader.query(text(loop, "query"), 0);
        Node limit = query == null ? null : query.child("limitCount");
        if (query == null || limit == null || query.text("limitOption").contains("TIES")) {
            return false;
        }
        if (limit.is("ColumnRef")) {
            return reader.around().loop();
        }
        String count = limit.constant();
        return count != null && WHOLE.matcher(count).matches() && Long.parseLong(count) <= BATCH;
    }

    /** SQL that it makes has the values of USING in place of variables. */
    private void dynamic(Node statement, String field, @Nullable String unsure) throws SQLException {
        Variables around = reader.around();
        Set<String> given = new HashSet<>();
        List<Node> values = statement.list("params");
        for (int i = 0; i < values.size(); i++) {
            Node value = query(values.get(i));
            if (value != null && value.all("ColumnRef").stream().anyMatch(name -> varies(name, around))) {
                given.add("$" + (i + 1));
            }
        }
        reader.around(around.within(Set.of(), given, false));
        reader.dynamic(text(statement, field), unsure);
        reader.around(around);
    }

    private static boolean varies(Node column, Variables around) {
        List<String> name = column.names("fields");
        return !name.isEmpty() && around.varying().contains(name.getFirst());
    }

    /** Whether EXIT or CONTINUE names something else than the loop. */
    private static boolean outward(Node exit, Node loop) {
        return exit.has("label") && !exit.text("label").equals(loop.text("label"));
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
        String values = values(query);
        if (values != null) {
            return values;
        }
        Optional<String> called = reader.dependsOnCalls(query);
        if (called.isPresent()) {
            return called.get();
        }
        return !reader.complete() && !query.all("RangeVar").isEmpty()
                ? "what the schema has, and the one at hand may lack some"
                : null;
    }

    /** What decides over the values of the variables that a statement or query names; null when nothing does. */
    private @Nullable String values(Node node) {
        if (source == null) {
            return null;
        }
        if (!node.tag().startsWith("PLpgSQL_")) {
            return names(node) ? source : null;
        }
        for (Node expression : node.all("PLpgSQL_expr")) {
            Node query = query(expression);
            if (query != null && names(query)) {
                return source;
            }
        }
        return null;
    }

    private boolean names(Node query) {
        return query.all("ColumnRef").stream()
                .map(column -> column.names("fields"))
                .anyMatch(name -> !name.isEmpty() && variables.contains(name.getFirst()));
    }

    private void calls(Node expression, @Nullable String unsure) throws SQLException {
        Node query = query(expression);
        if (query != null) {
            reader.calls(query, unsure, values(query));
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
